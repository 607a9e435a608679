//! Codes by what was named: the code itself, or the number of an order.

use airlatch_core::model::{Cause, Error, OrderCode, Reason};
use airlatch_desk::desk;
use airlatch_desk::ledger::{self, Book};
use airlatch_desk::orders::Pool;

/// The pool of what was named: a code, or the number of an order.
pub(in crate::cli) fn find(book: &dyn Book, named: &str) -> airlatch_core::model::Result<Pool> {
    let code = match named.parse::<OrderCode>() {
        Ok(code) => code,
        Err(error) => match ledger::order(book, named)? {
            Some((_, code)) => code,
            // What looks like a code is one that was mistyped, not the number of an order.
            None if named.len() >= 25 => return Err(error),
            None => {
                let what = format!("the ledger has no order or code `{named}`");
                return Err(Error::new(Reason::NotBooked, what).because(Cause::NoOrder));
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
