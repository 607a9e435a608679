//! `ledger entries`: the audit log, every act by number.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::args::{DeskArgs, FormArgs};
use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::table::{Column, Table};
use crate::cli::term::moment;
use crate::ledger::{Act, Entry, Query};

/// Show every act: who did what, when
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger entries --last 20
  airlatch ledger entries --from 2026-11-01 --json")]
pub(in crate::cli) struct Entries {
    /// Only the last N
    #[arg(long, value_name = "N", conflicts_with = "after")]
    last: Option<usize>,

    /// Only those behind this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    after: u64,

    /// Only from this day or time on
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// Only up to and with this day, or up to this time
    #[arg(long, value_name = "DATE")]
    until: Option<String>,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Entries, session: &mut Session) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    let query = Query {
        after: args.after,
        from: args.from.as_deref().map(|text| moment(text, "--from", false)).transpose()?,
        until: args.until.as_deref().map(|text| moment(text, "--until", true)).transpose()?,
        backwards: args.last.is_some(),
        limit: args.last.unwrap_or(0),
        ..Query::default()
    };
    let mut entries = desk.look(session, |book| book.entries(&query))?;
    entries.sort_by_key(|entry| entry.number);
    let mut table = Table::new(
        [
            Column::number("entry", "entry"),
            Column::text("time", "time"),
            Column::text("actor", "actor"),
            Column::text("act", "act"),
            Column::text("about", "about"),
            Column::text("moves", "moves"),
            Column::text("hash", "hash"),
        ],
        "no entry",
    );
    for entry in &entries {
        table.add([
            entry.number.to_string(),
            entry.time.to_string(),
            entry.actor.clone(),
            entry.act.word().to_owned(),
            about(entry),
            moves(entry),
            entry.hash[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
        ]);
    }
    table.show(session, "entries", args.form.tsv);
    Ok(Outcome::Done)
}

/// What an entry is about: its labels, the most telling first, and what was said about it.
fn about(entry: &Entry) -> String {
    let labels = entry.act.labels();
    let unit = match &entry.act {
        Act::Activated(activation) => Some(activation.unit.to_string()),
        _ => None,
    };
    let words = [
        said(entry),
        labels.order.map(|order| format!("order {order}")),
        unit,
        labels.product,
        labels.account.map(|account| format!("account {account}")),
        labels.code.map(|code| format!("code {code}")),
        labels.parent.map(|code| format!("from {code}")),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The particulars of an act that no label holds.
fn said(entry: &Entry) -> Option<String> {
    let with = |text: String, note: &Option<String>| match note {
        Some(note) if text.is_empty() => note.clone(),
        Some(note) => format!("{text}: {note}"),
        None => text,
    };
    let text = match &entry.act {
        Act::Opened { vendor, .. } => vendor.clone().unwrap_or_default(),
        Act::Passed { recipient, note, .. } => with(format!("for {recipient}"), note),
        Act::Cancelled { note, .. } => note.clone().unwrap_or_default(),
        Act::Renewed { term, .. } => term.to_string(),
        Act::Activated(activation) if activation.evaluation => "evaluation".to_owned(),
        Act::Restored { number, note, .. } => {
            let before = entry.number - 1;
            let seen =
                if *number == before { String::new() } else { format!(", a witness saw entry {number}") };
            with(format!("goes on from entry {before}{seen}"), note)
        }
        _ => String::new(),
    };
    Some(text).filter(|text| !text.is_empty())
}

fn moves(entry: &Entry) -> String {
    let words = entry.transfers.iter().map(|transfer| format!("{} {}", transfer.article, transfer.quantity));
    words.collect::<Vec<_>>().join(", ")
}
