//! `order new`: booked once, under the vendor's number.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::term::TermArgs;
use crate::cli::{Outcome, sheet};
use crate::cli::{args::DeskArgs, args::feature};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{FeatureName, OrderCode, Quantity};
use airlatch_desk::desk;
use airlatch_desk::ledger;
use airlatch_desk::orders::{AccountName, Order};

use super::lines::lines;
use crate::view::{self, View as _};

/// Book an order; its authorization code is made and shown
///
/// The same order once more changes nothing and shows the same code; the number with other content is refused.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order new 4711 --product call-services --line sessions=100 --line voicemail --term '1 year'
  airlatch order new 4712 --product pbx --line PBX#15 --line PBX#30@15 --permanent --customer 'ACME Ltd'
  airlatch order new 4713 --product phone --line video=500 --permanent --page 4713.html")]
pub(super) struct New {
    /// The vendor's order number
    #[arg(value_name = "NUMBER")]
    number: String,

    /// The product
    #[arg(long, value_name = "ID")]
    product: String,

    /// Its version
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,

    /// What was bought, and how many; once for each
    #[arg(long = "line", value_name = "ARTICLE[=N]", value_parser = feature, required = true)]
    lines: Vec<(FeatureName, Quantity)>,

    #[command(flatten)]
    term: TermArgs,

    /// The first day on which it may be used
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// The customer, as it stands on sheet and license
    #[arg(long, value_name = "TEXT")]
    customer: Option<String>,

    /// The customer's own reference
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    /// Add it to this account at once
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// So many percent of each line may be taken beyond the order, to be invoiced
    #[arg(long, value_name = "PERCENT", default_value_t = 0)]
    overdraft: u8,

    /// Write the order sheet as a page to print, with a QR code
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// Show what would be booked; book nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &New, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
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
        lines: lines(&args.lines)?,
        overdraft: args.overdraft,
    };
    let account = args.account.as_deref().map(str::parse::<AccountName>).transpose()?;
    let code = OrderCode::from_digest(&session.random()?);
    let operator = desk.operator();
    if args.dry_run {
        let booked =
            desk_home::try_out(&desk, |book| desk::book_order(&operator, book, order, account, code))?;
        let rows = view::Order::of(&booked.pool).rows(session.now);
        // The code of a booking that isn't made means nothing.
        let rows = if booked.already { rows } else { rows.without("code") };
        rows.lines().iter().for_each(|line| session.screen.line(line));
        session.screen.line("nothing was booked");
        let mut value = json!(view::Order::of(&booked.pool));
        value["already"] = json!(booked.already);
        if !booked.already {
            value["code"] = json!(null);
        }
        session.screen.json("order-dry-run", value);
        return Ok(Outcome::Done);
    }
    // An order that is booked already keeps its page too, if that is the same.
    if let Some(page) = &args.page
        && desk.read(|book| ledger::order(book, &args.number))?.is_none()
    {
        sheet::refuse_standing(session, page)?;
    }
    let booked = desk_home::work(session, &desk, "order", |book| {
        desk::book_order(&operator, book, order, account, code)
    })?;
    if booked.already {
        session.screen.talk("note: this order was booked before, just so; nothing was changed");
    }
    session.screen.each([&view::Order::of(&booked.pool)], session.now);
    let mut value = json!(view::Order::of(&booked.pool));
    value["already"] = json!(booked.already);
    if let Some(page) = &args.page {
        sheet::write(session, &desk, &booked.pool, page, false)?;
        session.screen.line(&format!("sheet      written to {}", page.display()));
        value["page"] = json!(page.display().to_string());
    }
    session.screen.json("order", value);
    Ok(Outcome::Done)
}
