//! What is noted about a unit: by its last license, and by later notes.

use airlatch_core::model::{Result, Unit};

use super::{Act, Activation, Book, Query, units};

/// End user, location and comment of a unit as they are now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CurrentNotes {
    /// The end user.
    pub end_user: Option<String>,
    /// The location.
    pub location: Option<String>,
    /// The last comment.
    pub comment: Option<String>,
}

/// The notes of a unit: those of its last license of the product, changed by each later note.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn current_notes(book: &dyn Book, unit: Unit, product: &str) -> Result<CurrentNotes> {
    match units::latest(book, unit, product)? {
        Some((entry, latest)) => notes_since(book, entry.number, &latest),
        None => later_notes(book, unit, 0, CurrentNotes::default()),
    }
}

/// The same for the last license of a unit, by the entry with this number.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn notes_since(book: &dyn Book, number: u64, latest: &Activation) -> Result<CurrentNotes> {
    let Activation { end_user, location, comment, .. } = latest.clone();
    later_notes(book, latest.unit, number, CurrentNotes { end_user, location, comment })
}

fn later_notes(book: &dyn Book, unit: Unit, after: u64, mut found: CurrentNotes) -> Result<CurrentNotes> {
    let query = Query { acts: vec!["noted"], unit: Some(unit), after, ..Query::default() };
    for entry in book.entries(&query)? {
        let Act::Noted(note) = entry.act else { continue };
        found.end_user = note.end_user.or(found.end_user);
        found.location = note.location.or(found.location);
        found.comment = note.comment.or(found.comment);
    }
    Ok(found)
}
