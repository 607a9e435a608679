//! Customer accounts and their codes.

use std::collections::{BTreeMap, BTreeSet};

use crate::orders::AccountName;
use airlatch_core::model::{OrderCode, Result};

use super::{Act, Book, Customer, Entry, Query, Reversal, Reversed};

/// The latest state of all accounts, sorted by name.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn customers(book: &dyn Book) -> Result<Vec<Customer>> {
    let entries = book.entries(&Query { acts: vec!["account"], ..Query::default() })?;
    let customers =
        entries.into_iter().filter_map(customer_of).map(|customer| (customer.name.clone(), customer));
    Ok(customers.collect::<BTreeMap<_, _>>().into_values().collect())
}

/// The latest state of the account with this name.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn customer(book: &dyn Book, name: &AccountName) -> Result<Option<Customer>> {
    let (acts, account) = (vec!["account"], Some(name.clone()));
    let query = Query { acts, account, backwards: true, limit: 1, ..Query::default() };
    Ok(book.entries(&query)?.into_iter().find_map(customer_of))
}

/// The codes that were booked for an account or added to it, in the order of the ledger. `with_group` includes those of all
/// accounts in the same group, and of the account that has the name of the group.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn codes_of(book: &dyn Book, account: &AccountName, with_group: bool) -> Result<Vec<OrderCode>> {
    let mut names = BTreeSet::from([account.clone()]);
    if with_group {
        let all = customers(book)?;
        let own = all.iter().find(|customer| customer.name == *account);
        let group = own.and_then(|customer| customer.group.as_ref()).unwrap_or(account);
        let members = all.iter().filter(|it| it.name == *group || it.group.as_ref() == Some(group));
        names.extend(members.map(|customer| customer.name.clone()));
    }
    let mut found = BTreeMap::new();
    for name in names {
        let acts = vec!["ordered", "added", "reversed"];
        for entry in book.entries(&Query { acts, account: Some(name), ..Query::default() })? {
            match entry.act {
                Act::Ordered { code, .. } | Act::Added { code, .. } => {
                    found.insert(entry.number, code);
                }
                Act::Reversed(Reversal { entry, of: Reversed::Addition { .. }, .. }) => {
                    found.remove(&entry);
                }
                _ => {}
            }
        }
    }
    let mut seen = BTreeSet::new();
    Ok(found.into_values().filter(|code| seen.insert(*code)).collect())
}

fn customer_of(entry: Entry) -> Option<Customer> {
    match entry.act {
        Act::Account(customer) => Some(customer),
        _ => None,
    }
}
