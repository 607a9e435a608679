//! `ledger balance`: added, used, left of every code.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::cli::{table::Column, table::Table};
use airlatch_desk::desk;
use airlatch_desk::ledger::Book;
use airlatch_desk::orders::{AccountName, Pool};

use super::filter;

/// Show what was added, used, passed on, and what is left of each code
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger balance
  airlatch ledger balance --account acme
  airlatch ledger balance --code CODE --json")]
pub(in crate::cli) struct Balance {
    /// Only codes of this account and its group
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// Only this authorization code, or the order's number
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
    let pools = desk.look(|book| match (filter::code(book, args.code.as_deref())?, &account) {
        (Some(code), None) => Ok(vec![desk::pool(book, code)?]),
        (code, account) => {
            let mut pools = desk::pools(book, account.as_ref())?;
            pools.retain(|pool| code.is_none_or(|code| pool.code == code));
            Ok(pools)
        }
    })?;
    table(&pools).show(session, "balance", args.form.tsv);
    Ok(Outcome::Done)
}

/// The balance of an account and its group.
pub(in crate::cli) fn of_account(
    book: &dyn Book,
    account: &AccountName,
) -> airlatch_core::model::Result<Table<12>> {
    Ok(table(&desk::pools(book, Some(account))?))
}

fn table(pools: &[Pool]) -> Table<12> {
    let mut table = Table::new(
        [
            Column::text("account", "account"),
            Column::text("order", "order"),
            Column::text("product", "product"),
            Column::text("article", "article"),
            Column::number("added", "added"),
            Column::number("overdrawn", "beyond").unless("0"),
            Column::number("used", "used"),
            Column::number("passed", "passed").unless("0"),
            Column::number("returned", "returned").unless("0"),
            Column::number("left", "left"),
            Column::text("state", "state").unless("open"),
            Column::text("code", "code"),
        ],
        "no code yet",
    );
    for pool in pools {
        for article in pool.articles() {
            let amounts = pool.amounts(article);
            let state = if pool.cancelled { "cancelled" } else { "open" };
            table.add([
                pool.account.as_ref().map(ToString::to_string).unwrap_or_default(),
                pool.order.number.clone(),
                pool.order.product.clone(),
                article.to_string(),
                amounts.added.to_string(),
                amounts.overdrawn.to_string(),
                amounts.used.to_string(),
                amounts.passed.to_string(),
                amounts.returned.to_string(),
                amounts.left.to_string(),
                state.to_owned(),
                pool.code.to_string(),
            ]);
        }
    }
    table
}
