//! Notes end user, location and comment of a unit, without a license.

use crate::ledger::{self, Act, Book, CurrentNotes, Entry, Query, UnitNote};
use airlatch_core::model::{Cause, Error, Reason, Result, Unit};

use super::Operator;
use super::operator::not_booked;

/// Notes something about a unit that has or had a license; `None` if all of it is noted already.
///
/// # Errors
/// `not-booked` for a unit without a license, `bad-field` if nothing is noted.
pub fn note_unit(operator: &Operator<'_>, book: &mut dyn Book, note: UnitNote) -> Result<Option<Entry>> {
    if (&note.end_user, &note.location, &note.comment) == (&None, &None, &None) {
        return Err(Error::new(Reason::BadField, "name an end user, a location or a comment to note"));
    }
    let unit = note.unit;
    if ledger::activations(book, Query { unit: Some(unit), limit: 1, ..Query::default() })?.is_empty() {
        return Err(not_booked(Cause::NoUnit, "license for the unit", unit));
    }
    let known = current(book, unit)?;
    let is_known = |said: &Option<String>, known: Vec<&Option<String>>| {
        said.is_none() || !known.is_empty() && known.iter().all(|known| *known == said)
    };
    if is_known(&note.end_user, known.iter().map(|it| &it.end_user).collect())
        && is_known(&note.location, known.iter().map(|it| &it.location).collect())
        && is_known(&note.comment, known.iter().map(|it| &it.comment).collect())
    {
        return Ok(None);
    }
    operator.post(book, Act::Noted(note), Vec::new(), None).map(Some)
}

/// The notes of a unit for each product it is licensed for.
///
/// # Errors
/// Those of the ledger.
pub fn current(book: &dyn Book, unit: Unit) -> Result<Vec<CurrentNotes>> {
    let products = ledger::latest_of_each(book, unit)?;
    products.keys().map(|product| ledger::current_notes(book, unit, product)).collect()
}
