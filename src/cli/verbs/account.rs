//! `account`: customer accounts, and groups of accounts that share balance, views and downloads.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::ClockArgs, args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_core::format::{self, limits};
use airlatch_desk::desk;
use airlatch_desk::ledger::{self, Customer};
use airlatch_desk::orders::AccountName;

/// Create, change and list customer accounts
#[derive(Args)]
pub(in crate::cli) struct Account {
    #[command(subcommand)]
    verb: AccountVerb,
}

#[derive(Subcommand)]
enum AccountVerb {
    New(New),
    List(List),
}

/// Create an account, or change its title and group
///
/// Of an existing account, only the options given here change.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch account new acme --title 'ACME Ltd'
  airlatch account new acme-berlin --group acme
  airlatch account new acme-berlin --no-group")]
struct New {
    /// Account name: a-z 0-9 . _ -
    #[arg(value_name = "NAME")]
    name: String,

    /// Customer name
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// Group account to share balance, views and downloads with
    #[arg(long, value_name = "NAME")]
    group: Option<String>,

    /// Leave the group
    #[arg(long, conflicts_with = "group")]
    no_group: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

/// List all accounts
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch account list")]
struct List {
    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(in crate::cli) fn run(args: &Account, session: &mut Session) -> Result<Outcome> {
    match &args.verb {
        AccountVerb::New(args) => new(args, session),
        AccountVerb::List(args) => list(args, session),
    }
}

fn new(args: &New, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    format::check_text("--title", args.title.as_deref(), limits::TEXT_FIELD)?;
    let name: AccountName = args.name.parse()?;
    let group = args.group.as_deref().map(str::parse::<AccountName>).transpose()?;
    let operator = desk.operator();
    let (customer, existed, changed) = desk_home::work(session, &desk, "account", |book| {
        let existing = ledger::customer(book, &name)?;
        let (title, before) = existing.clone().map(|it| (it.title, it.group)).unwrap_or_default();
        let group = if args.no_group { None } else { group.or(before) };
        let customer = Customer { name, title: args.title.clone().or(title), group };
        let changed = desk::open_account(&operator, book, customer.clone())?;
        Ok((customer, existing.is_some(), changed))
    })?;
    let done = match (existed, changed) {
        (false, _) => "created",
        (true, true) => "changed",
        (true, false) => "exists already, unchanged",
    };
    let group = customer.group.as_ref().map_or_else(String::new, |group| format!(", in group {group}"));
    session.screen.line(&format!("account {} {done}{group}", customer.name));
    session.screen.json(
        "account",
        json!({
            "account": customer.name.as_str(),
            "title": customer.title,
            "group": customer.group.as_ref().map(ToString::to_string),
            "changed": changed,
        }),
    );
    Ok(Outcome::Done)
}

fn list(args: &List, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let customers = desk.read(|book| ledger::customers(book))?;
    session.screen.table("accounts", &view::accounts(&customers), args.form.tsv);
    Ok(Outcome::Done)
}
