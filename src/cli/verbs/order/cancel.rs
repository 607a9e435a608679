//! `order cancel`: what is left is taken back.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::args::DeskArgs;
use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use airlatch_core::format::{self, limits};
use airlatch_desk::desk;

use super::{UNDONE, find};
use crate::view::{Order, amounts};

/// Take back what is left on a code
///
/// What was issued stays issued; the code can't be used any more.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order cancel 4711 --note 'returned by the customer'")]
pub(super) struct Cancel {
    /// The authorization code, or the vendor's order number
    #[arg(value_name = "CODE")]
    code: String,

    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be taken back; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Cancel, session: &mut Session) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    format::check_text("--note", args.note.as_deref(), limits::TEXT_FIELD)?;
    let clerk = desk.clerk(session);
    let note = || args.note.clone();
    let (pool, returned) = desk.try_out(session, |book| {
        let pool = find(book, &args.code)?;
        let returned = desk::cancel(&clerk, book, pool.code, note())?;
        Ok((pool, returned))
    })?;
    session.screen.each([&Order::of(&pool)], session.now);
    session.screen.line(&format!("takes back {}", amounts(&returned)));
    if args.dry_run {
        session.screen.line("nothing was taken back");
        session.screen.json("order-dry-run", Order::of(&pool));
        return Ok(Outcome::Done);
    }
    session.confirm("Take back what is left? It can't be undone.", args.yes, UNDONE)?;
    let clerk = desk.clerk(session);
    let code = pool.code;
    let pool = desk.work(session, "order", |book| {
        desk::cancel(&clerk, book, code, note())?;
        desk::pool(book, code)
    })?;
    session.screen.line(&format!("{code} is cancelled; what was issued stays issued"));
    session.screen.json("order", Order::of(&pool));
    Ok(Outcome::Done)
}
