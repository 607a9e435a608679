//! What a unit holds, its licenses, and those it released.

use std::collections::BTreeMap;

use crate::orders::Lines;
use airlatch_core::model::{DocumentId, Error, FeatureName, OrderCode, Reason, Result, Time, Unit};

use super::pool::add_transfers;
use super::{Act, Activation, Book, DeskTimes, Entry, Holder, Query};

/// What a unit took from one code for one product and has neither released nor lost by a reversal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The code.
    pub code: OrderCode,
    /// The quantities it holds.
    pub lines: Lines,
    /// When it first took any of it, counted from its last complete return; a term that [started](super::started_terms)
    /// earlier continues nevertheless.
    pub since: Time,
}

/// What a unit holds of a product, ordered by the first activation from each code.
///
/// # Errors
/// `damaged-ledger`, also if the unit released more than it held; `too-large` if amounts exceed 64 bits, and those of storage.
pub fn holdings(book: &dyn Book, unit: Unit, product: &str) -> Result<Vec<Holding>> {
    holdings_at(book, unit, product, u64::MAX)
}

/// As [`holdings`], but right after the entry with this number.
///
/// # Errors
/// As [`holdings`].
pub fn holdings_at(book: &dyn Book, unit: Unit, product: &str, number: u64) -> Result<Vec<Holding>> {
    let mut holdings: Vec<Holding> = Vec::new();
    let history = history(book, of_unit(unit, product))?;
    if history.is_empty() {
        return Ok(holdings);
    }
    let times = DeskTimes::of(book)?;
    for entry in history.into_iter().take_while(|entry| entry.number <= number) {
        for transfer in &entry.transfers {
            match (transfer.from, transfer.to) {
                (Holder::Unit(_, code), _) => {
                    subtract(&mut holdings, code, &transfer.article, transfer.quantity)?
                }
                (_, Holder::Unit(_, code)) => {
                    let known = holdings.iter().position(|holding| holding.code == code);
                    let at = known.unwrap_or(holdings.len());
                    if at == holdings.len() {
                        holdings.push(Holding { code, lines: Lines::new(), since: times.time(&entry) });
                    }
                    add_transfers(&mut holdings[at].lines, [transfer])?;
                }
                _ => {}
            }
        }
        holdings.retain(|holding| !holding.lines.is_empty());
    }
    Ok(holdings)
}

/// The last activation of a unit that issued a license, including trial licenses; `None` if the license was released.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn latest(book: &dyn Book, unit: Unit, product: &str) -> Result<Option<(Entry, Activation)>> {
    let mut history = history(book, Query { backwards: true, ..of_unit(unit, product) })?.into_iter();
    let told = history.find(|entry| entry.license.is_some() || matches!(entry.act, Act::Released { .. }));
    Ok(told.and_then(activation))
}

/// The last activation of a unit for each of its products, as [`latest`].
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn latest_of_each(book: &dyn Book, unit: Unit) -> Result<BTreeMap<String, (Entry, Activation)>> {
    let mut found = BTreeMap::new();
    for entry in history(book, Query { unit: Some(unit), ..Query::default() })? {
        if let Act::Released { product, .. } = &entry.act {
            found.remove(product);
        } else if entry.license.is_some()
            && let Some((entry, activation)) = activation(entry)
        {
            found.insert(activation.product.clone(), (entry, activation));
        }
    }
    Ok(found)
}

/// The last activation that answered a request with a license, whether released or not.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn answer_to(book: &dyn Book, request: DocumentId) -> Result<Option<(Entry, Activation)>> {
    let query = Query { request: Some(request), backwards: true, ..Query::default() };
    Ok(activations(book, query)?.into_iter().find(|(entry, _)| entry.license.is_some()))
}

/// The entry that released the license of an activation, or a later license of the same unit and product.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn release_entry(book: &dyn Book, entry: &Entry, activation: &Activation) -> Result<Option<Entry>> {
    let query = Query { after: entry.number, limit: 1, ..of_unit(activation.unit, &activation.product) };
    Ok(book.entries(&Query { acts: vec![RELEASED], ..query })?.into_iter().next())
}

/// Whether a unit has had its trial license.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn evaluated(book: &dyn Book, unit: Unit, product: &str) -> Result<bool> {
    Ok(activations(book, of_unit(unit, product))?.iter().any(|(_, activation)| activation.evaluation))
}

/// Whether something was ever charged for a unit; free features and a trial are not.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn charged(book: &dyn Book, unit: Unit, product: &str) -> Result<bool> {
    Ok(activations(book, of_unit(unit, product))?.iter().any(|(entry, _)| !entry.transfers.is_empty()))
}

/// The entries that match `query` and issued a license, with their activations; `query.acts` is ignored.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn activations(book: &dyn Book, query: Query) -> Result<Vec<(Entry, Activation)>> {
    let entries = book.entries(&Query { acts: Act::ISSUING.to_vec(), ..query })?;
    Ok(entries.into_iter().filter_map(activation).collect())
}

const RELEASED: &str = "released";

fn of_unit(unit: Unit, product: &str) -> Query {
    Query { unit: Some(unit), product: Some(product.into()), ..Query::default() }
}

/// The entries that match `query` and issued, released or reversed a license.
fn history(book: &dyn Book, query: Query) -> Result<Vec<Entry>> {
    let acts = Act::ISSUING.into_iter().chain([RELEASED, "reversed"]).collect();
    book.entries(&Query { acts, ..query })
}

fn activation(entry: Entry) -> Option<(Entry, Activation)> {
    match entry.act.clone() {
        Act::Activated(activation) => Some((entry, activation)),
        _ => None,
    }
}

fn subtract(holdings: &mut [Holding], code: OrderCode, article: &FeatureName, quantity: u64) -> Result<()> {
    let holding = holdings.iter_mut().find(|holding| holding.code == code);
    let lines = holding.map(|holding| &mut holding.lines);
    let rest = lines.as_ref().and_then(|lines| lines.get(article)?.checked_sub(quantity));
    let (Some(lines), Some(rest)) = (lines, rest) else {
        let message = format!("a unit released {quantity} of {article} to {code}, more than it held");
        return Err(Error::new(Reason::DamagedLedger, message));
    };
    if rest == 0 {
        lines.remove(article);
    } else {
        lines.insert(article.clone(), rest);
    }
    Ok(())
}
