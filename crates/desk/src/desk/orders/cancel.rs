//! Cancels a code: what is left on it can no longer be charged; issued licenses stay valid.

use crate::desk::Operator;
use crate::ledger::{Act, Book, Holder, Transfer};
use crate::orders::Lines;
use airlatch_core::model::{OrderCode, Result};

use super::active_pool;

/// Cancels a code and returns the quantities that were left.
///
/// # Errors
/// `not-booked`, `cancelled`.
pub fn cancel(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    code: OrderCode,
    note: Option<String>,
) -> Result<Lines> {
    let pool = active_pool(book, code)?;
    let transfers = pool
        .left
        .iter()
        .filter(|(_, quantity)| **quantity > 0)
        .map(|(article, quantity)| Transfer {
            article: article.clone(),
            quantity: *quantity,
            from: Holder::Pool(code),
            to: Holder::Returned,
        })
        .collect();
    operator.post(book, Act::Cancelled { code, note }, transfers, None)?;
    Ok(pool.left)
}
