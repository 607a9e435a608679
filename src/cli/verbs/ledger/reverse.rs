//! `ledger reverse`: books an entry that reverses an earlier one.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::{ClockArgs, DeskArgs, whole_number};
use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal, UNCHANGED};
use crate::cli::session::Session;
use crate::view::{Reversal, View as _};
use airlatch_core::format::{self, limits};
use airlatch_core::model::Cause;
use airlatch_desk::desk;
use airlatch_desk::ledger;

/// Reverse an entry that was booked by mistake, by another entry
///
/// Nothing is changed or deleted: the new entry names the one it reverses, with the reason. An order: what is left goes out of
/// use, what was used or passed on stays. A part that was passed on: what is left of it goes back. A cancellation: what it took
/// is there again. A renewal: the former term applies again. A code in the wrong account: it is in none.
///
/// A license that was issued to the wrong unit is listed as to be replaced. Its seats stay with the unit, since it may be
/// installed: they are free when the host has released it and its receipt is booked, or when the license and every later one of
/// the unit has ended; then reverse the entry again. Entries on which later ones depend are refused. The same entry again with the
/// same reason changes nothing.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger entries --code 4711
  airlatch ledger reverse 17 --because 'booked for the wrong customer'")]
pub(in crate::cli) struct Reverse {
    /// Number of the entry
    #[arg(value_name = "ENTRY", value_parser = whole_number::<{ u64::MAX }, u64>)]
    entry: u64,

    /// Reason to record in the ledger
    #[arg(long, value_name = "TEXT", required = true)]
    because: String,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be reversed; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &Reverse, session: &mut Session) -> Result<Outcome> {
    format::check_text("--because", Some(&args.because), limits::TEXT_FIELD)?;
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let operator = desk.operator();
    let (planned, by) = desk.read(|book| {
        let planned = desk::plan_reversal(&operator, book, args.entry, &args.because);
        let last = ledger::reversals(book, args.entry)?.pop();
        Ok((planned, last.filter(|(_, reversal)| reversal.because == args.because)))
    })?;
    let planned = match (planned, by) {
        // The same command again, as after an interrupted run.
        (Err(error), Some((by, _))) if error.cause() == Some(Cause::AlreadyReversed) => {
            let what = format!("entry {} was reversed already, by entry {}", args.entry, by.number);
            desk_home::already(session, &desk, "ledger", args.dry_run, &what);
            let kind = if args.dry_run { "reverse-dry-run" } else { "reverse" };
            session.screen.json(kind, json!({ "reverses": args.entry, "entry": by.number, "already": true }));
            return Ok(Outcome::Done);
        }
        (planned, _) => planned?,
    };
    let shown = Reversal::of(&planned);
    let proposal = Proposal {
        lines: shown.lines(session.now),
        notes: planned.notes.clone(),
        question: Some(format!("Reverse entry {}?", args.entry)),
        declined: UNCHANGED,
        dry_run_message: UNCHANGED,
        dry_run_json: ("reverse-dry-run", json!(shown)),
    };
    let consent = Consent { yes: args.yes, dry_run: args.dry_run };
    if !proposal.confirmed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    let done = desk_home::work(session, &desk, "ledger", |book| {
        desk::reverse(&operator, book, args.entry, &args.because)
    })?;
    let number = done.booked.map_or(0, |(number, _)| number);
    session.screen.line(&format!("entry {} reversed by entry {number}", args.entry));
    session.screen.json("reverse", Reversal::of(&done));
    Ok(Outcome::Done)
}
