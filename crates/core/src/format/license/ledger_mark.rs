//! Reads and writes the table `ledger` of a license.

use serde::Serialize;

use crate::format::fields::{Fields, Unknown};
use crate::format::wire::Hex;
use crate::model::{LedgerMark, MAX_QUANTITY, Result, hex};

/// Reads the table; returns the mark and the unknown fields.
pub(super) fn mark_from_wire(mut fields: Fields) -> Result<(LedgerMark, Unknown)> {
    let Hex(ledger) = fields.needed("id")?;
    let number = fields.number("entry").and_then(|number| fields.must("entry", number))? as u64;
    if number > MAX_QUANTITY {
        return Err(fields.bad("entry", format!("the number of an entry is at most {MAX_QUANTITY}")));
    }
    let Hex(hash) = fields.needed("head")?;
    Ok((LedgerMark { ledger, number, hash }, fields.rest()))
}

/// The table of a mark.
#[derive(Serialize)]
pub(super) struct WireMark {
    id: String,
    entry: u64,
    head: String,
}

impl WireMark {
    pub(super) fn of(mark: &LedgerMark) -> Self {
        Self { id: hex::write(&mark.ledger), entry: mark.number, head: hex::write(&mark.hash) }
    }
}
