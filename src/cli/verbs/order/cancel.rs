//! `order cancel`: what is left on a code can no longer be charged.

use anyhow::Result;
use clap::Args;

use serde_json::{Value, json};

use crate::cli::Outcome;
use crate::cli::args::{ClockArgs, DeskArgs};
use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal, UNCHANGED};
use crate::cli::session::Session;
use crate::view::{Order, View as _, amounts};
use airlatch_core::format::{self, limits};
use airlatch_desk::desk;
use airlatch_desk::orders::Pool;

use super::find::find;

/// Cancel a code: what is left on it can no longer be charged
///
/// Licenses that were issued stay valid. The code can't be used, unless the cancellation is reversed: airlatch ledger reverse. A
/// code that is cancelled already stays so.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order cancel 4711 --note 'ordered by mistake'")]
pub(super) struct Cancel {
    /// Authorization code or order number
    #[arg(value_name = "CODE")]
    code: String,

    /// Reason to record in the ledger
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be cancelled; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &Cancel, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    format::check_text("--note", args.note.as_deref(), limits::TEXT_FIELD)?;
    let operator = desk.operator();
    let note = || args.note.clone();
    let known = desk.read(|book| find(book, &args.code))?;
    if known.cancelled {
        let word = if known.reversed { "reversed" } else { "cancelled" };
        let what = format!("{} was {word} already", known.code);
        desk_home::already(session, &desk, "order", args.dry_run, &what);
        session.screen.each([&Order::of(&known)], session.now);
        session.screen.json(if args.dry_run { "order-dry-run" } else { "order" }, json(&known, true));
        return Ok(Outcome::Done);
    }
    let (pool, returned) = desk_home::dry_run(&desk, |book| {
        let pool = find(book, &args.code)?;
        let returned = desk::cancel(&operator, book, pool.code, note())?;
        Ok((pool, returned))
    })?;
    let mut lines = Order::of(&pool).lines(session.now);
    lines.push(format!("cancels    {}", amounts(&returned)));
    let proposal = Proposal {
        lines,
        notes: Vec::new(),
        question: Some("Cancel what is left?".into()),
        declined: UNCHANGED,
        dry_run_message: "nothing was cancelled",
        dry_run_json: ("order-dry-run", json(&pool, false)),
    };
    let consent = Consent { yes: args.yes, dry_run: args.dry_run };
    if !proposal.confirmed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    let code = pool.code;
    let pool = desk_home::work(session, &desk, "order", |book| {
        desk::cancel(&operator, book, code, note())?;
        desk::pool(book, code)
    })?;
    session.screen.line(&format!("{code} is cancelled; licenses issued from it stay valid"));
    session.screen.json("order", json(&pool, false));
    Ok(Outcome::Done)
}

fn json(pool: &Pool, already: bool) -> Value {
    let mut value = json!(Order::of(pool));
    value["already"] = json!(already);
    value
}
