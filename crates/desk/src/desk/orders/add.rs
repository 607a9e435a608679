//! Adds a code to a customer account, once and for all.

use crate::desk::Operator;
use crate::ledger::{Act, Book};
use crate::orders::{AccountName, Pool};
use airlatch_core::model::{Error, OrderCode, Reason, Result};

use super::{active_pool, pool};

/// Adds a code to an account.
///
/// # Errors
/// `not-booked`, `cancelled`, `already-added` if it belongs to an account, even the same one.
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
        let message = format!("{code} was already added to {owner_name}");
        return Err(Error::new(Reason::AlreadyAdded, message));
    }
    operator.post(book, Act::Added { code, account: account.clone() }, Vec::new(), None)?;
    pool(book, code)
}
