//! `ledger restore`: replaces the ledger by a backup, or accepts the ledger as it is; both are booked as an entry.

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

use crate::cli::count;

/// Replace the ledger by a backup, or accept the current ledger
///
/// The backup is audited first, and the ledger it replaces is kept beside it. The entries that are lost according to the
/// witness are shown, and an entry records the restore. Without FILE, the current ledger is accepted if the audit finds no
/// fault, and gets a new witness.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger restore /mnt/backup/ledger-2026-11-21.db
  airlatch ledger restore --note 'the witness was lost with the old disk'")]
pub(in crate::cli) struct Restore {
    /// Backup file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Reason to record in the ledger
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
        "{from}: {}, {}, no faults",
        count::entries(plan.entries),
        count::licenses(plan.licenses)
    ));
    let question = match plan.loss {
        Loss::None => "Use this ledger?".to_owned(),
        Loss::Unknown => {
            session.screen.line("there is no witness, so nobody can tell whether this is the newest state");
            "Use this ledger anyway?".to_owned()
        }
        Loss::Entries(count) => {
            let lost = match count {
                1 => "1 later entry is lost, with the licenses in it".to_owned(),
                count => format!("{count} later entries are lost, with the licenses in them"),
            };
            session.screen.line(&lost);
            format!("Use this ledger and lose {}?", count::entries(count))
        }
        Loss::LostLog => {
            session
                .screen
                .line("the write-ahead log is gone, so nobody can tell whether this is the newest state");
            "Use this ledger anyway?".to_owned()
        }
        Loss::OtherHistory => {
            session.screen.line("the witness belongs to another history of the ledger");
            "Use this ledger anyway?".to_owned()
        }
    };
    session.confirm(&question, args.yes, "nothing was changed")?;
    let done = restore::restore(&desk, &plan, args.note.clone())?;
    desk_home::warn_of_witness(session, done.witness);
    if let Some(kept) = &done.kept {
        session.screen.line(&format!("the previous ledger is kept as {}", kept.display()));
        session.screen.line("remove it, with -wal and -shm beside it, when nobody needs it any more");
    }
    session.screen.line(&format!("the ledger now ends with entry {}", done.head.number));
    session.screen.json(
        "restore",
        json!({ "entries": done.head.number, "kept": done.kept.map(|path| path.display().to_string()) }),
    );
    Ok(Outcome::Done)
}
