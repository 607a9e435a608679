//! `desk backup`: the whole desk in one folder, made while others work.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::args::DeskArgs;
use crate::cli::session::Session;
use crate::cli::{Outcome, desk_home, output};
use airlatch_desk::office::{self, KeyCopy};

use crate::cli::count;

/// Back up the whole desk into a folder: settings, catalog, keys and ledger
///
/// Others may work meanwhile. Every file is read back after it was written, and the copy of the ledger is checked. Keys are
/// copied as they are: an encrypted one stays encrypted. Keep the backup as safe as the desk.
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch desk backup /mnt/backup/desk-2026-11-21
  airlatch desk backup /media/stick/desk --accept-insecure-key")]
pub(super) struct Backup {
    /// Folder of the backup: a new or an empty one
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Write private keys even if other users can read them there, as on a FAT-formatted stick
    #[arg(long)]
    accept_insecure_key: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Backup, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    output::refuse_missing_folder(session, &args.folder)?;
    let done = office::back_up_home(&desk, &args.folder, args.accept_insecure_key)?;
    let shown = args.folder.display();
    session.screen.line(&format!("desk backed up to {shown}, and checked"));
    session.screen.line(&format!("files   {}", done.files));
    session.screen.line(&format!("ledger  {}", count::entries(done.head.number)));
    let key = match done.key {
        KeyCopy::Encrypted => "encrypted with its passphrase, as at the desk",
        KeyCopy::Plain => "without a passphrase: whoever reads this backup can sign licenses",
        KeyCopy::Elsewhere => "not in the backup: it is not in the desk's folder",
    };
    session.screen.line(&format!("key     {key}"));
    if !done.left_out.is_empty() {
        let names = done.left_out.join(", ");
        session.screen.talk(&format!("note: no part of the desk, and not backed up: {names}"));
    }
    session.screen.json(
        "desk-backup",
        json!({
            "folder": shown.to_string(),
            "files": done.files,
            "entries": done.head.number,
            "key": match done.key {
                KeyCopy::Encrypted => "encrypted",
                KeyCopy::Plain => "plain",
                KeyCopy::Elsewhere => "elsewhere",
            },
            "left_out": done.left_out,
        }),
    );
    Ok(Outcome::Done)
}
