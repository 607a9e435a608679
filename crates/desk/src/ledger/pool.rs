//! The pool of a code, and orders, computed from their entries.

use crate::catalog::GrantTerm;
use crate::orders::{Lines, Order, Pool};
use airlatch_core::model::{Error, OrderCode, Reason, Result};

use super::{Act, BalanceFilter, Book, Entry, Query, Transfer};

/// The pool of a code; `None` if the code was neither booked nor passed on.
///
/// A code that was passed on has the order number, product and version of the original order, and the term that its parent
/// code had at that moment; a later renewal applies to one code only. Its lines are what was passed on. It allows no
/// overdraft, and it doesn't have the customer and reference of the original order.
///
/// # Errors
/// `damaged-ledger`, `too-large` if amounts exceed 64 bits, and those of storage.
pub fn pool(book: &dyn Book, code: OrderCode) -> Result<Option<Pool>> {
    let entries = book.entries(&Query { code: Some(code), ..Query::default() })?;
    let Some(origin) = origin(book, &entries)? else {
        return Ok(None);
    };
    let mut pool = Pool {
        code,
        order: origin.order,
        account: None,
        parent: origin.parent,
        cancelled: false,
        overdrawn: Lines::new(),
        passed: Lines::new(),
        returned: Lines::new(),
        left: left(book, code)?,
        former_terms: origin.former_terms,
    };
    for entry in &entries {
        match &entry.act {
            Act::Ordered { account: Some(account), .. } | Act::Added { account, .. } => {
                pool.account = Some(account.clone());
            }
            Act::Cancelled { .. } => {
                pool.cancelled = true;
                add_transfers(&mut pool.returned, &entry.transfers)?;
            }
            Act::Overdrawn { .. } => add_transfers(&mut pool.overdrawn, &entry.transfers)?,
            _ => {}
        }
    }
    for entry in book.entries(&Query { parent: Some(code), ..Query::default() })? {
        add_transfers(&mut pool.passed, &entry.transfers)?;
    }
    Ok(Some(pool))
}

/// The order with this number as booked, and its code.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn order(book: &dyn Book, number: &str) -> Result<Option<(Order, OrderCode)>> {
    let query = Query { acts: vec!["ordered"], order: Some(number.into()), limit: 1, ..Query::default() };
    Ok(book.entries(&query)?.into_iter().find_map(|entry| match entry.act {
        Act::Ordered { code, order, .. } => Some((order, code)),
        _ => None,
    }))
}

/// Adds the quantities of transfers to lines.
///
/// # Errors
/// `too-large` beyond 63 bits.
pub(super) fn add_transfers<'a>(
    lines: &mut Lines,
    transfers: impl IntoIterator<Item = &'a Transfer>,
) -> Result<()> {
    for transfer in transfers {
        let line = lines.entry(transfer.article.clone()).or_default();
        let sum = line.checked_add(transfer.quantity).filter(|sum| i64::try_from(*sum).is_ok());
        *line = sum.ok_or_else(|| {
            Error::new(Reason::TooLarge, format!("the sum of {} exceeds 64 bits", transfer.article))
        })?;
    }
    Ok(())
}

struct Origin {
    order: Order,
    parent: Option<(OrderCode, String)>,
    former_terms: Vec<(u64, GrantTerm)>,
}

/// The original order of a code, from the entries about the code and about those it was passed on from.
fn origin(book: &dyn Book, entries: &[Entry]) -> Result<Option<Origin>> {
    let mut parent = None;
    let mut lines = None;
    let mut renewed: Option<GrantTerm> = None;
    // The renewals of this code, without those of its parents, and the term before the first of them.
    let renewals: Vec<(u64, GrantTerm)> =
        entries.iter().filter_map(|entry| Some((entry.number, renewed_term(entry)?))).collect();
    let mut booked: Option<GrantTerm> = None;
    let mut entries = entries.to_vec();
    // Each iteration reads only entries before the one that passed the part on, so the loop ends even in a damaged ledger.
    loop {
        let Some(first) = entries.iter().find(|entry| creates_code(&entry.act)) else {
            return Ok(None);
        };
        let latest = entries.iter().rev().find_map(renewed_term);
        booked = booked.or_else(|| if lines.is_some() { latest.clone() } else { None });
        renewed = renewed.or(latest);
        let (from, recipient) = match &first.act {
            Act::Passed { from, recipient, .. } => (*from, recipient.clone()),
            Act::Ordered { order, .. } => {
                let first = booked.unwrap_or_else(|| order.term.clone());
                let former_terms = former_terms(first, renewals);
                return Ok(Some(Origin {
                    order: order_of_code(order, lines, renewed),
                    parent,
                    former_terms,
                }));
            }
            _ => return Ok(None),
        };
        if lines.is_none() {
            let mut own = Lines::new();
            add_transfers(&mut own, &first.transfers)?;
            lines = Some(own);
            parent = Some((from, recipient));
        }
        let number = first.number;
        let acts = vec!["ordered", "passed", "renewed"];
        entries = book.entries(&Query { acts, code: Some(from), ..Query::default() })?;
        entries.retain(|entry| entry.number < number);
    }
}

/// The term that ended with each renewal.
fn former_terms(first: GrantTerm, renewals: Vec<(u64, GrantTerm)>) -> Vec<(u64, GrantTerm)> {
    let mut term = first;
    renewals.into_iter().map(|(number, next)| (number, std::mem::replace(&mut term, next))).collect()
}

fn creates_code(act: &Act) -> bool {
    matches!(act, Act::Ordered { .. } | Act::Passed { .. })
}

fn renewed_term(entry: &Entry) -> Option<GrantTerm> {
    match &entry.act {
        Act::Renewed { term, .. } => Some(term.clone()),
        _ => None,
    }
}

/// The order of a code: with its own lines if it was passed on, and with the last term.
fn order_of_code(order: &Order, lines: Option<Lines>, term: Option<GrantTerm>) -> Order {
    let mut order = order.clone();
    if let Some(term) = term {
        order.term = term;
    }
    if let Some(lines) = lines {
        order = Order { lines, overdraft: 0, reference: None, customer: None, ..order };
    }
    order
}

fn left(book: &dyn Book, code: OrderCode) -> Result<Lines> {
    let balances = book.balances(BalanceFilter::Pool(code))?;
    let line = |balance: super::Balance| {
        let quantity = u64::try_from(balance.quantity);
        let below = |_| {
            Error::new(Reason::DamagedLedger, format!("{} is below zero", balance.holder))
                .at(&balance.article)
        };
        Ok((balance.article.clone(), quantity.map_err(below)?))
    };
    balances.into_iter().map(line).collect()
}
