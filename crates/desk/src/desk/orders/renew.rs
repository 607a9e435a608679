//! Renews a code: changes its term, while units keep what they hold and get new licenses without a charge.

use crate::catalog::GrantTerm;
use crate::desk::Operator;
use crate::ledger::{Act, Book};
use crate::orders::Pool;
use airlatch_core::model::{OrderCode, Result};

use super::book_order::check_term;
use super::{active_pool, pool};

/// Renews a code; the same term changes nothing.
///
/// # Errors
/// `not-booked`, `cancelled`, `bad-time` if the new term is already over or too long.
pub fn renew(operator: &Operator<'_>, book: &mut dyn Book, code: OrderCode, term: GrantTerm) -> Result<Pool> {
    let current = active_pool(book, code)?;
    if current.order.term == term {
        return Ok(current);
    }
    check_term(&term, operator.now)?;
    operator.post(book, Act::Renewed { code, term }, Vec::new(), None)?;
    pool(book, code)
}
