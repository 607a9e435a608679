//! `ledger licenses`: the current license of each unit.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_desk::desk;

use super::filter::Filter;

/// Show the current license of each unit
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger licenses --account acme
  airlatch ledger licenses --end-user 'Example Hospital' --json")]
pub(in crate::cli) struct Licenses {
    #[command(flatten)]
    filter: Filter,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Licenses, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let operator = desk.operator();
    let name = |unit, product: &str| operator.unit_name(unit, product);
    let tsv = args.form.tsv;
    let mut table: Option<view::Table> = None;
    desk.read(|book| {
        desk::licenses(&operator, book, &args.filter.scope(book)?, &mut |part| {
            let part = view::licenses(&part, session.now, name);
            match &mut table {
                // Rows of a spreadsheet need not wait for the others.
                Some(_) if tsv => session.screen.raw(&part.tsv_rows()),
                None if tsv => session.screen.raw(&part.tsv()),
                Some(table) => return table.append(part),
                None => {}
            }
            table.get_or_insert(part);
        })
    })?;
    if let Some(table) = table.filter(|_| !tsv) {
        session.screen.table("licenses", &table, false);
    }
    Ok(Outcome::Done)
}
