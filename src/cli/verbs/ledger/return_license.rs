//! `ledger return`: books a released license back to its codes, by the host's signed receipt.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::cli::args::{ClockArgs, DeskArgs};
use crate::cli::desk_home;
use crate::cli::proposal::Consent;
use crate::cli::session::Session;
use crate::cli::verbs::issue::receipt;
use crate::cli::{Outcome, input};
use airlatch_core::format::{self, limits};

/// Book a released license back, by the host's signed receipt
///
/// What the host had of the product is booked back to the codes it was charged to. The same receipt again changes nothing.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger return stick/host.receipt --comment 'the host was scrapped'")]
pub(in crate::cli) struct Return {
    /// Release receipt; `-` is stdin
    #[arg(value_name = "RECEIPT")]
    file: PathBuf,

    /// Comment for the ledger
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be booked; book nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &Return, session: &mut Session) -> Result<Outcome> {
    format::check_text("--comment", args.comment.as_deref(), limits::TEXT_FIELD)?;
    let (sealed, _) = input::open(session, &args.file)?;
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let consent = Consent { yes: args.yes, dry_run: args.dry_run };
    receipt::book(&desk, &args.file, &sealed, args.comment.as_deref(), consent, session)
}
