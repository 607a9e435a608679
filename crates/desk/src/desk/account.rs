//! Customer accounts and groups.

use crate::ledger::{self, Act, Book, Customer};
use crate::orders::AccountName;
use airlatch_core::model::{Cause, Error, Reason, Result, Subject};

use super::Operator;
use super::operator::not_booked;

/// Opens an account or changes it. Returns whether something changed.
///
/// # Errors
/// `not-booked` if its group is not an account, `bad-field` if the group is itself a member of a group, or the reverse.
pub fn open_account(operator: &Operator<'_>, book: &mut dyn Book, customer: Customer) -> Result<bool> {
    if ledger::customer(book, &customer.name)?.as_ref() == Some(&customer) {
        return Ok(false);
    }
    if let Some(group) = &customer.group {
        let head = account(book, group)?;
        if head.group.is_some() || *group == customer.name {
            let message = format!("`{group}` can't be a group: it is a member of one, or the account itself");
            return Err(Error::new(Reason::BadField, message).at("group"));
        }
        if ledger::customers(book)?.iter().any(|other| other.group.as_ref() == Some(&customer.name)) {
            let message = format!("`{}` can't be a member of a group: it is a group", customer.name);
            return Err(Error::new(Reason::BadField, message).at("group"));
        }
    }
    operator.post(book, Act::Account(customer), Vec::new(), None)?;
    Ok(true)
}

/// The account with this name.
///
/// # Errors
/// `not-booked`, with the names of existing accounts.
pub fn account(book: &dyn Book, name: &AccountName) -> Result<Customer> {
    if let Some(customer) = ledger::customer(book, name)? {
        return Ok(customer);
    }
    let names: Vec<String> =
        ledger::customers(book)?.iter().take(20).map(|other| other.name.to_string()).collect();
    let names = if names.is_empty() { "none".into() } else { names.join(", ") };
    Err(not_booked(Cause::NoAccount, "account", name)
        .about(Subject::Account(name.to_string()))
        .detail(format!("there are  {names}")))
}
