//! Plans and books the reversal of any entry, and finds reversals.

use crate::desk::Operator;
use crate::desk::operator::not_booked;
use crate::ledger::{self, Act, Book, Entry, Query, Reversal};
use airlatch_core::model::{Cause, OrderCode, Result};

use super::planned::{PlannedReversal, Undone};
use super::refusal::refuse_reversed;
use super::{booking, license};

/// Plans the reversal of the entry with this number.
///
/// # Errors
/// `not-booked` if there is no such entry; `not-reversible` if it was reversed already, if later entries depend on it, or if its
/// kind is never reversed; those of the ledger.
pub fn plan_reversal(
    operator: &Operator<'_>,
    book: &dyn Book,
    number: u64,
    because: &str,
) -> Result<PlannedReversal> {
    let entry = entry(book, number)?;
    let earlier = ledger::reversals(book, number)?;
    let undone = match &entry.act {
        Act::Activated(activation) => license::undone(operator, book, &entry, activation, &earlier)?,
        _ => {
            refuse_reversed(&entry, &earlier)?;
            booking::undone(book, &entry)?
        }
    };
    operator.time(book)?;
    let Undone { of, transfers, remaining, license, notes } = undone;
    let reversal = Reversal { entry: number, of, because: because.to_owned() };
    Ok(PlannedReversal { entry, reversal, transfers, remaining, license, notes, booked: None })
}

/// Books a reversal.
///
/// # Errors
/// As [`plan_reversal`]; then nothing was booked.
pub fn reverse(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    number: u64,
    because: &str,
) -> Result<PlannedReversal> {
    let planned = plan_reversal(operator, book, number, because)?;
    let act = Act::Reversed(planned.reversal.clone());
    let entry = operator.post(book, act, planned.transfers.clone(), None)?;
    Ok(PlannedReversal { booked: Some((entry.number, entry.time)), ..planned })
}

/// The corrections and reversals of what is booked about a code, in order.
///
/// # Errors
/// Those of the ledger.
pub fn corrections(book: &dyn Book, code: OrderCode) -> Result<Vec<Entry>> {
    let acts = vec!["corrected", "reversed"];
    let mut found = book.entries(&Query { acts: acts.clone(), code: Some(code), ..Query::default() })?;
    found.extend(book.entries(&Query { acts, parent: Some(code), ..Query::default() })?);
    found.sort_by_key(|entry| entry.number);
    Ok(found)
}

fn entry(book: &dyn Book, number: u64) -> Result<Entry> {
    book.entry(number)?.ok_or_else(|| not_booked(Cause::NoEntry, "entry", number))
}
