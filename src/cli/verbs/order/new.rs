//! `order new`: books an order once, under the vendor's order number.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::term::TermArgs;
use crate::cli::{Outcome, sheet};
use crate::cli::{args::ClockArgs, args::DeskArgs, args::feature, args::whole_number};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{FeatureName, OrderCode, Quantity};
use airlatch_desk::desk::{self, Booked};
use airlatch_desk::ledger::{self, Book};
use airlatch_desk::orders::{AccountName, Order};

use super::lines::lines;
use crate::view::{self, Rows, View as _};

/// Book an order, and create its authorization code
///
/// The order is shown, and booked after a yes, or with --yes. Booking the same order again changes nothing and shows the same
/// code. The same number with other content is refused; the number of a cancelled or reversed order is free with --again.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order new 4711 --product pbx --line sessions=100 --term '1 year'
  airlatch order new 4712 --product pbx --line PBX#15 --line uc --permanent
  airlatch order new 4713 --product phone --line video=500 --until 2028-12-31")]
pub(super) struct New {
    /// Order number of the vendor
    #[arg(value_name = "NUMBER")]
    number: String,

    /// Product id
    #[arg(long, value_name = "ID")]
    product: String,

    /// Product version
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,

    /// Article and quantity; repeatable
    #[arg(long = "line", value_name = "ARTICLE[=N]", value_parser = feature, required = true)]
    lines: Vec<(FeatureName, Quantity)>,

    #[command(flatten)]
    term: TermArgs,

    /// First day on which the code can be used
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// Customer name on the order sheet and on licenses
    #[arg(long, value_name = "TEXT")]
    customer: Option<String>,

    /// Reference of the customer
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    /// Account to add the code to
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// Percent of each line that may be used beyond the order, to be invoiced
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = whole_number::<255, u8>)]
    overdraft: u8,

    /// Write the order sheet as an HTML page with a QR code
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// Replace the page if it exists
    #[arg(long, requires = "page")]
    force: bool,

    /// Book the number of a cancelled or reversed order again, under a new code
    #[arg(long)]
    again: bool,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be booked; book nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

pub(super) fn run(args: &New, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    for (what, text) in [
        ("NUMBER", Some(&args.number)),
        ("--customer", args.customer.as_ref()),
        ("--reference", args.reference.as_ref()),
    ] {
        format::check_text(what, text.map(String::as_str), limits::TEXT_FIELD)?;
    }
    let order = Order {
        number: args.number.clone(),
        reference: args.reference.clone(),
        customer: args.customer.clone(),
        product: args.product.clone(),
        version: args.version.clone(),
        term: args.term.read(args.from.as_deref())?,
        lines: lines(&args.lines, desk.operator().product(&args.product)?)?,
        overdraft: args.overdraft,
    };
    let account = args.account.as_deref().map(str::parse::<AccountName>).transpose()?;
    let code = OrderCode::from_digest(&session.random()?);
    let operator = desk.operator();
    let book = |book: &mut dyn Book| {
        let (order, account) = (order.clone(), account.clone());
        match args.again {
            true => desk::book_order_again(&operator, book, order, account, code),
            false => desk::book_order(&operator, book, order, account, code),
        }
    };
    // A dry run first: the question comes only if the booking can succeed.
    let planned = (args.dry_run || !args.yes).then(|| desk_home::dry_run(&desk, book)).transpose()?;
    if let Some(planned) = planned.as_ref().filter(|_| args.dry_run) {
        dry_run(planned, session);
        return Ok(Outcome::Done);
    }
    // For an order that is booked already, an existing page with the same content is fine.
    if let Some(page) = &args.page
        && (args.again || desk.read(|book| ledger::order(book, &args.number))?.is_none())
    {
        sheet::refuse_existing(session, page, args.force)?;
    }
    let proposed = planned.filter(|planned| !planned.already);
    if let Some(proposed) = &proposed {
        shown(proposed, session).lines().iter().for_each(|line| session.screen.line(line));
        session.confirm("Book this order?", false, "nothing was booked")?;
    }
    let booked = desk_home::work(session, &desk, "order", book)?;
    if booked.already {
        session.screen.talk("note: this same order is booked already; nothing was changed");
        if booked.pool.cancelled {
            session.screen.talk("note: it is closed; to book its number again under a new code, add --again");
        }
    }
    match proposed.is_some() && !booked.already {
        true => session.screen.line(&format!("code       {}", booked.pool.code)),
        false => session.screen.each([&view::Order::of(&booked.pool)], session.now),
    }
    let mut value = json!(view::Order::of(&booked.pool));
    value["already"] = json!(booked.already);
    if let Some(page) = &args.page {
        sheet::write(session, &desk, &booked.pool, page, args.force)?;
        session.screen.line(&format!("sheet      written to {}", page.display()));
        value["page"] = json!(page.display().to_string());
    }
    session.screen.json("order", value);
    Ok(Outcome::Done)
}

/// The order; one that isn't booked has no code to show.
fn shown(booked: &Booked, session: &Session) -> Rows {
    let rows = view::Order::of(&booked.pool).rows(session.now);
    if booked.already { rows } else { rows.without("code") }
}

fn dry_run(booked: &Booked, session: &mut Session) {
    shown(booked, session).lines().iter().for_each(|line| session.screen.line(line));
    session.screen.line("nothing was booked");
    let mut value = json!(view::Order::of(&booked.pool));
    value["already"] = json!(booked.already);
    if !booked.already {
        value["code"] = json!(null);
    }
    session.screen.json("order-dry-run", value);
}
