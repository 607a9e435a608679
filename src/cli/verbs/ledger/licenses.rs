//! `ledger licenses`: the license each unit goes by.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::describe;
use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::cli::{table::Column, table::Table};
use airlatch_desk::desk;

use super::filter::Filter;

/// Show the license each unit goes by
#[derive(Args)]
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
    let desk = DeskHome::of(session, &args.desk)?;
    let clerk = desk.clerk(session);
    let found = desk.look(session, |book| {
        let found = desk::licenses(book, &args.filter.scope(book)?)?;
        found
            .into_iter()
            .map(|(entry, _)| desk::license_of(&clerk, book, &entry))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let mut table = Table::new(
        [
            Column::text("unit", "unit"),
            Column::text("product", "product"),
            Column::text("features", "features"),
            Column::text("ends", "ends"),
            Column::number("days_left", "days left"),
            Column::text("customer", "customer"),
            Column::text("issued", "issued"),
            Column::text("license", "license"),
        ],
        "no license",
    );
    for license in &found {
        let id = license.document_id();
        let license = license.get();
        table.add([
            license.lock.whose(),
            license.title(),
            license.timetable().join("; then "),
            license.end().map_or_else(|| "never".into(), |end| end.to_string()),
            license.end().map(|end| session.now.days_until(end).to_string()).unwrap_or_default(),
            license.customer.clone().unwrap_or_default(),
            license.issued.to_string(),
            id.to_string(),
        ]);
    }
    let mut rows = table.json();
    for (row, license) in rows.iter_mut().zip(&found) {
        row["features"] = describe::license_json(license.get())["features"].take();
        row["after"] = describe::license_json(license.get())["after"].take();
        row["ends"] = json!(license.get().end().map(|end| end.to_string()));
    }
    table.show_with(session, "licenses", args.form.tsv, &rows);
    Ok(Outcome::Done)
}
