//! Reprints a license from its stored bytes.

use crate::ledger::{self, Activation, Book, Entry, Query, Reversal};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::model::{Cause, DocumentId, License, Result, Unit};

use super::Operator;
use super::operator::{not_booked, released};

/// Selects a license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenseSelector {
    /// The one with this id.
    License(DocumentId),
    /// The one that answered this request.
    Request(DocumentId),
    /// The current one of this unit for a product.
    Unit(Unit, String),
}

/// A stored license with its bytes.
///
/// # Errors
/// `not-booked`, `released` if it was released, `damaged-ledger` if the stored bytes don't verify.
pub fn reprint(
    operator: &Operator<'_>,
    book: &dyn Book,
    which: &LicenseSelector,
) -> Result<(Verified<License>, Sealed)> {
    let found = match which {
        LicenseSelector::License(id) => issued(book, *id)?,
        LicenseSelector::Request(id) => ledger::answer_to(book, *id)?,
        LicenseSelector::Unit(unit, product) => match ledger::latest(book, *unit, product)? {
            Some(latest) => Some(latest),
            None => last_license(book, *unit, product)?,
        },
    };
    let unknown = || match which {
        LicenseSelector::License(id) => not_booked(Cause::NoLicense, "license", id),
        LicenseSelector::Request(id) => not_booked(Cause::NoLicense, "answer to the request", id),
        LicenseSelector::Unit(unit, product) => {
            not_booked(Cause::NoUnit, &format!("license of `{product}` for"), unit)
        }
    };
    let (entry, activation) = found.ok_or_else(unknown)?;
    match ledger::release_entry(book, &entry, &activation)? {
        Some(back) => Err(released("this license was released", &activation.product, &entry, &back)),
        None => operator.stored(book, &entry),
    }
}

/// The entry that reversed a license, if it is to be replaced.
///
/// # Errors
/// Those of the ledger.
pub fn reversal_of(book: &dyn Book, license: DocumentId) -> Result<Option<(Entry, Reversal)>> {
    match book.license(license)? {
        Some(stored) => Ok(ledger::reversals(book, stored.entry)?.pop()),
        None => Ok(None),
    }
}

/// The activation that issued a license.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub(super) fn issued(book: &dyn Book, license: DocumentId) -> Result<Option<(Entry, Activation)>> {
    let Some(stored) = book.license(license)? else { return Ok(None) };
    let query = Query { after: stored.entry - 1, limit: 1, ..Query::default() };
    // The id may be that of a receipt or clock reset, which are stored in the same table.
    let found = ledger::activations(book, query)?.into_iter().next();
    Ok(found.filter(|(entry, _)| entry.number == stored.entry))
}

/// Whether the ledger issued the license `earlier` to this unit for this product, and before `new`, or before now without one.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn is_earlier(
    book: &dyn Book,
    earlier: DocumentId,
    unit: Unit,
    product: &str,
    new: Option<DocumentId>,
) -> Result<bool> {
    let Some((entry, activation)) = issued(book, earlier)? else { return Ok(false) };
    if activation.unit != unit || activation.product != product {
        return Ok(false);
    }
    let Some(new) = new else { return Ok(true) };
    Ok(issued(book, new)?.is_some_and(|(later, _)| later.number > entry.number))
}

/// The last license of a unit, even if it was released.
fn last_license(book: &dyn Book, unit: Unit, product: &str) -> Result<Option<(Entry, Activation)>> {
    let query =
        Query { unit: Some(unit), product: Some(product.into()), backwards: true, ..Query::default() };
    Ok(ledger::activations(book, query)?.into_iter().find(|(entry, _)| entry.license.is_some()))
}
