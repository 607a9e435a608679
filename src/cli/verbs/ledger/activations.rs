//! `ledger activations`: what was issued to which unit, when, and what was charged.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_desk::desk;

use super::filter::Filter;

/// Show activations: what was issued to which unit, when, and what was charged to which code
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger activations --unit '00-90-33-01-02-03'
  airlatch ledger activations --account acme --from 2026-11-01 --tsv > nov.tsv")]
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
        .read(|book| Ok((desk::activations(book, &args.filter.scope(book)?)?, desk::Releases::of(book)?)))?;
    let operator = desk.operator();
    let table = view::activations(&found, &back, |unit, product| operator.unit_name(unit, product));
    session.screen.table("activations", &table, args.form.tsv);
    Ok(Outcome::Done)
}
