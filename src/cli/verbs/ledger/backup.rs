//! `ledger backup`: a consistent copy, made while other processes write.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::args::DeskArgs;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{Outcome, output};
use airlatch_core::model::{Cause, Error, Reason};

use crate::cli::count;

/// Back up the ledger into one checked file, even while others write
///
/// The copy is audited: its hash chain, transfers and balances. Of a damaged ledger no copy is kept, and the exit code is 1.
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger backup /mnt/backup/ledger-2026-11-21.db")]
pub(in crate::cli) struct Backup {
    /// Backup file; an existing file is refused
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Backup, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    if session.files.exists(&args.file) {
        session.files.discard_leftover(&args.file);
        let what = "the file exists, and a backup is never written over another file";
        return Err(Error::new(Reason::Exists, what)
            .because(Cause::NeverReplaced)
            .at(args.file.display())
            .into());
    }
    output::refuse_missing_folder(session, &args.file)?;
    let head = desk.reader()?.backup(&args.file)?;
    session.screen.line(&format!("{} copied to {}", count::entries(head.number), args.file.display()));
    session.screen.json("backup", json!({ "entries": head.number, "file": args.file.display().to_string() }));
    Ok(Outcome::Done)
}
