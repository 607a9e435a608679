//! `order correct`: customer, reference and unused quantities of an order that were booked wrongly.

use anyhow::Result;
use clap::{ArgGroup, Args};
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::{ClockArgs, DeskArgs, feature};
use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal, UNCHANGED};
use crate::cli::session::Session;
use crate::view::{Order, View as _};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{FeatureName, Quantity};
use airlatch_desk::desk::{self, Correction};
use airlatch_desk::ledger::Book;

use super::find::find;
use super::lines::corrected_lines;

/// Correct an order: customer, reference, and quantities not used yet
///
/// The correction is an entry of its own, with the reason. Licenses that were issued keep the customer they name, until they
/// are issued again. What was used or passed on can't be corrected away; a whole order is reversed: airlatch ledger reverse.
#[derive(Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["customer", "reference", "lines"])))]
#[command(after_help = "Examples:
  airlatch order correct 4711 --customer 'ACME Ltd' --because 'booked for ACME Inc'
  airlatch order correct 4711 --line sessions=10 --because 'a typing error: 100'")]
pub(super) struct Correct {
    /// Authorization code or order number
    #[arg(value_name = "CODE")]
    code: String,

    /// Right customer
    #[arg(long, value_name = "TEXT")]
    customer: Option<String>,

    /// Right reference of the customer
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    /// Article and the quantity that should have been booked, 0 for none; repeatable
    #[arg(long = "line", value_name = "ARTICLE=N", value_parser = feature_or_none)]
    lines: Vec<(FeatureName, Option<Quantity>)>,

    /// Reason to record in the ledger
    #[arg(long, value_name = "TEXT", required = true)]
    because: String,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show the corrected order; change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

/// As [`feature`], but `sessions=0` is nothing.
fn feature_or_none(text: &str) -> std::result::Result<(FeatureName, Option<Quantity>), String> {
    if let Some(name) = text.strip_suffix("=0") {
        let name = name.parse().map_err(|error: airlatch_core::model::Error| error.message().to_owned())?;
        return Ok((name, None));
    }
    feature(text).map(|(name, quantity)| (name, Some(quantity)))
}

pub(super) fn run(args: &Correct, session: &mut Session) -> Result<Outcome> {
    for (option, text) in [
        ("--customer", args.customer.as_ref()),
        ("--reference", args.reference.as_ref()),
        ("--because", Some(&args.because)),
    ] {
        format::check_text(option, text.map(String::as_str), limits::TEXT_FIELD)?;
    }
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let operator = desk.operator();
    let order = desk.read(|book| Ok(find(book, &args.code)?.order))?;
    let correction = Correction {
        customer: args.customer.clone(),
        reference: args.reference.clone(),
        lines: corrected_lines(&args.lines, operator.product(&order.product)?)?,
        because: args.because.clone(),
    };
    let correct = |book: &mut dyn Book| {
        let before = find(book, &args.code)?;
        let after = desk::correct(&operator, book, before.code, &correction)?;
        let units = desk::users(book, after.code)?.len();
        Ok((before, after, units))
    };
    let (before, after, units) = desk_home::dry_run(&desk, correct)?;
    let changes = before != after;
    let mut value = json!(Order::of(&after));
    value["changed"] = json!(changes);
    let mut notes = Vec::new();
    if !changes {
        notes.push("the order is like this already".to_owned());
    } else if units > 0 && before.order.customer != after.order.customer {
        let what = if units == 1 { "license names" } else { "licenses name" };
        notes.push(format!("{units} {what} the customer as issued, until issued again"));
    }
    let mut lines = Order::of(&after).lines(session.now);
    lines.push(format!("because    {}", args.because));
    let proposal = Proposal {
        lines,
        notes,
        question: changes.then(|| "Correct this order?".to_owned()),
        declined: UNCHANGED,
        dry_run_message: UNCHANGED,
        dry_run_json: ("order-dry-run", value.clone()),
    };
    let consent = Consent { yes: args.yes, dry_run: args.dry_run };
    if !proposal.confirmed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    if changes {
        desk_home::work(session, &desk, "order", correct)?;
        session.screen.line(&format!("order {} is corrected", after.order.number));
    } else {
        desk_home::catch_up(session, &desk, "order");
    }
    session.screen.json("order", value);
    Ok(Outcome::Done)
}
