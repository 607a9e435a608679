//! `order renew`: another term for the same holdings.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::DeskArgs;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::term::TermArgs;
use crate::view::{Order, View as _, grant_term};
use airlatch_desk::desk::{self, ViewFilter};
use airlatch_desk::ledger::Book;

use super::find::find;

/// Give a code another term
///
/// No seat moves. Issuing again for the units that hold from this code gives them licenses with the new term, without
/// charge.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order renew 4711 --until 2028-12-31
  airlatch order renew 4711 --term '2 years' --dry-run")]
pub(super) struct Renew {
    /// The authorization code, or the vendor's order number
    #[arg(value_name = "CODE")]
    code: String,

    #[command(flatten)]
    term: TermArgs,

    /// The first day on which it may be used
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// Show the order as it would be; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Renew, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let term = args.term.read(args.from.as_deref())?;
    let operator = desk.operator();
    let renew = |book: &mut dyn Book| {
        let before = find(book, &args.code)?;
        let pool = desk::renew(&operator, book, before.code, term)?;
        let scope = ViewFilter { code: Some(pool.code), ..ViewFilter::default() };
        Ok((before, pool, desk::licenses(book, &scope)?.len()))
    };
    let (before, pool, units) = if args.dry_run {
        desk_home::try_out(&desk, renew)?
    } else {
        desk_home::work(session, &desk, "order", renew)?
    };
    Order::of(&pool).lines(session.now).iter().for_each(|line| session.screen.line(line));
    let changes = before.order.term != pool.order.term;
    if changes {
        session.screen.line(&format!("before     {}", grant_term(&before.order.term, session.now)));
        let whose = if units == 1 { "it has" } else { "they have" };
        session.screen.line(&match units {
            0 => "units      none holds from this code".to_owned(),
            _ => format!("units      {units}; {whose} the new term when issued again, without charge"),
        });
    } else {
        session.screen.talk("note: it has this term already");
    }
    if args.dry_run {
        session.screen.line("nothing was changed");
    }
    let mut value = json!(Order::of(&pool));
    value["units"] = json!(units);
    session.screen.json(if args.dry_run { "order-dry-run" } else { "order" }, value);
    Ok(Outcome::Done)
}
