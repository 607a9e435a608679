//! `order`: what was bought, as codes: booked, added to accounts, passed on, renewed, cancelled, printed.

mod add;
mod cancel;
mod list;
mod new;
mod pass;
mod renew;
mod show;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cli::Outcome;
use crate::cli::session::Session;
use airlatch_core::model::{FeatureName, OrderCode, Quantity, Reason, Trouble};
use airlatch_desk::desk;
use airlatch_desk::ledger::{self, Book};
use airlatch_desk::orders::{Lines, Pool};

/// Book what was bought, and look after its authorization codes
#[derive(Args)]
pub(in crate::cli) struct Order {
    #[command(subcommand)]
    verb: OrderVerb,
}

#[derive(Subcommand)]
enum OrderVerb {
    New(new::New),
    Add(add::Add),
    Show(show::Show),
    List(list::List),
    Pass(pass::Pass),
    Renew(renew::Renew),
    Cancel(cancel::Cancel),
}

pub(in crate::cli) fn run(args: &Order, session: &mut Session) -> Result<Outcome> {
    match &args.verb {
        OrderVerb::New(args) => new::run(args, session),
        OrderVerb::Add(args) => add::run(args, session),
        OrderVerb::Show(args) => show::run(args, session),
        OrderVerb::List(args) => list::run(args, session),
        OrderVerb::Pass(args) => pass::run(args, session),
        OrderVerb::Renew(args) => renew::run(args, session),
        OrderVerb::Cancel(args) => cancel::run(args, session),
    }
}

/// What a no to a question leaves behind.
const UNDONE: &str = "nothing was changed";

/// Articles with their quantities; one named without a number is one.
fn lines(named: &[(FeatureName, Quantity)]) -> Result<Lines> {
    let mut lines = Lines::new();
    for (name, quantity) in named {
        let quantity = match quantity {
            Quantity::On => 1,
            Quantity::Count(number) => *number,
        };
        if lines.insert(name.clone(), quantity).is_some() {
            return Err(Trouble::new(Reason::BadValue, format!("`{name}` is named twice")).into());
        }
    }
    Ok(lines)
}

/// The pool of what was named: a code, or the number of an order.
pub(in crate::cli) fn find(book: &dyn Book, named: &str) -> airlatch_core::model::Result<Pool> {
    let code = match named.parse::<OrderCode>() {
        Ok(code) => code,
        Err(trouble) => match ledger::order(book, named)? {
            Some((_, code)) => code,
            // What looks like a code is one that was mistyped, not the number of an order.
            None if named.len() >= 25 => return Err(trouble),
            None => {
                let what = format!("the ledger has no order or code `{named}`");
                return Err(Trouble::new(Reason::NotBooked, what));
            }
        },
    };
    desk::pool(book, code)
}

/// The codes that were named, each by itself or by its order's number.
pub(in crate::cli) fn codes(
    book: &dyn Book,
    named: &[String],
) -> airlatch_core::model::Result<Vec<OrderCode>> {
    named.iter().map(|named| find(book, named).map(|pool| pool.code)).collect()
}
