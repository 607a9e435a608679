//! `ledger passed`: the codes that were passed on, and which units used them.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_desk::desk;
use airlatch_desk::orders::AccountName;

use super::filter;

/// Show the codes that were passed on, and which units used them
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger passed
  airlatch ledger passed --account acme")]
pub(in crate::cli) struct Passed {
    /// Only codes passed on from this account and its group
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// Only codes passed on from this code or order number
    #[arg(long, value_name = "CODE")]
    code: Option<String>,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Passed, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let account: Option<AccountName> = args.account.as_deref().map(str::parse).transpose()?;
    let found =
        desk.read(|book| desk::passed(book, account.as_ref(), filter::code(book, args.code.as_deref())?))?;
    session.screen.table("passed", &view::passed(&found), args.form.tsv);
    Ok(Outcome::Done)
}
