//! `order list`: all codes.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{args::DeskArgs, args::FormArgs};
use crate::cli::{table::Column, table::Table};
use airlatch_desk::desk;

/// List orders and codes
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order list
  airlatch order list --account acme --tsv")]
pub(super) struct List {
    /// Only those of this account and its group
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &List, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let account = args.account.as_deref().map(str::parse).transpose()?;
    let pools = desk.look(|book| desk::pools(book, account.as_ref()))?;
    let mut table = Table::new(
        [
            Column::text("order", "order"),
            Column::text("code", "code"),
            Column::text("product", "product"),
            Column::text("account", "account"),
            Column::text("customer", "customer"),
            Column::text("state", "state").unless("open"),
            Column::text("term", "term"),
            Column::text("from", "passed on from"),
        ],
        "no order yet",
    );
    for pool in pools {
        // The one on the sheet: whoever got a part of an order is the customer of that part.
        let (from, recipient) = pool.parent.unzip();
        let state = if pool.cancelled { "cancelled" } else { "open" };
        let order = pool.order;
        table.add([
            order.number,
            pool.code.to_string(),
            order.product,
            pool.account.map(|account| account.to_string()).unwrap_or_default(),
            recipient.or(order.customer).unwrap_or_default(),
            state.to_owned(),
            order.term.to_string(),
            from.map(|code| code.to_string()).unwrap_or_default(),
        ]);
    }
    table.show(session, "orders", args.form.tsv);
    Ok(Outcome::Done)
}
