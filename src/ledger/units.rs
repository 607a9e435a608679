//! What a unit holds, and the licenses it got.

use crate::model::{DocumentId, Lines, OrderCode, Result, Time, Unit};

use super::pool::add;
use super::{Act, Activation, Book, Entry, Holder, Query};

/// What a unit took from one code for one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The code.
    pub code: OrderCode,
    /// What it took, all in all.
    pub lines: Lines,
    /// When it first took any; a length of time begins there.
    pub since: Time,
}

/// What a unit holds of a product, the code it took from first coming first.
///
/// # Errors
/// `damaged-ledger`, `too-large` when amounts don't add up in 64 bits, and those of storage.
pub fn holdings(book: &dyn Book, unit: Unit, product: &str) -> Result<Vec<Holding>> {
    let mut holdings: Vec<Holding> = Vec::new();
    for (entry, _) in activations(book, of_unit(unit, product))? {
        for transfer in &entry.transfers {
            let Holder::Unit(_, code) = transfer.to else { continue };
            let at = holdings.iter().position(|holding| holding.code == code).unwrap_or(holdings.len());
            if at == holdings.len() {
                holdings.push(Holding { code, lines: Lines::new(), since: entry.time });
            }
            add(&mut holdings[at].lines, [transfer])?;
        }
    }
    Ok(holdings)
}

/// The last activation of a unit that gave it a license, for trying out or not.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn latest(book: &dyn Book, unit: Unit, product: &str) -> Result<Option<(Entry, Activation)>> {
    last_license(book, of_unit(unit, product))
}

/// The last activation that answered a request with a license.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn answer_to(book: &dyn Book, request: DocumentId) -> Result<Option<(Entry, Activation)>> {
    last_license(book, Query { request: Some(request), ..Query::default() })
}

/// Whether a unit has had its license for trying out.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn evaluated(book: &dyn Book, unit: Unit, product: &str) -> Result<bool> {
    Ok(activations(book, of_unit(unit, product))?.iter().any(|(_, activation)| activation.evaluation))
}

fn of_unit(unit: Unit, product: &str) -> Query {
    Query { unit: Some(unit), product: Some(product.into()), ..Query::default() }
}

fn last_license(book: &dyn Book, query: Query) -> Result<Option<(Entry, Activation)>> {
    let mut found = activations(book, Query { backwards: true, ..query })?.into_iter();
    Ok(found.find(|(entry, _)| entry.license.is_some()))
}

/// The entries that issued a license and fit `query`, whose acts don't matter, with what each was about.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn activations(book: &dyn Book, query: Query) -> Result<Vec<(Entry, Activation)>> {
    let entries = book.entries(&Query { acts: Act::ISSUING.to_vec(), ..query })?;
    let activation = |entry: Entry| match entry.act.clone() {
        Act::Activated(activation) => Some((entry, activation)),
        _ => None,
    };
    Ok(entries.into_iter().filter_map(activation).collect())
}
