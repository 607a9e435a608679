//! `ledger entries`: the audit log, one line per entry.

use anyhow::Result;
use clap::Args;

use super::filter;
use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::term::moment;
use crate::cli::{args::DeskArgs, args::FormArgs, args::whole_number};
use crate::view;
use airlatch_desk::ledger::Query;

/// Show the entries: who did what, and when
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger entries --last 20
  airlatch ledger entries --code 4711
  airlatch ledger entries --from 2026-11-01 --json")]
pub(in crate::cli) struct Entries {
    /// Only the latest N entries
    #[arg(long, value_name = "N", conflicts_with = "after", value_parser = whole_number::<{ u64::MAX }, usize>)]
    last: Option<usize>,

    /// Only entries after this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = whole_number::<{ u64::MAX }, u64>)]
    after: u64,

    /// Only entries about this authorization code or order number
    #[arg(long, value_name = "CODE")]
    code: Option<String>,

    /// Only entries about this unit: System ID, Locking ID, site serial or MAC
    #[arg(long, value_name = "UNIT", conflicts_with = "code")]
    unit: Option<String>,

    /// Only from this day or time
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// Only until this day (inclusive) or time
    #[arg(long, value_name = "DATE")]
    until: Option<String>,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Entries, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let query = Query {
        after: args.after,
        from: args.from.as_deref().map(|text| moment(text, "--from", false)).transpose()?,
        until: args.until.as_deref().map(|text| moment(text, "--until", true)).transpose()?,
        backwards: args.last.is_some(),
        limit: args.last.unwrap_or(0),
        unit: args.unit.as_deref().map(filter::unit).transpose()?,
        ..Query::default()
    };
    let mut entries = desk.read(|book| match filter::code(book, args.code.as_deref())? {
        None => book.entries(&query),
        Some(code) => {
            let about = |more| book.entries(&Query { limit: 0, ..more });
            let mut all = about(Query { code: Some(code), ..query.clone() })?;
            all.extend(about(Query { parent: Some(code), ..query.clone() })?);
            all.extend(about(Query { pool: Some(code), ..query.clone() })?);
            Ok(all)
        }
    })?;
    entries.sort_by_key(|entry| entry.number);
    entries.dedup_by_key(|entry| entry.number);
    // Entries about a code come from several queries, so the limit of each is not that of all.
    entries.drain(..entries.len().saturating_sub(args.last.unwrap_or(entries.len())));
    session.screen.table("entries", &view::entries(&entries), args.form.tsv);
    Ok(Outcome::Done)
}
