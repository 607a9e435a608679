//! `order renew`: another term for the same holdings.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::args::DeskArgs;
use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::term::TermArgs;
use crate::desk;

use super::{find, view};

/// Give a code another term
///
/// No seat moves. Issuing again for the units that hold from this code gives them licenses with the new term, without
/// charge.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order renew 4711 --until 2028-12-31")]
pub(super) struct Renew {
    /// The authorization code, or the vendor's order number
    #[arg(value_name = "CODE")]
    code: String,

    #[command(flatten)]
    term: TermArgs,

    /// The first day on which it may be used
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Renew, session: &mut Session) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    let term = args.term.read(args.from.as_deref())?;
    let clerk = desk.clerk(session);
    let (before, pool) = desk.work(session, "order", |book| {
        let before = find(book, &args.code)?;
        let pool = desk::renew(&clerk, book, before.code, term)?;
        Ok((before, pool))
    })?;
    if before.order.term == pool.order.term {
        session.screen.talk(
            "note: the code has this term already; nothing was changed. A length is counted from each unit's first \
             activation, all in all",
        );
    }
    view::lines(&pool).iter().for_each(|line| session.screen.line(line));
    session.screen.json("order", view::json(&pool));
    Ok(Outcome::Done)
}
