//! `ledger restore`: a backup in the place of the ledger, or the ledger as it is accepted; both are written down in it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::DeskArgs;
use crate::cli::desk_home;
use crate::cli::session::Session;
use airlatch_core::format::{self, limits};
use airlatch_desk::office::restore::{self, Loss};

use super::count;

/// Put a backup in the place of the ledger, or accept the ledger that is there
///
/// The backup is looked through first. The ledger it replaces is kept beside it. What is lost, by the witness, is shown and
/// asked for, and an entry says that it happened. Without FILE the ledger that is there is accepted, when it is sound, and
/// gets a new witness.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger restore /mnt/backup/ledger-2026-11-21.db
  airlatch ledger restore --note 'the witness was lost with the old disk'")]
pub(in crate::cli) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Why, for the ledger
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Restore, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    format::check_text("--note", args.note.as_deref(), limits::TEXT_FIELD)?;
    let plan = restore::plan(&desk, args.file.as_deref())?;
    let from = plan.source.display();
    session.screen.line(&format!(
        "{from}: {}, {}, all is well",
        count::entries(plan.entries),
        count::licenses(plan.licenses)
    ));
    let question = match plan.loss {
        Loss::None => "Go by this ledger?".to_owned(),
        Loss::Unknown => {
            session.screen.line("no witness tells whether this is the newest state");
            "Go by this ledger all the same?".to_owned()
        }
        Loss::Entries(count) => {
            let more = count::count(count, "more entry", "more entries");
            session
                .screen
                .line(&format!("the witness knows {more}: what was issued there is unknown to this ledger"));
            format!("Go by this ledger and lose {}?", count::entries(count))
        }
        Loss::OtherHistory => {
            session.screen.line("the witness belongs to another history");
            "Go by this ledger all the same?".to_owned()
        }
    };
    session.confirm(&question, args.yes, "nothing was changed")?;
    let done = restore::restore(&desk, &plan, args.note.clone())?;
    if let Some(kept) = &done.kept {
        session.screen.line(&format!("the ledger before is kept as {}", kept.display()));
    }
    session.screen.line(&format!("the ledger ends with entry {} now", done.head.number));
    session.screen.json(
        "restore",
        json!({ "entries": done.head.number, "kept": done.kept.map(|path| path.display().to_string()) }),
    );
    Ok(Outcome::Done)
}
