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
use crate::view::{Order, Table, View as _};
use airlatch_desk::desk;
use airlatch_desk::orders::{AccountName, Pool};

use super::find::find;

/// Add a code to a customer account
///
/// Shows the code, asks, and shows the new balance of the account; a code that is in the account already stays there. To change the account later, the addition is reversed first:
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
    let (known, table) = desk.read(|book| {
        let known = find(book, &args.code)?;
        let is_there = known.account.as_ref() == Some(&account);
        let table = if is_there { Some(balance::of_account(book, &account)?) } else { None };
        Ok((known, table))
    })?;
    if let Some(table) = table {
        desk_home::already(
            session,
            &desk,
            "order",
            args.dry_run,
            &format!("{} is in {account} already", known.code),
        );
        shown(&known, &table, true, if args.dry_run { "order-dry-run" } else { "order" }, session);
        return Ok(Outcome::Done);
    }
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
    shown(&pool, &table, false, "order", session);
    Ok(Outcome::Done)
}

/// Prints the balance of the account.
fn shown(pool: &Pool, table: &Table, already: bool, kind: &'static str, session: &mut Session) {
    if !session.screen.is_json() {
        session.screen.raw(&table.text(session.screen.look().width));
    }
    let mut value = json!(Order::of(pool));
    value["balance"] = json!(table.json());
    value["already"] = json!(already);
    session.screen.json(kind, value);
}
