//! When terms that are a length have started: per unit, and for articles that came back to a code from a unit.

use std::collections::BTreeMap;

use crate::orders::Lines;
use airlatch_core::model::{FeatureName, OrderCode, Result, Time, Unit};

use super::pool::add_transfers;
use super::{Act, Book, DeskTimes, Entry, Holder, Query, Reversal, Reversed};

/// The started terms of a code to which something came back from a unit, by a release or the reversal of a license: it keeps
/// the term that has started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartedTerms {
    /// Quantities never activated; activations and parts that are passed on take from these first.
    unused: Lines,
    /// The earliest start of the term for each released article.
    released: BTreeMap<FeatureName, Time>,
    /// The start of the term for each unit that ever took something.
    units: BTreeMap<Unit, Time>,
}

impl StartedTerms {
    /// When the term of a unit started, whether it still holds something or released everything.
    pub fn start_for_unit(&self, unit: Unit) -> Option<Time> {
        self.units.get(&unit).copied()
    }

    /// When the term of an article that was released started; `None` if none was released.
    pub fn start_of_released(&self, article: &FeatureName) -> Option<Time> {
        self.released.get(article).copied()
    }

    /// When the term of the next `quantity` of an article started; `None` if none of them was ever activated.
    pub fn start_of_next(&self, article: &FeatureName, quantity: u64) -> Option<Time> {
        self.start_of_released(article).filter(|_| quantity > self.unused(article))
    }

    /// Takes a quantity of an article from the code.
    pub fn take(&mut self, article: &FeatureName, quantity: u64) {
        let rest = self.unused(article).saturating_sub(quantity);
        self.unused.insert(article.clone(), rest);
    }

    /// How much of an article was never activated.
    pub fn unused(&self, article: &FeatureName) -> u64 {
        self.unused.get(article).copied().unwrap_or_default()
    }
}

/// The started terms of a code, computed from all its entries; `None` if nothing ever came back to it, found by two queries.
///
/// # Errors
/// `damaged-ledger`, `too-large` if amounts exceed 64 bits, and those of storage.
pub fn started_terms(book: &dyn Book, code: OrderCode) -> Result<Option<StartedTerms>> {
    let of_code = Query { pool: Some(code), ..Query::default() };
    let releases = Query { acts: vec!["released"], limit: 1, ..of_code.clone() };
    if book.entries(&releases)?.is_empty() && !has_reversed_licenses(book, code)? {
        return Ok(None);
    }
    let times = DeskTimes::of(book)?;
    let mut terms = StartedTerms::default();
    let mut cancelled = Lines::new();
    let pool = Holder::Pool(code);
    for entry in book.entries(&of_code)? {
        let time = times.time(&entry);
        if let Act::Cancelled { .. } = entry.act {
            cancelled = std::mem::take(&mut terms.unused);
            continue;
        }
        if is_reversed_cancellation(&entry) {
            // What came back from a unit before the cancellation is no less used after it was reversed.
            terms.unused = std::mem::take(&mut cancelled);
            continue;
        }
        for transfer in &entry.transfers {
            let (article, quantity) = (&transfer.article, transfer.quantity);
            match (transfer.from, transfer.to) {
                (from, Holder::Unit(unit, _)) if from == pool => {
                    let start = terms.start_of_next(article, quantity).unwrap_or(time);
                    terms.take(article, quantity);
                    let known = terms.units.entry(unit).or_insert(start);
                    *known = start.min(*known);
                }
                (Holder::Unit(unit, _), to) if to == pool => {
                    let start = terms.start_for_unit(unit).unwrap_or(time);
                    let known = terms.released.entry(article.clone()).or_insert(start);
                    *known = start.min(*known);
                }
                (from, _) if from == pool => terms.take(article, quantity),
                (_, to) if to == pool => add_transfers(&mut terms.unused, [transfer])?,
                _ => {}
            }
        }
    }
    Ok(Some(terms))
}

/// Whether the reversal of a license returned something to this code. Few entries are reversals.
fn has_reversed_licenses(book: &dyn Book, code: OrderCode) -> Result<bool> {
    let reversals = book.entries(&Query { acts: vec!["reversed"], ..Query::default() })?;
    Ok(reversals.iter().any(|entry| entry.returns_to(code)))
}

fn is_reversed_cancellation(entry: &Entry) -> bool {
    matches!(&entry.act, Act::Reversed(Reversal { of: Reversed::Cancellation { .. }, .. }))
}
