//! Adding a code to a customer's account: once for ever.

use crate::desk::Operator;
use crate::ledger::{Act, Book};
use crate::orders::{AccountName, Pool};
use airlatch_core::model::{Error, OrderCode, Reason, Result};

use super::{active_pool, pool};

/// Adds a code to an account.
///
/// # Errors
/// `not-booked`, `cancelled`, and `already-added` when it belongs to an account, be it the same one.
pub fn add_code(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    code: OrderCode,
    account: &AccountName,
) -> Result<Pool> {
    let existing = active_pool(book, code)?;
    crate::desk::account(book, account)?;
    if let Some(owner) = &existing.account {
        let owner_name =
            if owner == account { "this account".to_owned() } else { format!("account `{owner}`") };
        let message = format!("{code} was added to {owner_name} already");
        return Err(Error::new(Reason::AlreadyAdded, message));
    }
    operator.post(book, Act::Added { code, account: account.clone() }, Vec::new(), None)?;
    pool(book, code)
}
