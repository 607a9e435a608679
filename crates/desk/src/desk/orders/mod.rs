//! Orders: booked, added to an account, passed on, renewed, cancelled.

mod add;
mod book;
mod cancel;
mod pass;
mod renew;

pub use add::add_code;
pub use book::{Booked, book_order};
pub use cancel::cancel;
pub use pass::pass_on;
pub use renew::renew;

use crate::ledger::{self, Book};
use crate::orders::Pool;
use airlatch_core::model::{Error, OrderCode, Reason, Result};

use super::operator::not_booked;

/// The pool of a code.
///
/// # Errors
/// `not-booked`.
pub fn pool(book: &dyn Book, code: OrderCode) -> Result<Pool> {
    ledger::pool(book, code)?.ok_or_else(|| not_booked("code", code))
}

/// Refuses a new code that is in use: then it was not random, and two orders would share what is left.
fn refuse_used_code(book: &dyn Book, code: OrderCode) -> Result<()> {
    match ledger::pool(book, code)? {
        Some(_) => Err(Error::new(Reason::Internal, format!("the new code {code} is in use already"))),
        None => Ok(()),
    }
}

/// The pool of a code that can still be used.
fn active_pool(book: &dyn Book, code: OrderCode) -> Result<Pool> {
    let pool = pool(book, code)?;
    if pool.cancelled {
        let message = format!("what was left on {code} has been taken back");
        return Err(Error::new(Reason::Cancelled, message).detail(format!("order  {}", pool.order.number)));
    }
    Ok(pool)
}
