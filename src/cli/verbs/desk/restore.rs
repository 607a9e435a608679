//! `desk restore`: makes the desk of its backup, on a machine that has none.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::args::DeskArgs;
use crate::cli::session::Session;
use crate::cli::{Outcome, desk_home, output};
use crate::view::when;
use airlatch_core::format::{self, limits};
use airlatch_desk::office;

use crate::cli::count;

/// Restore a desk from its backup, where there is no desk
///
/// Every file is compared with the backup's list of hashes, and the ledger is audited, before anything is written. An entry
/// records the restore. What was booked after the backup is lost: compare the licenses that are out with `ledger audit
/// --against`. Where only the ledger was lost, use `ledger restore`.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch desk restore /mnt/backup/desk-2026-11-21 --desk desk
  airlatch desk restore /mnt/backup/desk-2026-11-21 --desk desk --note 'disk failed' --yes")]
pub(super) struct Restore {
    /// Folder of the backup
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,

    /// Reason to record in the ledger
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Check the backup and show what it holds; restore nothing
    #[arg(long)]
    dry_run: bool,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Restore, session: &mut Session) -> Result<Outcome> {
    format::check_text("--note", args.note.as_deref(), limits::TEXT_FIELD)?;
    let folder = desk_home::folder(session, args.desk.desk.as_deref())?;
    output::refuse_missing_folder(session, &folder)?;
    let (files, user) = (session.files.clone(), session.env.user.clone());
    let actors = [args.desk.actor.as_deref(), user.as_deref()];
    let plan = office::plan_home(&files, &args.backup, &folder, actors, session.now)?;
    let keys: Vec<String> = plan.desk.trusted().iter().map(|key| key.key_id().to_string()).collect();
    let products: Vec<&str> = plan.desk.catalog().products.iter().map(|product| &*product.id).collect();
    for line in [
        format!("backup    {}, made {}", args.backup.display(), when::at(plan.made(), session.now)),
        format!("products  {}", products.join(", ")),
        format!("key id    {}", keys.join(", ")),
        format!("ledger    {}, {}, no faults", count::entries(plan.entries), count::licenses(plan.licenses)),
        format!("into      {}", folder.display()),
    ] {
        session.screen.line(&line);
    }
    let mut value = json!({
        "backup": args.backup.display().to_string(),
        "made": plan.made().to_string(),
        "products": products,
        "key_ids": keys,
        "licenses": plan.licenses,
        "desk": folder.display().to_string(),
        "entries": plan.entries,
        "restored": false,
    });
    if args.dry_run {
        session.screen.line("nothing was restored");
        session.screen.json("desk-restore", value);
        return Ok(Outcome::Done);
    }
    session.screen.line("what was booked after the backup is not in it");
    session.confirm("Restore this desk?", args.yes, "nothing was restored")?;
    let head = office::restore_home(&files, &plan, actors, args.note.clone())?;
    let shown = folder.display();
    for line in [
        format!("desk restored to {shown}; entry {} of the ledger records it", head.number),
        "next:".to_owned(),
        "  1. use only this desk from now on: two desks with one ledger would sell the same seats twice"
            .to_owned(),
        format!(
            "  2. compare the licenses issued after the backup: airlatch ledger audit --against DIR --desk {shown}"
        ),
    ] {
        session.screen.line(&line);
    }
    value["restored"] = true.into();
    value["entries"] = head.number.into();
    session.screen.json("desk-restore", value);
    Ok(Outcome::Done)
}
