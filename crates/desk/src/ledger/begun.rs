//! Which seats of a code were never activated, and when the term of those that were given back began.

use std::collections::BTreeMap;

use crate::orders::Lines;
use airlatch_core::model::{FeatureName, OrderCode, Result, Time, Unit};

use super::pool::add;
use super::{Book, Holder, Query};

/// A code that got something back: a seat whose term has begun keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BegunTerms {
    /// What was never activated; an activation, or a part that is passed on, takes of it first.
    fresh: Lines,
    /// Since when the first of those that gave an article back had it.
    back: BTreeMap<FeatureName, Time>,
    /// When the term of each unit began that ever took anything.
    units: BTreeMap<Unit, Time>,
}

impl BegunTerms {
    /// When the term of a unit began, whether it holds something now or gave all of it back.
    pub fn since(&self, unit: Unit) -> Option<Time> {
        self.units.get(&unit).copied()
    }

    /// When the term of what was given back of an article began; `None` where nothing was.
    pub fn back(&self, article: &FeatureName) -> Option<Time> {
        self.back.get(article).copied()
    }

    /// When the term of so many of an article began, where not all of them are fresh.
    pub fn term(&self, article: &FeatureName, quantity: u64) -> Option<Time> {
        self.back(article).filter(|_| quantity > self.fresh(article))
    }

    /// Takes so many of an article.
    pub fn take(&mut self, article: &FeatureName, quantity: u64) {
        let rest = self.fresh(article).saturating_sub(quantity);
        self.fresh.insert(article.clone(), rest);
    }

    fn fresh(&self, article: &FeatureName) -> u64 {
        self.fresh.get(article).copied().unwrap_or_default()
    }
}

/// What was given back to a code, told by all of its entries; `None` where nothing ever was, which one question tells.
///
/// # Errors
/// `damaged-ledger`, `too-large` when amounts don't add up in 64 bits, and those of storage.
pub fn begun(book: &dyn Book, code: OrderCode) -> Result<Option<BegunTerms>> {
    let of_code = Query { pool: Some(code), ..Query::default() };
    let back = Query { acts: vec!["released"], limit: 1, ..of_code.clone() };
    if book.entries(&back)?.is_empty() {
        return Ok(None);
    }
    let mut begun = BegunTerms::default();
    let pool = Holder::Pool(code);
    for entry in book.entries(&of_code)? {
        for transfer in &entry.transfers {
            let (article, quantity) = (&transfer.article, transfer.quantity);
            match (transfer.from, transfer.to) {
                (from, Holder::Unit(unit, _)) if from == pool => {
                    let since = begun.term(article, quantity).unwrap_or(entry.time);
                    begun.take(article, quantity);
                    let known = begun.units.entry(unit).or_insert(since);
                    *known = since.min(*known);
                }
                (Holder::Unit(unit, _), to) if to == pool => {
                    let since = begun.since(unit).unwrap_or(entry.time);
                    let known = begun.back.entry(article.clone()).or_insert(since);
                    *known = since.min(*known);
                }
                (from, _) if from == pool => begun.take(article, quantity),
                (_, to) if to == pool => add(&mut begun.fresh, [transfer])?,
                _ => {}
            }
        }
    }
    Ok(Some(begun))
}
