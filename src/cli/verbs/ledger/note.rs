//! `ledger note`: notes end user, location or comment of a unit.

use anyhow::Result;
use clap::{ArgGroup, Args};
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::{ClockArgs, DeskArgs};
use crate::cli::desk_home;
use crate::cli::session::Session;
use airlatch_core::format::{self, limits};
use airlatch_desk::desk;
use airlatch_desk::ledger::UnitNote;

use super::filter;

/// Note the end user, the location or a comment of a unit
///
/// The license of the unit stays as it is. The end user is named on the next license that is issued for the unit.
#[derive(Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["end_user", "location", "comment"])))]
#[command(after_help = "Examples:
  airlatch ledger note 00-90-33-01-02-03 --location 'cellar, rack 2'
  airlatch ledger note SYSTEM-ID --end-user 'Example Hospital' --comment 'moved in May'")]
pub(in crate::cli) struct Note {
    /// System ID, Locking ID, site serial or MAC
    #[arg(value_name = "UNIT")]
    unit: String,

    /// End user
    #[arg(long, value_name = "NAME")]
    end_user: Option<String>,

    /// Location
    #[arg(long, value_name = "TEXT")]
    location: Option<String>,

    /// Comment
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Show what would be noted; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &Note, session: &mut Session) -> Result<Outcome> {
    for (option, text) in
        [("--end-user", &args.end_user), ("--location", &args.location), ("--comment", &args.comment)]
    {
        format::check_text(option, text.as_deref(), limits::TEXT_FIELD)?;
    }
    let unit = filter::unit(&args.unit)?;
    let note = UnitNote {
        unit,
        end_user: args.end_user.clone(),
        location: args.location.clone(),
        comment: args.comment.clone(),
    };
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let operator = desk.operator();
    let noted = match args.dry_run {
        true => desk_home::dry_run(&desk, |book| desk::note_unit(&operator, book, note.clone()))?,
        false => {
            desk_home::work(session, &desk, "ledger", |book| desk::note_unit(&operator, book, note.clone()))?
        }
    };
    let entry = noted.as_ref().map(|entry| entry.number).filter(|_| !args.dry_run);
    session.screen.line(&match (&noted, entry) {
        (None, _) => format!("{unit} has these notes already: nothing was changed"),
        (Some(_), None) => format!("{unit}: nothing was changed"),
        (Some(_), Some(number)) => format!("{unit}: noted by entry {number}"),
    });
    session.screen.json(
        if args.dry_run { "note-dry-run" } else { "note" },
        json!({
            "unit": unit.to_string(),
            "end_user": note.end_user,
            "location": note.location,
            "comment": note.comment,
            "already": noted.is_none(),
            "entry": entry,
        }),
    );
    Ok(Outcome::Done)
}
