//! The desk of this run: its folder as it was named, and work on its ledger whose result somebody reads.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result};
use airlatch_desk::ledger::Book;
use airlatch_desk::office::{DeskHome, LedgerWriter};
use airlatch_machine::platform::{self, Homes};

use super::args::DeskArgs;
use super::session::Session;

/// The folder of the desk that this run names.
pub(super) fn folder(session: &Session, named: Option<&Path>) -> Result<PathBuf> {
    Homes::new(&session.env, None, named).desk()
}

/// Opens the desk that this run names.
pub(super) fn open(session: &Session, args: &DeskArgs) -> Result<DeskHome> {
    let folder = folder(session, args.desk.as_deref())?;
    DeskHome::open(&session.files, folder, args.actor.as_deref(), session.env.user.as_deref(), session.now)
}

/// Works on the ledger in one transaction; `verb` tells others who keeps them waiting.
pub(super) fn work<T>(
    session: &mut Session,
    desk: &DeskHome,
    verb: &str,
    work: impl FnOnce(&mut dyn Book) -> Result<T>,
) -> Result<T> {
    refuse_lost()?;
    let worked = desk.transact(verb, work)?;
    say_witness(session, worked.witness);
    Ok(worked.value)
}

/// Does work as if it counted, and undoes it.
pub(super) fn try_out<T>(desk: &DeskHome, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
    refuse_lost()?;
    desk.dry_run(work)
}

/// Opens the ledger for work in several transactions.
pub(super) fn writer<'a>(desk: &'a DeskHome, verb: &str) -> Result<LedgerWriter<'a>> {
    refuse_lost()?;
    desk.writer(verb)
}

/// Ends work in several transactions.
pub(super) fn close(session: &mut Session, writer: LedgerWriter<'_>) {
    let witness = writer.close();
    say_witness(session, witness);
}

/// Lets the witness catch up with a run before, where nothing is to be written in this one.
pub(super) fn catch_up(session: &mut Session, desk: &DeskHome, verb: &str) {
    let witness = desk.catch_up(verb);
    say_witness(session, witness);
}

/// A code that nobody reads would be booked for nobody.
fn refuse_lost() -> Result<()> {
    if !platform::stdout_is_lost() {
        return Ok(());
    }
    let what = "nobody reads standard output, what is booked would be lost";
    Err(Error::new(Reason::OutputClosed, what).at("standard output"))
}

fn say_witness(session: &mut Session, error: Option<Error>) {
    if let Some(error) = error {
        session.screen.talk(&format!("note: the witness of the ledger could not be kept: {error}"));
    }
}
