//! `ledger entries`: the audit log, every act by number.

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::term::moment;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::cli::{table::Column, table::Table};
use airlatch_core::model::hex;
use airlatch_desk::ledger::{Act, Activation, Entry, Query, Transfer};

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
    let desk = desk_home::open(session, &args.desk)?;
    let query = Query {
        after: args.after,
        from: args.from.as_deref().map(|text| moment(text, "--from", false)).transpose()?,
        until: args.until.as_deref().map(|text| moment(text, "--until", true)).transpose()?,
        backwards: args.last.is_some(),
        limit: args.last.unwrap_or(0),
        ..Query::default()
    };
    let mut entries = desk.look(|book| book.entries(&query))?;
    entries.sort_by_key(|entry| entry.number);
    let mut table = Table::new(
        [
            Column::number("entry", "entry"),
            Column::text("time", "time"),
            Column::text("actor", "actor"),
            Column::text("act", "act"),
            Column::text("moves", "moves"),
            Column::text("about", "about"),
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
            moves(entry),
            about(entry),
            hex::write(&entry.hash[..8]),
        ]);
    }
    let mut rows = table.json();
    for (row, entry) in rows.iter_mut().zip(&entries) {
        row["moves"] = entry.transfers.iter().map(transfer_json).collect();
        row["code"] = json!(entry.act.labels().code);
        row["unit"] = json!(unit(&entry.act));
        row["license"] = json!(entry.license.map(|license| license.id.to_string()));
    }
    table.show_with(session, "entries", args.form.tsv, &rows);
    Ok(Outcome::Done)
}

/// What an act is about, the most telling first.
fn about(entry: &Entry) -> String {
    let act = &entry.act;
    let labels = act.labels();
    let code = || labels.code.clone().unwrap_or_default();
    let said = |what: &str, said: &Option<String>| said.as_ref().map(|said| format!("{what}{said}"));
    let words = match act {
        Act::Opened { vendor, .. } => vec![said("the ledger of ", vendor)],
        Act::Account(customer) => vec![
            Some(customer.name.to_string()),
            said("", &customer.title),
            customer.group.as_ref().map(|group| format!("in the group {group}")),
        ],
        Act::Ordered { order, account, .. } => vec![
            Some(format!("order {}", order.number)),
            Some(order.product.clone()),
            account.as_ref().map(|account| format!("account {account}")),
            Some(code()),
        ],
        Act::Added { account, .. } => vec![Some(format!("{} to the account {account}", code()))],
        Act::Passed { from, recipient, note, .. } => {
            vec![Some(format!("{} to {recipient}", code())), Some(format!("from {from}")), said("", note)]
        }
        Act::Cancelled { note, .. } => vec![Some(code()), said("", note)],
        Act::Renewed { term, .. } => vec![Some(code()), Some(term.to_string())],
        Act::Overdrawn { .. } => vec![Some(code())],
        Act::Activated(activation) => vec![
            Some(activation.unit.to_string()),
            Some(activation.product.clone()),
            activation.evaluation.then(|| "evaluation".to_owned()),
            said("for ", &activation.end_user),
        ],
        Act::Released { unit, product, license, note, .. } => vec![
            Some(unit.to_string()),
            Some(product.clone()),
            Some(format!("gave back {license}")),
            said("", note),
        ],
        Act::ClockReset { unit, product, .. } => vec![Some(unit.to_string()), Some(product.clone())],
        Act::Restored { number, note, .. } => {
            let before = entry.number - 1;
            let seen = (*number != before).then(|| format!("a witness saw entry {number}"));
            vec![Some(format!("goes on from entry {before}")), seen, said("", note)]
        }
    };
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn unit(act: &Act) -> Option<String> {
    match act {
        Act::Activated(Activation { unit, .. })
        | Act::Released { unit, .. }
        | Act::ClockReset { unit, .. } => Some(unit.to_string()),
        _ => None,
    }
}

fn transfer_json(transfer: &Transfer) -> Value {
    json!({
        "article": transfer.article.as_str(),
        "quantity": transfer.quantity,
        "from": transfer.from.to_string(),
        "to": transfer.to.to_string(),
    })
}

fn moves(entry: &Entry) -> String {
    let words = entry.transfers.iter().map(|transfer| format!("{} {}", transfer.article, transfer.quantity));
    words.collect::<Vec<_>>().join(", ")
}
