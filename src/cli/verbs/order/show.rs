//! `order show`: shows an order, or writes its order sheet.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::args::DeskArgs;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{Outcome, input, output, sheet};
use airlatch_core::model::Unit;
use airlatch_desk::desk::{self, Operator};
use airlatch_desk::orders::Pool;

use super::find::find;
use crate::view::{Correction, Order, PassedOn};

/// Show an order and its balance, or write its order sheet
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch order show 4711
  airlatch order show CODE --sheet | lp
  airlatch order show CODE --page 4711.html")]
pub(super) struct Show {
    /// Authorization code or order number
    #[arg(value_name = "CODE")]
    code: String,

    /// Print the order sheet as plain text
    #[arg(long, conflicts_with = "page")]
    sheet: bool,

    /// Write the order sheet as an HTML page with a QR code; `-` is stdout
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// Replace the page if it exists
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

/// Units listed by name; more are only counted.
const LISTED_UNITS: usize = 5;

pub(super) fn run(args: &Show, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let (pool, passed, units, corrections) = desk.read(|book| {
        let pool = find(book, &args.code)?;
        let passed = desk::passed(book, None, Some(pool.code))?;
        let units = desk::users(book, pool.code)?;
        let corrections = desk::corrections(book, pool.code)?;
        Ok((pool, passed, units, corrections))
    })?;
    let passed: Vec<_> = passed.iter().map(PassedOn::of).collect();
    let corrections: Vec<_> = corrections.iter().map(Correction::of).collect();
    if args.sheet {
        output::page(session, "order-sheet", &sheet::text(&desk, &pool));
        return Ok(Outcome::Done);
    }
    if let Some(page) = &args.page {
        if input::is_stream(page) {
            output::page(session, "order-sheet", &sheet::page(&desk, &pool)?);
            return Ok(Outcome::Done);
        }
        sheet::write(session, &desk, &pool, page, args.force)?;
        session.screen.line(&format!("sheet      written to {}", page.display()));
    } else {
        session.screen.each([&Order::of(&pool)], session.now);
        session.screen.each(&passed, session.now);
        session.screen.each(&corrections, session.now);
        used_by(&pool, &units, desk.operator()).iter().for_each(|line| session.screen.line(line));
    }
    let mut value = json!(Order::of(&pool));
    value["passed_on"] = json!(passed);
    value["corrections"] = json!(corrections);
    value["units"] = units.iter().map(ToString::to_string).collect::<Vec<_>>().into();
    session.screen.json("order", value);
    Ok(Outcome::Done)
}

/// The units that hold something from the code: listed, or counted if there are many.
fn used_by(pool: &Pool, units: &[Unit], operator: Operator<'_>) -> Vec<String> {
    if units.len() > LISTED_UNITS {
        return vec![format!(
            "used by    {} units: airlatch ledger licenses --code {}",
            units.len(),
            pool.code
        )];
    }
    let name = |unit: &Unit| operator.unit_name(*unit, &pool.order.product);
    units.iter().map(|unit| format!("used by    {}", name(unit))).collect()
}
