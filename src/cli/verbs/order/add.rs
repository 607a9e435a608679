//! `order add`: adds a code to a customer account.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::{ClockArgs, DeskArgs};
use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal, UNCHANGED};
use crate::cli::session::Session;
use crate::cli::verbs::ledger::balance;
use crate::view::{Order, View as _};
use airlatch_desk::desk;
use airlatch_desk::orders::AccountName;

use super::find::find;

/// Add a code to a customer account
///
/// Shows the code, asks, and shows the new balance of the account. To change the account later, the addition is reversed first:
/// airlatch ledger reverse.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order add CODE --account acme")]
pub(super) struct Add {
    /// Authorization code or order number
    #[arg(value_name = "CODE")]
    code: String,

    /// Account name
    #[arg(long, value_name = "NAME")]
    account: String,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show the code; add nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &Add, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let account: AccountName = args.account.parse()?;
    let operator = desk.operator();
    // A dry run first: the question comes only if the booking can succeed.
    let pool = desk_home::dry_run(&desk, |book| {
        let pool = find(book, &args.code)?;
        desk::add_code(&operator, book, pool.code, &account)?;
        Ok(pool)
    })?;
    let proposal = Proposal {
        lines: Order::of(&pool).lines(session.now),
        notes: Vec::new(),
        question: Some(format!("Add this code to account {account}?")),
        declined: UNCHANGED,
        dry_run_message: "nothing was added",
        dry_run_json: ("order-dry-run", json!(Order::of(&pool))),
    };
    let consent = Consent { yes: args.yes, dry_run: args.dry_run };
    if !proposal.confirmed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    let (pool, table) = desk_home::work(session, &desk, "order", |book| {
        let pool = desk::add_code(&operator, book, pool.code, &account)?;
        Ok((pool, balance::of_account(book, &account)?))
    })?;
    session.screen.line(&format!("added to {account}, which now has:"));
    if !session.screen.is_json() {
        session.screen.raw(&table.text(session.screen.look().width));
    }
    let mut value = json!(Order::of(&pool));
    value["balance"] = json!(table.json());
    session.screen.json("order", value);
    Ok(Outcome::Done)
}
