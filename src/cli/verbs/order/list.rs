//! `order list`: all codes.

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::args::{DeskArgs, FormArgs};
use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::table::{Column, Table};
use crate::desk;

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
    let desk = DeskHome::of(session, &args.desk)?;
    let account = args.account.as_deref().map(str::parse).transpose()?;
    let pools = desk.look(session, |book| desk::pools(book, account.as_ref()))?;
    let mut table = Table::new(
        [
            Column::text("order", "order"),
            Column::text("code", "code"),
            Column::text("product", "product"),
            Column::text("account", "account"),
            Column::text("customer", "customer"),
            Column::text("term", "term"),
            Column::text("state", "state"),
        ],
        "no order yet",
    );
    for pool in pools {
        let state = match (&pool.parent, pool.cancelled) {
            (_, true) => "cancelled".to_owned(),
            (Some((_, recipient)), false) => format!("passed on to {recipient}"),
            (None, false) => "open".to_owned(),
        };
        let order = pool.order;
        table.add([
            order.number,
            pool.code.to_string(),
            order.product,
            pool.account.map(|account| account.to_string()).unwrap_or_default(),
            order.customer.unwrap_or_default(),
            order.term.to_string(),
            state,
        ]);
    }
    table.show(session, "orders", args.form.tsv);
    Ok(Outcome::Done)
}
