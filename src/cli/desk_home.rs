//! The desk of this run: finds its folder, and opens its ledger only while standard output can still be written.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Place, Reason, Result};
use airlatch_desk::ledger::Book;
use airlatch_desk::office::{DeskHome, LedgerWriter};
use airlatch_machine::platform::{self, Homes};

use super::args::DeskArgs;
use super::session::Session;

/// The desk folder: the one named, else that of the environment or the user.
pub(super) fn folder(session: &Session, named: Option<&Path>) -> Result<PathBuf> {
    Homes::new(&session.env, None, named).desk()
}

/// Opens the desk of this run.
pub(super) fn open(session: &Session, args: &DeskArgs) -> Result<DeskHome> {
    open_for(session, args.desk.as_deref(), args.actor.as_deref())
}

/// The desk of this run, for a verb that works without one too.
pub(super) fn if_any(session: &Session, named: Option<&Path>) -> Option<DeskHome> {
    open_for(session, named, None).ok()
}

fn open_for(session: &Session, named: Option<&Path>, actor: Option<&str>) -> Result<DeskHome> {
    let folder = folder(session, named)?;
    let user = session.env.user.clone().or_else(platform::user_name);
    DeskHome::open(&session.files, folder, actor, user.as_deref(), session.now)
}

/// Runs `work` on the ledger in one transaction; `verb` names this run to other processes that wait for the lock.
pub(super) fn work<T>(
    session: &mut Session,
    desk: &DeskHome,
    verb: &str,
    work: impl FnOnce(&mut dyn Book) -> Result<T>,
) -> Result<T> {
    refuse_closed_stdout()?;
    let worked = desk.transact(verb, work)?;
    warn_of_witness(session, worked.witness);
    Ok(worked.value)
}

/// Runs `work` in a transaction that is rolled back.
pub(super) fn dry_run<T>(desk: &DeskHome, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
    refuse_closed_stdout()?;
    desk.dry_run(work)
}

/// Opens the ledger for several transactions; `verb` as in [`work`].
pub(super) fn writer<'a>(desk: &'a DeskHome, verb: &str) -> Result<LedgerWriter<'a>> {
    refuse_closed_stdout()?;
    desk.writer(verb)
}

/// Closes the ledger after several transactions.
pub(super) fn close(session: &mut Session, writer: LedgerWriter<'_>) {
    let witness = writer.close();
    warn_of_witness(session, witness);
}

/// Updates the witness after an earlier run that could not, when this run writes no entry itself.
pub(super) fn catch_up(session: &mut Session, desk: &DeskHome, verb: &str) {
    let witness = desk.catch_up(verb);
    warn_of_witness(session, witness);
}

/// Refuses to book when standard output is closed: the authorization code that was booked would be lost.
fn refuse_closed_stdout() -> Result<()> {
    if !platform::stdout_is_lost() {
        return Ok(());
    }
    let what = "standard output is closed, so the result of the booking would be lost";
    Err(Error::new(Reason::OutputClosed, what).at(Place::Output))
}

fn warn_of_witness(session: &mut Session, error: Option<Error>) {
    if let Some(error) = error {
        session.screen.talk(&format!("note: the witness of the ledger could not be updated: {error}"));
    }
}
