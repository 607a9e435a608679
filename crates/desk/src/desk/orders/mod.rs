//! Orders: booking, adding to an account, passing on, renewing, cancelling.

mod add;
mod book_order;
mod cancel;
mod correct;
mod pass;
mod renew;

pub use add::add_code;
pub use book_order::{Booked, book_order, book_order_again};
pub use cancel::cancel;
pub use correct::{Correction, correct};
pub use pass::{Recipient, pass_on, passed_before};
pub use renew::{renew, renewed_just_now};

use crate::ledger::{self, Book};
use crate::orders::Pool;
use airlatch_core::model::{Cause, Error, OrderCode, Reason, Result};

use super::operator::not_booked;

/// Within this time the same act is taken for a rerun of one that was interrupted.
const JUST_NOW_SECONDS: i64 = 600;

/// The pool of a code.
///
/// # Errors
/// `not-booked`.
pub fn pool(book: &dyn Book, code: OrderCode) -> Result<Pool> {
    ledger::pool(book, code)?.ok_or_else(|| not_booked(Cause::NoCode, "code", code))
}

/// Refuses a new code that is already in use: two orders would share one pool.
fn refuse_used_code(book: &dyn Book, code: OrderCode) -> Result<()> {
    match ledger::pool(book, code)? {
        Some(_) => Err(Error::new(Reason::Internal, format!("the new code {code} is already in use"))),
        None => Ok(()),
    }
}

/// The pool of a code that is neither cancelled nor reversed.
pub(super) fn active_pool(book: &dyn Book, code: OrderCode) -> Result<Pool> {
    let pool = pool(book, code)?;
    if pool.cancelled {
        let message = format!("{code} was {}", pool.closed_word());
        return Err(Error::new(Reason::Cancelled, message).detail(format!("order  {}", pool.order.number)));
    }
    Ok(pool)
}
