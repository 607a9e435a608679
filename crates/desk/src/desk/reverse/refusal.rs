//! The errors for entries that can't be reversed.

use crate::ledger::{Entry, Reversal};
use airlatch_core::model::{Cause, Error, Reason, Result, Subject};

/// Refuses an entry that was reversed already.
pub(super) fn refuse_reversed(entry: &Entry, earlier: &[(Entry, Reversal)]) -> Result<()> {
    let Some((by, reversal)) = earlier.last() else { return Ok(()) };
    let message = format!("entry {} was reversed already", entry.number);
    Err(not_reversible(Cause::AlreadyReversed, message)
        .detail(named(by))
        .detail(format!("because  {}", reversal.because)))
}

/// The error for an entry that can't be reversed.
pub(super) fn not_reversible(cause: Cause, message: String) -> Error {
    Error::new(Reason::NotReversible, message).because(cause)
}

/// An entry as an error names it.
pub(super) fn named(entry: &Entry) -> String {
    format!("entry {}  {}, {}, by {}", entry.number, entry.act.word(), entry.time, entry.actor)
}

/// The error for an entry on which others depend; `cause` says whether those can be reversed.
pub(super) fn depended_on(number: u64, others: &[Entry], cause: Cause) -> Error {
    let message = format!("later entries depend on entry {number}");
    let error = others.iter().map(named).fold(not_reversible(cause, message), Error::detail);
    // The last one has to be reversed first.
    others.last().map(|last| Subject::Entry(last.number)).map_or(error.clone(), |last| error.about(last))
}
