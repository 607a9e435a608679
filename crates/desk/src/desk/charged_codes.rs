//! The codes that an issued license is charged to.

use crate::ledger::{self, Book};
use airlatch_core::model::{DocumentId, OrderCode, Result};

use super::reprint::issued;

/// The codes from which the unit of a license holds something of its product; none for a license of another ledger, and for one
/// that was not charged.
///
/// # Errors
/// Those of the ledger.
pub fn charged_codes(book: &dyn Book, license: DocumentId) -> Result<Vec<OrderCode>> {
    let Some((_, activation)) = issued(book, license)? else { return Ok(Vec::new()) };
    let held = ledger::holdings(book, activation.unit, &activation.product)?;
    Ok(held.into_iter().map(|holding| holding.code).collect())
}
