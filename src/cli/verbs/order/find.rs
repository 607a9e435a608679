//! Finds a code by itself, by its order number, or by the reference under which it was passed on.

use airlatch_core::model::{Cause, Error, OrderCode, Reason};
use airlatch_desk::desk;
use airlatch_desk::ledger::{self, Book};
use airlatch_desk::orders::Pool;

/// The pool of a code or order number.
pub(in crate::cli) fn find(book: &dyn Book, named: &str) -> airlatch_core::model::Result<Pool> {
    let code = match named.parse::<OrderCode>() {
        Ok(code) => code,
        Err(error) => match of_number(book, named)? {
            Some(code) => code,
            // A text as long as a code is a mistyped code, not an order number.
            None if named.len() >= 25 => return Err(error),
            None => {
                let what = format!("the ledger has no order or code `{named}`");
                return Err(Error::new(Reason::NotBooked, what).because(Cause::NoOrder));
            }
        },
    };
    desk::pool(book, code)
}

/// The code of an order number, or of the reference under which it was passed on.
fn of_number(book: &dyn Book, number: &str) -> airlatch_core::model::Result<Option<OrderCode>> {
    match ledger::order(book, number)? {
        Some((_, code)) => Ok(Some(code)),
        None => ledger::passed_as(book, number),
    }
}

/// The codes named by codes or order numbers.
pub(in crate::cli) fn codes(
    book: &dyn Book,
    named: &[String],
) -> airlatch_core::model::Result<Vec<OrderCode>> {
    named.iter().map(|named| find(book, named).map(|pool| pool.code)).collect()
}
