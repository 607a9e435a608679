//! What a unit holds, the licenses it got, and those it gave back.

use std::collections::BTreeMap;

use crate::orders::Lines;
use airlatch_core::model::{DocumentId, Error, FeatureName, OrderCode, Reason, Result, Time, Unit};

use super::pool::add;
use super::{Act, Activation, Book, Entry, Holder, Query};

/// What a unit took from one code for one product, and did not give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The code.
    pub code: OrderCode,
    /// What it holds, all in all.
    pub lines: Lines,
    /// When it first took any of it, after it gave everything back if it did; a term that [began](super::begun) earlier goes
    /// on all the same.
    pub since: Time,
}

/// What a unit holds of a product, the code it took from first coming first.
///
/// # Errors
/// `damaged-ledger`, also when it gave back more than it held; `too-large` when amounts don't add up in 64 bits, and those
/// of storage.
pub fn holdings(book: &dyn Book, unit: Unit, product: &str) -> Result<Vec<Holding>> {
    holdings_at(book, unit, product, u64::MAX)
}

/// What a unit held of a product after the entry with this number, as [`holdings`].
///
/// # Errors
/// As [`holdings`].
pub fn holdings_at(book: &dyn Book, unit: Unit, product: &str, number: u64) -> Result<Vec<Holding>> {
    let mut holdings: Vec<Holding> = Vec::new();
    let history = history(book, of_unit(unit, product))?;
    for entry in history.into_iter().take_while(|entry| entry.number <= number) {
        for transfer in &entry.transfers {
            match (transfer.from, transfer.to) {
                (Holder::Unit(_, code), _) => {
                    take_off(&mut holdings, code, &transfer.article, transfer.quantity)?
                }
                (_, Holder::Unit(_, code)) => {
                    let known = holdings.iter().position(|holding| holding.code == code);
                    let at = known.unwrap_or(holdings.len());
                    if at == holdings.len() {
                        holdings.push(Holding { code, lines: Lines::new(), since: entry.time });
                    }
                    add(&mut holdings[at].lines, [transfer])?;
                }
                _ => {}
            }
        }
        holdings.retain(|holding| !holding.lines.is_empty());
    }
    Ok(holdings)
}

/// The last activation of a unit that gave it a license, for trying out or not; `None` where it was given back.
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

/// The last activation that answered a request with a license, given back or not.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn answer_to(book: &dyn Book, request: DocumentId) -> Result<Option<(Entry, Activation)>> {
    let query = Query { request: Some(request), backwards: true, ..Query::default() };
    Ok(activations(book, query)?.into_iter().find(|(entry, _)| entry.license.is_some()))
}

/// The entry by which the license of an activation was given back: by itself, or together with a later one of its unit.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn given_back(book: &dyn Book, entry: &Entry, activation: &Activation) -> Result<Option<Entry>> {
    let query = Query { after: entry.number, limit: 1, ..of_unit(activation.unit, &activation.product) };
    Ok(book.entries(&Query { acts: vec![RELEASED], ..query })?.into_iter().next())
}

/// Whether a unit has had its license for trying out.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn evaluated(book: &dyn Book, unit: Unit, product: &str) -> Result<bool> {
    Ok(activations(book, of_unit(unit, product))?.iter().any(|(_, activation)| activation.evaluation))
}

/// The entries that issued a license and fit `query`, whose acts don't matter, with what each was about.
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

/// The entries that issued a license or took one back, and fit `query`.
fn history(book: &dyn Book, query: Query) -> Result<Vec<Entry>> {
    let acts = Act::ISSUING.into_iter().chain([RELEASED]).collect();
    book.entries(&Query { acts, ..query })
}

fn activation(entry: Entry) -> Option<(Entry, Activation)> {
    match entry.act.clone() {
        Act::Activated(activation) => Some((entry, activation)),
        _ => None,
    }
}

fn take_off(holdings: &mut [Holding], code: OrderCode, article: &FeatureName, quantity: u64) -> Result<()> {
    let holding = holdings.iter_mut().find(|holding| holding.code == code);
    let lines = holding.map(|holding| &mut holding.lines);
    let rest = lines.as_ref().and_then(|lines| lines.get(article)?.checked_sub(quantity));
    let (Some(lines), Some(rest)) = (lines, rest) else {
        let what = format!("a unit gave back {quantity} of {article} to {code}, more than it held");
        return Err(Error::new(Reason::DamagedLedger, what));
    };
    if rest == 0 {
        lines.remove(article);
    } else {
        lines.insert(article.clone(), rest);
    }
    Ok(())
}
