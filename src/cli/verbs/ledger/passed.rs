//! `ledger passed`: the codes that were passed on, and whether and by whom they were used.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::cli::{table::Column, table::Table};
use airlatch_desk::desk;
use airlatch_desk::orders::AccountName;

use super::filter;

/// Show the codes that were passed on, and whether and by whom they were used
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger passed
  airlatch ledger passed --account acme")]
pub(in crate::cli) struct Passed {
    /// Only what codes of this account and its group passed on
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// Only what was passed on from this code, or order
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
        desk.look(|book| desk::passed(book, account.as_ref(), filter::code(book, args.code.as_deref())?))?;

    let mut table = Table::new(
        [
            Column::text("to", "code"),
            Column::text("recipient", "recipient"),
            Column::text("added_by", "added by"),
            Column::text("article", "article"),
            Column::number("passed", "passed"),
            Column::number("used", "used"),
            Column::number("onward", "onward").unless("0"),
            Column::number("returned", "returned").unless("0"),
            Column::number("left", "left"),
            Column::text("time", "time"),
            Column::text("from", "from"),
            Column::text("note", "note"),
        ],
        "nothing was passed on",
    );
    for passed in &found {
        for article in passed.pool.articles() {
            let amounts = passed.pool.amounts(article);
            table.add([
                passed.pool.code.to_string(),
                passed.recipient.clone(),
                passed.pool.account.as_ref().map(ToString::to_string).unwrap_or_default(),
                article.to_string(),
                amounts.added.to_string(),
                amounts.used.to_string(),
                amounts.passed.to_string(),
                amounts.returned.to_string(),
                amounts.left.to_string(),
                passed.time.to_string(),
                passed.from.to_string(),
                passed.note.clone().unwrap_or_default(),
            ]);
        }
    }
    table.show(session, "passed", args.form.tsv);
    Ok(Outcome::Done)
}
