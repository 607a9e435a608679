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
    let found = desk.read(|book| {
        let found = desk::licenses(book, &args.filter.scope(book)?)?;
        let releases = desk::Releases::of(book)?;
        let row = |found| desk::license_row(&operator, book, found, &releases);
        found.iter().map(row).collect::<Result<Vec<_>, _>>()
    })?;
    let table = view::licenses(&found, session.now, |unit, product| operator.unit_name(unit, product));
    session.screen.table("licenses", &table, args.form.tsv);
    Ok(Outcome::Done)
}
