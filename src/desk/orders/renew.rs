//! Giving a code another term: the holdings stay, the licenses are issued anew without charge.

use crate::desk::Clerk;
use crate::ledger::{Act, Book};
use crate::model::{GrantTerm, OrderCode, Pool, Reason, Result, Trouble};

use super::{living_pool, pool};

/// Renews a code; the same term once more changes nothing.
///
/// # Errors
/// `not-booked`, `cancelled`, `bad-time` when the new term is over already.
pub fn renew(clerk: &Clerk<'_>, book: &mut dyn Book, code: OrderCode, term: GrantTerm) -> Result<Pool> {
    let there = living_pool(book, code)?;
    if there.order.term == term {
        return Ok(there);
    }
    let dates = term.starting(clerk.now.start_of_day())?;
    if let Some(end) = dates.until.filter(|end| *end <= clerk.now) {
        return Err(
            Trouble::new(Reason::BadTime, format!("the term is over already: it ends at {end}")).at("term")
        );
    }
    clerk.post(book, Act::Renewed { code, term }, Vec::new(), None)?;
    pool(book, code)
}
