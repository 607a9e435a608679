//! `ledger suspicious`: what looks like cheating.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_desk::desk;

/// Show what looks like cheating: one machine under several names, many releases or moves, odd times
///
/// Each may have an honest reason; nothing is refused because of it. Machines are compared by the components in their Locking
/// IDs: two of hardware, or three settings of a virtual host. Releases, moves and clock resets are counted over a year.
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger suspicious
  airlatch ledger suspicious --tsv > look.tsv")]
pub(in crate::cli) struct Suspicious {
    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Suspicious, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let operator = desk.operator();
    let found = desk.read(|book| desk::suspicions(&operator, book))?;
    session.screen.table("suspicious", &view::suspicions(&found), args.form.tsv);
    Ok(Outcome::Done)
}
