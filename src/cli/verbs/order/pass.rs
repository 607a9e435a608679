//! `order pass`: splits a part of a code off as a new code.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal, UNCHANGED};
use crate::cli::session::Session;
use crate::cli::{Outcome, sheet};
use crate::cli::{args::ClockArgs, args::DeskArgs, args::feature};
use crate::view::{Order, amounts, when};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{FeatureName, OrderCode, Quantity};
use airlatch_desk::desk::{self, Recipient};
use airlatch_desk::office::DeskHome;
use airlatch_desk::orders::Pool;

use super::find::find;
use super::lines::lines;
use super::once_more::once_more;

/// Pass a part of a code on, as a new code for a reseller or end user
///
/// `airlatch ledger passed` shows which units used it. The same again, as after an interrupted run: with the same --reference the
/// same code is shown; without one it is asked for within minutes, or needs --again.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order pass CODE --to 'Reseller Ltd' --line sessions=20")]
pub(super) struct Pass {
    /// Authorization code or order number
    #[arg(value_name = "CODE")]
    code: String,

    /// Recipient of the new code
    #[arg(long, value_name = "TEXT")]
    to: String,

    /// Reference of the recipient: it is on the order sheet, and finds the new code
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    /// Article and quantity; repeatable
    #[arg(long = "line", value_name = "ARTICLE[=N]", value_parser = feature, required = true)]
    lines: Vec<(FeatureName, Quantity)>,

    /// Comment for the ledger
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Write the order sheet of the new code as an HTML page
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// Replace the page if it exists
    #[arg(long, requires = "page")]
    force: bool,

    /// Pass the same on once more, although this was done minutes ago
    #[arg(long)]
    again: bool,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be passed on; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &Pass, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    format::check_text("--to", Some(&args.to), limits::TEXT_FIELD)?;
    format::check_text("--reference", args.reference.as_deref(), limits::TEXT_FIELD)?;
    format::check_text("--note", args.note.as_deref(), limits::TEXT_FIELD)?;
    let order = desk.read(|book| Ok(find(book, &args.code)?.order))?;
    let lines = lines(&args.lines, desk.operator().product(&order.product)?)?;
    let new = OrderCode::from_digest(&session.random()?);
    let operator = desk.operator();
    let recipient =
        Recipient { name: args.to.clone(), reference: args.reference.clone(), note: args.note.clone() };
    let before = desk.read(|book| {
        desk::passed_before(&operator, book, find(book, &args.code)?.code, &lines, &recipient)
    })?;
    if let Some((known, _)) = before.as_ref().filter(|_| args.reference.is_some()) {
        desk_home::already(session, &desk, "order", args.dry_run, "this same part was passed on already");
        return done(args, &desk, known, true, session);
    }
    let giver = desk_home::dry_run(&desk, |book| {
        let giver = find(book, &args.code)?;
        desk::pass_on(&operator, book, giver.code, new, &lines, &recipient)?;
        desk::pool(book, giver.code)
    })?;
    let proposal = Proposal {
        lines: [
            Some(format!("from       {}, order {}", giver.code, giver.order.number)),
            Some(format!("to         {}", args.to)),
            args.reference.as_ref().map(|reference| format!("reference  {reference}")),
            Some(format!("passes on  {}", amounts(&lines))),
            Some(format!("leaves     {}", amounts(&giver.left))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        notes: Vec::new(),
        question: Some("Pass this on? What the recipient uses can't be undone.".into()),
        declined: UNCHANGED,
        dry_run_message: "nothing was passed on",
        dry_run_json: ("order-dry-run", json!(Order::of(&giver))),
    };
    if let Some(page) = args.page.as_ref().filter(|_| !args.dry_run) {
        sheet::refuse_existing(session, page, args.force)?;
    }
    if let Some((known, time)) = before {
        let at = when::at(time, session.now);
        let what = format!("the same was passed on to {} at {at}, as {}", args.to, known.code);
        once_more(session, &what, "Pass the same on once more?", args.again, args.dry_run)?;
    }
    let consent = Consent { yes: args.yes, dry_run: args.dry_run };
    if !proposal.confirmed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    let from = giver.code;
    let pool = desk_home::work(session, &desk, "order", |book| {
        desk::pass_on(&operator, book, from, new, &lines, &recipient)
    })?;
    done(args, &desk, &pool, false, session)
}

/// Shows the new code, and writes its sheet.
fn done(args: &Pass, desk: &DeskHome, pool: &Pool, already: bool, session: &mut Session) -> Result<Outcome> {
    session.screen.line(&format!("{}   {}", if already { "code    " } else { "new code" }, pool.code));
    let mut value = json!(Order::of(pool));
    value["already"] = json!(already);
    if let Some(page) = args.page.as_ref().filter(|_| !args.dry_run) {
        sheet::write(session, desk, pool, page, args.force)?;
        session.screen.line(&format!("sheet      written to {}", page.display()));
        value["page"] = json!(page.display().to_string());
    }
    session.screen.json(if args.dry_run { "order-dry-run" } else { "order" }, value);
    Ok(Outcome::Done)
}
