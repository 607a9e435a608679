//! `ledger find`: accounts, orders, codes and licenses by a part of anything the ledger says of them.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_core::model::{Cause, Error, Reason};
use airlatch_desk::desk;

/// Find accounts, orders, codes and licenses by a part of a name, number, code, ID or MAC
///
/// TEXT is a part, in any case, of an order number or reference, a code, a customer, recipient or end user, an account, a unit, a
/// license or request id, a license number, a model, a location or a comment. Codes, ids and MACs are found with other
/// separators too.
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger find 'hill clinic'
  airlatch ledger find 20-00-07
  airlatch ledger find PO-88 --json")]
pub(in crate::cli) struct Find {
    /// Part of what is sought
    #[arg(value_name = "TEXT")]
    text: String,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Find, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    if args.text.trim().is_empty() {
        return Err(Error::new(Reason::BadValue, "the text to find is empty").into());
    }
    let operator = desk.operator();
    let hits = desk.read(|book| desk::find(&operator, book, &args.text))?;
    if hits.is_empty() {
        let what = format!("the ledger has nothing with `{}`", args.text);
        return Err(Error::new(Reason::NotBooked, what).because(Cause::NothingFound).into());
    }
    let table = view::found(&hits, |unit, product| operator.unit_name(unit, product));
    session.screen.table("found", &table, args.form.tsv);
    Ok(Outcome::Done)
}
