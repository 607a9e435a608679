//! `order renew`: gives a code a new term.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::{ClockArgs, DeskArgs};
use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal, UNCHANGED};
use crate::cli::session::Session;
use crate::cli::term::RenewArgs;
use crate::view::{Order, View as _, grant_term, when};
use airlatch_core::model::Time;
use airlatch_desk::catalog::{GrantEnd, GrantTerm};
use airlatch_desk::desk;
use airlatch_desk::ledger::Book;
use airlatch_desk::orders::Pool;

use super::find::find;
use super::once_more::once_more;

/// Renew a code: give it a new term
///
/// Balances do not change. Units licensed from this code get the new term when their license is issued again, without charge.
/// The same --add again within minutes, as after an interrupted run, is asked for, or needs --again.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order renew 4711 --add '1 year'
  airlatch order renew 4711 --until 2028-12-31
  airlatch order renew 4711 --term '2 years' --dry-run")]
pub(super) struct Renew {
    /// Authorization code or order number
    #[arg(value_name = "CODE")]
    code: String,

    #[command(flatten)]
    term: RenewArgs,

    /// First day on which the code can be used
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// Add the same length once more, although this was done minutes ago
    #[arg(long, requires = "add")]
    again: bool,

    /// Do not ask if the term gets shorter
    #[arg(long, short)]
    yes: bool,

    /// Show the renewed order; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &Renew, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let operator = desk.operator();
    let renew = |book: &mut dyn Book| {
        let before = find(book, &args.code)?;
        let term = args.term.read(&before.order.term, args.from.as_deref())?;
        let pool = desk::renew(&operator, book, before.code, term)?;
        let units = desk::users(book, pool.code)?.len();
        Ok((before, pool, units))
    };
    let (before, pool, units) = desk_home::dry_run(&desk, renew)?;
    let changes = before.order.term != pool.order.term;
    let mut lines = Order::of(&pool).lines(session.now);
    if changes {
        lines.push(format!("previously {}", grant_term(&before.order.term, session.now)));
        let gets = if units == 1 { "gets" } else { "get" };
        lines.push(match units {
            0 => "units      none is licensed from this code".to_owned(),
            _ => format!("units      {units} {gets} the new term when issued again, without charge"),
        });
    }
    let mut value = json!(Order::of(&pool));
    value["units"] = json!(units);
    let question = reduction(&before.order.term, &pool.order.term, session.now)?;
    let proposal = Proposal {
        lines,
        notes: if changes { Vec::new() } else { vec![has_already(args, &before)] },
        question: question.filter(|_| changes),
        declined: UNCHANGED,
        dry_run_message: UNCHANGED,
        dry_run_json: ("order-dry-run", value.clone()),
    };
    let renewed = desk.read(|book| desk::renewed_just_now(&operator, book, before.code))?;
    if let Some((former, time)) = renewed
        && args.term.adds()
        && args.term.read(&former, args.from.as_deref())? == before.order.term
    {
        let what = format!("this same length was added at {}", when::at(time, session.now));
        once_more(session, &what, "Add it once more?", args.again, args.dry_run)?;
    }
    let consent = Consent { yes: args.yes, dry_run: args.dry_run };
    if !proposal.confirmed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    if changes {
        desk_home::work(session, &desk, "order", renew)?;
    } else {
        desk_home::catch_up(session, &desk, "order");
    }
    session.screen.json("order", value);
    Ok(Outcome::Done)
}

/// The note that nothing changes, with what renews the code.
fn has_already(args: &Renew, pool: &Pool) -> String {
    if pool.order.term.end == GrantEnd::Permanent {
        return "the code is permanent already".to_owned();
    }
    let length = args.term.length().unwrap_or_else(|| pool.sold_length());
    format!(
        "the code has this term already: nothing was renewed; to go on from its end: airlatch order renew {} --add '{length}'",
        args.code
    )
}

/// The question if the new term begins later or ends sooner: licenses that are out would end sooner when issued again.
fn reduction(
    before: &GrantTerm,
    after: &GrantTerm,
    now: Time,
) -> airlatch_core::model::Result<Option<String>> {
    let ends = |term: &GrantTerm| Ok(term.end_if_started(now)?.unwrap_or(Time::from_seconds(i64::MAX)));
    if ends(after)? < ends(before)? {
        return Ok(Some("The term gets shorter. Renew all the same?".to_owned()));
    }
    let is_later = after.from.filter(|from| *from > now && before.from.is_none_or(|before| before < *from));
    Ok(is_later
        .map(|from| format!("Nothing of this code is licensed before {}. Renew?", when::since(from, now))))
}
