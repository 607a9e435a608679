//! What is noted about a unit beside its license: taken over, and new.

use crate::ledger::{self, Book, CurrentNotes, Entry, UnitNote};
use airlatch_core::model::{Result, Unit};

use super::ActivationRequest;
use super::planned::KnownUnit;

/// What is noted about the unit of a plan; nothing about a new one, which saves the query.
pub(super) fn noted(book: &dyn Book, known: &KnownUnit) -> Result<CurrentNotes> {
    match &known.latest {
        None => Ok(CurrentNotes::default()),
        Some((entry, latest)) => ledger::notes_since(book, entry.number, latest),
    }
}

/// End user and location: as stated now, else as they were noted last.
pub(super) fn end_user_and_location(
    requested: &ActivationRequest<'_>,
    noted: &CurrentNotes,
) -> [Option<String>; 2] {
    let said = &requested.notes;
    let either = |said: &Option<String>, noted: &Option<String>| said.clone().or_else(|| noted.clone());
    [either(&said.end_user, &noted.end_user), either(&said.location, &noted.location)]
}

/// What is stated about a unit whose license stays as it is, as far as it is new.
pub(super) fn new_note(
    requested: &ActivationRequest<'_>,
    unit: Unit,
    noted: &CurrentNotes,
) -> Option<UnitNote> {
    let new = |said: &Option<String>, noted: &Option<String>| said.clone().filter(|_| said != noted);
    let (end_user, location, comment) = (
        new(&requested.notes.end_user, &noted.end_user),
        new(&requested.notes.location, &noted.location),
        new(&requested.notes.comment, &noted.comment),
    );
    let is_new = end_user.is_some() || location.is_some() || comment.is_some();
    is_new.then_some(UnitNote { unit, end_user, location, comment })
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
