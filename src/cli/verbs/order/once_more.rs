//! The question before the same is booked a second time within minutes, as by a rerun of a command that was interrupted.

use anyhow::Result;

use crate::cli::proposal::UNCHANGED;
use crate::cli::session::Session;

/// Says what was booked just now, and asks; --yes does not answer that. A dry run only says it.
pub(super) fn once_more(
    session: &mut Session,
    what: &str,
    question: &str,
    again: bool,
    dry_run: bool,
) -> Result<()> {
    session.screen.talk(&format!("note: {what}"));
    if dry_run { Ok(()) } else { session.confirm_by("--again", question, again, UNCHANGED) }
}
