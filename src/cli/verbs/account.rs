//! `account`: customers' accounts, and groups whose accounts share everything.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::view;
use airlatch_core::format::{self, limits};
use airlatch_desk::desk;
use airlatch_desk::ledger::{self, Customer};
use airlatch_desk::orders::AccountName;

/// Open and list customers' accounts
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

/// Open an account, or change its particulars
///
/// Of an account that is open, only what is named here changes.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch account new acme --title 'ACME Ltd'
  airlatch account new acme-berlin --group acme
  airlatch account new acme-berlin --no-group")]
struct New {
    /// The account: a-z 0-9 . _ -
    #[arg(value_name = "NAME")]
    name: String,

    /// The customer's name
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// The account with which it shares balance, views and downloads
    #[arg(long, value_name = "NAME")]
    group: Option<String>,

    /// It stands alone again
    #[arg(long, conflicts_with = "group")]
    no_group: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

/// List all accounts
#[derive(Args)]
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
    let desk = desk_home::open(session, &args.desk)?;
    format::check_text("--title", args.title.as_deref(), limits::TEXT_FIELD)?;
    let name: AccountName = args.name.parse()?;
    let group = args.group.as_deref().map(str::parse::<AccountName>).transpose()?;
    let operator = desk.operator();
    let (customer, was_open, changed) = desk_home::work(session, &desk, "account", |book| {
        let there = ledger::customer(book, &name)?;
        let (title, before) = there.clone().map(|there| (there.title, there.group)).unwrap_or_default();
        let group = if args.no_group { None } else { group.or(before) };
        let customer = Customer { name, title: args.title.clone().or(title), group };
        let changed = desk::open_account(&operator, book, customer.clone())?;
        Ok((customer, there.is_some(), changed))
    })?;
    let done = match (was_open, changed) {
        (false, _) => "is open",
        (true, true) => "is changed",
        (true, false) => "is open already, just so",
    };
    let group = customer.group.as_ref().map_or_else(String::new, |group| format!(", in the group {group}"));
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
