//! `ledger activations`: what was issued to whom, when, and what it took.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::cli::{table::Column, table::Table};
use airlatch_core::model::Time;
use airlatch_desk::desk;
use airlatch_desk::ledger::{Activation, Entry, Holder};

use super::filter::Filter;

/// Show what was issued to which unit, when, and what it took from which code
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch ledger activations --unit '00-90-33-01-02-03'
  airlatch ledger activations --account acme --from 2026-11-01 --tsv > november.tsv")]
pub(in crate::cli) struct Activations {
    #[command(flatten)]
    filter: Filter,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Activations, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let (found, back) = desk
        .look(|book| Ok((desk::activations(book, &args.filter.scope(book)?)?, desk::GivenBack::of(book)?)))?;

    let mut table = Table::new(
        [
            Column::number("entry", "entry"),
            Column::text("time", "time"),
            Column::text("unit", "unit"),
            Column::text("model", "model"),
            Column::text("article", "article"),
            Column::number("took", "took"),
            Column::text("evaluation", "evaluation"),
            Column::text("product", "product"),
            Column::text("code", "code"),
            Column::text("license", "license"),
            Column::text("end_user", "end user"),
            Column::text("location", "location"),
            Column::text("comment", "comment"),
            Column::text("actor", "actor"),
            Column::text("given_back", "given back"),
        ],
        "no activation",
    );
    for (entry, activation) in &found {
        rows(entry, activation, back.after(entry, activation)).into_iter().for_each(|row| table.add(row));
    }
    table.show(session, "activations", args.form.tsv);
    Ok(Outcome::Done)
}

/// A row for each article taken; one for an activation that took nothing.
fn rows(entry: &Entry, activation: &Activation, back: Option<Time>) -> Vec<[String; 15]> {
    let row = |article: String, took: u64, code: String| {
        [
            entry.number.to_string(),
            entry.time.to_string(),
            activation.unit.to_string(),
            activation.model.clone().unwrap_or_default(),
            article,
            took.to_string(),
            if activation.evaluation { "yes".to_owned() } else { String::new() },
            activation.product.clone(),
            code,
            entry.license.map(|license| license.id.to_string()).unwrap_or_default(),
            activation.end_user.clone().unwrap_or_default(),
            activation.location.clone().unwrap_or_default(),
            activation.comment.clone().unwrap_or_default(),
            entry.actor.clone(),
            back.map(|time| time.to_string()).unwrap_or_default(),
        ]
    };
    if entry.transfers.is_empty() {
        return vec![row(String::new(), 0, String::new())];
    }
    let taken = entry.transfers.iter().map(|transfer| {
        let code = match transfer.from {
            Holder::Pool(code) => code.to_string(),
            _ => String::new(),
        };
        row(transfer.article.to_string(), transfer.quantity, code)
    });
    taken.collect()
}
