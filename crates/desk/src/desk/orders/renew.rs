//! Giving a code another term: the holdings stay, the licenses are issued anew without charge.

use crate::catalog::GrantTerm;
use crate::desk::Operator;
use crate::ledger::{Act, Book};
use crate::orders::Pool;
use airlatch_core::model::{OrderCode, Result};

use super::book::check_term;
use super::{active_pool, pool};

/// Renews a code; the same term once more changes nothing.
///
/// # Errors
/// `not-booked`, `cancelled`, `bad-time` when the new term is over already, or longer than anybody means.
pub fn renew(operator: &Operator<'_>, book: &mut dyn Book, code: OrderCode, term: GrantTerm) -> Result<Pool> {
    let current = active_pool(book, code)?;
    if current.order.term == term {
        return Ok(current);
    }
    check_term(&term, operator.now)?;
    operator.post(book, Act::Renewed { code, term }, Vec::new(), None)?;
    pool(book, code)
}
