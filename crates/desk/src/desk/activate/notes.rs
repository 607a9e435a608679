//! What is noted about a unit beside its license: taken over, and new.

use crate::ledger::{self, Book, Entry, UnitNote};
use airlatch_core::model::{Result, Unit};

use super::ActivationRequest;
use super::planned::KnownUnit;

/// End user and location: as stated now, else as they were noted last.
pub(super) fn end_user_and_location(
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    known: &KnownUnit,
    product: &str,
) -> Result<[Option<String>; 2]> {
    let said = &requested.notes;
    // Saves queries for new units.
    let noted = match known.latest {
        None => ledger::CurrentNotes::default(),
        Some(_) => ledger::current_notes(book, known.unit, product)?,
    };
    Ok([said.end_user.clone().or(noted.end_user), said.location.clone().or(noted.location)])
}

/// What is stated about a unit whose license stays as it is, as far as it is new.
pub(super) fn new_note(
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    unit: Unit,
    product: &str,
) -> Result<Option<UnitNote>> {
    let noted = ledger::current_notes(book, unit, product)?;
    let new = |said: &Option<String>, noted: &Option<String>| said.clone().filter(|_| said != noted);
    let (end_user, location, comment) = (
        new(&requested.notes.end_user, &noted.end_user),
        new(&requested.notes.location, &noted.location),
        new(&requested.notes.comment, &noted.comment),
    );
    let is_new = end_user.is_some() || location.is_some() || comment.is_some();
    Ok(is_new.then_some(UnitNote { unit, end_user, location, comment }))
}

/// The note on an existing license that was reversed.
pub(super) fn note_of_reversal(book: &dyn Book, entry: &Entry) -> Result<Option<String>> {
    let reversed = ledger::reversals(book, entry.number)?.pop();
    Ok(reversed.map(|(by, reversal)| {
        format!(
            "this license is to be replaced: entry {} reversed it, because: {}",
            by.number, reversal.because
        )
    }))
}
