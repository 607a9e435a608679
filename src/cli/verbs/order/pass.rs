//! `order pass`: a part of a code to somebody else.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::{Outcome, sheet};
use crate::cli::{args::DeskArgs, args::feature};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{FeatureName, OrderCode, Quantity};
use airlatch_desk::desk;

use super::{UNDONE, find, lines};
use crate::view::{Order, amounts};

/// Pass a part of a code on, as a new code for a reseller or end user
///
/// `airlatch ledger passed` shows whether and by whom it was used.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order pass CODE --to 'Reseller Ltd' --line sessions=20")]
pub(super) struct Pass {
    /// The authorization code, or the vendor's order number
    #[arg(value_name = "CODE")]
    code: String,

    /// For whom
    #[arg(long, value_name = "TEXT")]
    to: String,

    /// What, and how many; once for each
    #[arg(long = "line", value_name = "ARTICLE[=N]", value_parser = feature, required = true)]
    lines: Vec<(FeatureName, Quantity)>,

    /// A comment
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Write the new code's sheet as a page to print
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be passed on; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Pass, session: &mut Session) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    format::check_text("--to", Some(&args.to), limits::TEXT_FIELD)?;
    format::check_text("--note", args.note.as_deref(), limits::TEXT_FIELD)?;
    let lines = lines(&args.lines)?;
    let new = OrderCode::from_digest(&session.random()?);
    let clerk = desk.clerk(session);
    let note = || args.note.clone();
    let giver = desk.try_out(session, |book| {
        let giver = find(book, &args.code)?;
        desk::pass_on(&clerk, book, giver.code, new, &lines, &args.to, note())?;
        desk::pool(book, giver.code)
    })?;
    session.screen.line(&format!("from       {}, order {}", giver.code, giver.order.number));
    session.screen.line(&format!("to         {}", args.to));
    session.screen.line(&format!("passes on  {}", amounts(&lines)));
    session.screen.line(&format!("leaves     {}", amounts(&giver.left)));
    if args.dry_run {
        session.screen.line("nothing was passed on");
        session.screen.json("order-dry-run", Order::of(&giver));
        return Ok(Outcome::Done);
    }
    if let Some(page) = &args.page {
        sheet::refuse_standing(session, page)?;
    }
    session.confirm("Pass this on? It can't be undone.", args.yes, UNDONE)?;
    let clerk = desk.clerk(session);
    let from = giver.code;
    let pool =
        desk.work(session, "order", |book| desk::pass_on(&clerk, book, from, new, &lines, &args.to, note()))?;
    session.screen.line(&format!("new code   {}", pool.code));
    let mut value = json!(Order::of(&pool));
    if let Some(page) = &args.page {
        sheet::write(session, &desk, &pool, page, false)?;
        session.screen.line(&format!("sheet      written to {}", page.display()));
        value["page"] = json!(page.display().to_string());
    }
    session.screen.json("order", value);
    Ok(Outcome::Done)
}
