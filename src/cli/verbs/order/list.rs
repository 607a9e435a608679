//! `order list`: all orders and codes.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_desk::desk;

/// List orders and codes
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch order list
  airlatch order list --account acme --tsv")]
pub(super) struct List {
    /// Only orders of this account and its group
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &List, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let account = args.account.as_deref().map(str::parse).transpose()?;
    let pools = desk.read(|book| desk::pools(book, account.as_ref()))?;
    session.screen.table("orders", &view::orders(&pools), args.form.tsv);
    Ok(Outcome::Done)
}
