//! `ledger balance`: the balance of every code.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_desk::desk;
use airlatch_desk::ledger::Book;
use airlatch_desk::orders::AccountName;

use super::filter;

/// Show the balance of each code: added, used, passed on, left
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger balance
  airlatch ledger balance --account acme
  airlatch ledger balance --code CODE --json")]
pub(in crate::cli) struct Balance {
    /// Only codes of this account and its group
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// Only this authorization code or order number
    #[arg(long, value_name = "CODE")]
    code: Option<String>,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Balance, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let account: Option<AccountName> = args.account.as_deref().map(str::parse).transpose()?;
    let pools = desk.read(|book| match (filter::code(book, args.code.as_deref())?, &account) {
        (Some(code), None) => Ok(vec![desk::pool(book, code)?]),
        (code, account) => {
            let mut pools = desk::pools(book, account.as_ref())?;
            pools.retain(|pool| code.is_none_or(|code| pool.code == code));
            Ok(pools)
        }
    })?;
    session.screen.table("balance", &view::balance(&pools), args.form.tsv);
    Ok(Outcome::Done)
}

/// The balance table of an account and its group.
pub(in crate::cli) fn of_account(
    book: &dyn Book,
    account: &AccountName,
) -> airlatch_core::model::Result<view::Table> {
    Ok(view::balance(&desk::pools(book, Some(account))?))
}
