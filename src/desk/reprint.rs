//! Printing a license again: the bytes that were signed then.

use crate::crypto::{Sealed, Verified};
use crate::ledger::{self, Book, Entry};
use crate::model::{DocumentId, License, Result, Unit};

use super::Clerk;
use super::clerk::not_booked;

/// Which license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The one with this id.
    License(DocumentId),
    /// The one that answered this request.
    Request(DocumentId),
    /// The one this unit goes by, for a product.
    Unit(Unit, String),
}

/// A license with its bytes.
///
/// # Errors
/// `not-booked`, and `damaged-ledger` when what is stored is not what was signed.
pub fn reprint(clerk: &Clerk<'_>, book: &dyn Book, which: &Which) -> Result<(Verified<License>, Sealed)> {
    let entry = match which {
        Which::License(id) => {
            let stored = book.license(*id)?.ok_or_else(|| not_booked("license", id))?;
            let query = ledger::Query { after: stored.entry - 1, limit: 1, ..ledger::Query::default() };
            book.entries(&query)?.into_iter().next()
        }
        Which::Request(id) => ledger::answer_to(book, *id)?.map(|(entry, _)| entry),
        Which::Unit(unit, product) => ledger::latest(book, *unit, product)?.map(|(entry, _)| entry),
    };
    let unknown = || match which {
        Which::License(id) => not_booked("license", id),
        Which::Request(id) => not_booked("answer to the request", id),
        Which::Unit(unit, product) => not_booked(&format!("license of `{product}` for"), unit),
    };
    clerk.stored(book, &entry.ok_or_else(unknown)?)
}

/// The license of an entry.
///
/// # Errors
/// `damaged-ledger`.
pub fn license_of(clerk: &Clerk<'_>, book: &dyn Book, entry: &Entry) -> Result<Verified<License>> {
    Ok(clerk.stored(book, entry)?.0)
}
