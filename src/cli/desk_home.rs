//! The desk of this run: finds its folder, and opens its ledger only while standard output can still be written.

use std::path::{Path, PathBuf};

use airlatch_core::format::{self, limits};
use airlatch_core::model::{Error, Place, Reason, Result, Time};
use airlatch_desk::desk::{self, ClockState};
use airlatch_desk::ledger::Book;
use airlatch_desk::office::{DeskHome, LedgerWriter};
use airlatch_machine::platform::{self, Homes};

use super::args::{ClockArgs, DeskArgs};
use super::proposal::UNCHANGED;
use super::session::Session;
use crate::view::when;

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

/// Opens the desk of a run that books something. A clock far from the last entry is said, and asked for where somebody can
/// answer; elsewhere the booking is refused, if there is one.
pub(super) fn open_to_book(
    session: &mut Session,
    args: &DeskArgs,
    clock: &ClockArgs,
) -> anyhow::Result<DeskHome> {
    let desk = open(session, args)?;
    desk.refuse_hidden_keys()?;
    format::check_text("--clock-override", clock.clock_override.as_deref(), limits::TEXT_FIELD)?;
    let operator = desk.operator();
    let mut is_right = clock.clock_is_right;
    match desk.read(|book| desk::clock_state(&operator, book))? {
        ClockState::FarAhead(last) if !is_right && !session.screen.is_json() => {
            let days = last.days_until(session.now);
            let question = format!(
                "The last entry of the ledger is from {}, {days} days before this clock. Is the clock right?",
                when::at(last, session.now)
            );
            match session.confirm_by("--clock-is-right", &question, false, UNCHANGED) {
                Err(error) if is_no_terminal(&error) => {}
                answer => {
                    answer?;
                    is_right = true;
                }
            }
        }
        ClockState::Behind(last) if clock.clock_override.is_some() => note_override(session, last),
        ClockState::Overridden(last) => note_override(session, last),
        _ => {}
    }
    Ok(desk.with_clock(is_right, clock.clock_override.clone()))
}

fn note_override(session: &mut Session, last: Time) {
    let last = when::at(last, session.now);
    session
        .screen
        .talk(&format!("note: the last entry of the ledger is from {last}: this is booked right after it"));
}

fn is_no_terminal(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Error>().is_some_and(|error| error.reason() == Reason::NoTerminal)
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

/// Says that what was asked for is booked already, so that nothing is; the interrupted run that did it may have left the witness
/// behind.
pub(super) fn already(session: &mut Session, desk: &DeskHome, verb: &str, dry_run: bool, what: &str) {
    session.screen.talk(&format!("note: {what}: nothing was changed"));
    if !dry_run {
        catch_up(session, desk, verb);
    }
}

/// Refuses to book when standard output is closed: the authorization code that was booked would be lost.
fn refuse_closed_stdout() -> Result<()> {
    if !platform::stdout_is_lost() {
        return Ok(());
    }
    let what = "standard output is closed, so the result of the booking would be lost";
    Err(Error::new(Reason::OutputClosed, what).at(Place::Output))
}

/// Says that the witness could not be updated.
pub(super) fn warn_of_witness(session: &mut Session, error: Option<Error>) {
    if let Some(error) = error {
        session.screen.talk(&format!("note: the witness of the ledger could not be updated: {error}"));
    }
}
