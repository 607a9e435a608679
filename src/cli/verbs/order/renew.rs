//! `order renew`: gives a code a new term.

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

/// Renew a code: give it a new term
///
/// Balances do not change. Units licensed from this code get the new term when their license is issued again, without charge.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order renew 4711 --until 2028-12-31
  airlatch order renew 4711 --term '2 years' --dry-run")]
pub(super) struct Renew {
    /// Authorization code or order number
    #[arg(value_name = "CODE")]
    code: String,

    #[command(flatten)]
    term: TermArgs,

    /// First day on which the code can be used
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// Show the renewed order; change nothing
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
        desk_home::dry_run(&desk, renew)?
    } else {
        desk_home::work(session, &desk, "order", renew)?
    };
    Order::of(&pool).lines(session.now).iter().for_each(|line| session.screen.line(line));
    let changes = before.order.term != pool.order.term;
    if changes {
        session.screen.line(&format!("previously {}", grant_term(&before.order.term, session.now)));
        let gets = if units == 1 { "gets" } else { "get" };
        session.screen.line(&match units {
            0 => "units      none is licensed from this code".to_owned(),
            _ => format!("units      {units} {gets} the new term when issued again, without charge"),
        });
    } else {
        session.screen.talk("note: the code has this term already");
    }
    if args.dry_run {
        session.screen.line("nothing was changed");
    }
    let mut value = json!(Order::of(&pool));
    value["units"] = json!(units);
    session.screen.json(if args.dry_run { "order-dry-run" } else { "order" }, value);
    Ok(Outcome::Done)
}
