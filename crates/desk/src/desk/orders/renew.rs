//! Renews a code: changes its term, while units keep what they hold and get new licenses without a charge.

use crate::catalog::GrantTerm;
use crate::desk::Operator;
use crate::ledger::{Act, Book, DeskTimes, Query};
use crate::orders::Pool;
use airlatch_core::model::{OrderCode, Result, Time};

use super::book_order::check_term;
use super::{JUST_NOW_SECONDS, active_pool, pool};

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

/// The term of a code before its last renewal, and when that was booked, if it was within minutes: the same may be run again
/// after an interruption.
///
/// # Errors
/// `not-booked`, and those of the ledger.
pub fn renewed_just_now(
    operator: &Operator<'_>,
    book: &dyn Book,
    code: OrderCode,
) -> Result<Option<(GrantTerm, Time)>> {
    let Some((number, former)) = pool(book, code)?.former_terms.pop() else { return Ok(None) };
    let query =
        Query { acts: vec!["renewed"], after: number.saturating_sub(1), limit: 1, ..Query::default() };
    let times = DeskTimes::of(book)?;
    let last = book.entries(&query)?.into_iter().find(|entry| entry.number == number);
    let time = last.map(|entry| times.time(&entry));
    Ok(time.filter(|time| *time >= operator.now.plus_seconds(-JUST_NOW_SECONDS)).map(|time| (former, time)))
}
