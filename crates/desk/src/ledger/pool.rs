//! The pool of a code, and orders, computed from their entries.

use crate::catalog::GrantTerm;
use crate::orders::{Lines, Order, Pool, composed};
use airlatch_core::model::{Error, OrderCode, Reason, Result, Time};

use super::{Act, BalanceFilter, Book, Entry, Holder, Query, Reversed, Transfer};

/// The pool of a code; `None` if the code was neither booked nor passed on.
///
/// A code that was passed on has the order number, product and version of the original order, and the term that its parent
/// code had at that moment; a later renewal applies to one code only. Its lines are what was passed on. It allows no
/// overdraft, and it has the reference of its recipient instead of the customer and reference of the original order.
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
        booked: origin.booked,
        order: origin.order,
        account: None,
        parent: origin.parent,
        cancelled: false,
        reversed: false,
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
            Act::Corrected { customer, reference, .. } => {
                correct(&mut pool.order, customer, reference, &entry.transfers)?;
            }
            Act::Reversed(reversal) => match reversal.of {
                Reversed::Order { .. } | Reversed::Passing { .. } => {
                    (pool.cancelled, pool.reversed) = (true, true);
                    add_transfers(&mut pool.returned, &entry.transfers)?;
                }
                Reversed::Cancellation { .. } => {
                    pool.cancelled = false;
                    subtract_transfers(&mut pool.returned, &entry.transfers)?;
                }
                Reversed::Addition { .. } => pool.account = None,
                Reversed::Renewal { .. } | Reversed::License { .. } => {}
            },
            _ => {}
        }
    }
    for entry in book.entries(&Query { parent: Some(code), ..Query::default() })? {
        match entry.act {
            Act::Reversed(_) => subtract_transfers(&mut pool.passed, &entry.transfers)?,
            _ => add_transfers(&mut pool.passed, &entry.transfers)?,
        }
    }
    Ok(Some(pool))
}

/// Changes an order as a correction says.
fn correct(
    order: &mut Order,
    customer: &Option<String>,
    reference: &Option<String>,
    transfers: &[Transfer],
) -> Result<()> {
    order.customer = customer.clone().or(order.customer.take());
    order.reference = reference.clone().or(order.reference.take());
    let (more, less): (Vec<_>, Vec<_>) = transfers.iter().partition(|it| it.from == Holder::Source);
    add_transfers(&mut order.lines, more)?;
    subtract_transfers(&mut order.lines, less)
}

/// The last order booked with this number, as it was booked, and its code.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn order(book: &dyn Book, number: &str) -> Result<Option<(Order, OrderCode)>> {
    let (acts, order) = (vec!["ordered"], Some(composed(number)));
    // The number of a cancelled order may be booked again.
    let query = Query { acts, order, backwards: true, limit: 1, ..Query::default() };
    Ok(book.entries(&query)?.into_iter().find_map(|entry| match entry.act {
        Act::Ordered { code, order, .. } => Some((order, code)),
        _ => None,
    }))
}

/// The code that was passed on under this reference of its recipient.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn passed_as(book: &dyn Book, reference: &str) -> Result<Option<OrderCode>> {
    let (acts, order) = (vec!["passed"], Some(composed(reference)));
    let query = Query { acts, order, limit: 1, ..Query::default() };
    Ok(book.entries(&query)?.into_iter().find_map(|entry| match entry.act {
        Act::Passed { to, .. } => Some(to),
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

/// Subtracts the quantities of transfers from lines; a line of nothing is removed.
///
/// # Errors
/// `damaged-ledger` below zero.
pub(super) fn subtract_transfers<'a>(
    lines: &mut Lines,
    transfers: impl IntoIterator<Item = &'a Transfer>,
) -> Result<()> {
    for Transfer { article, quantity, .. } in transfers {
        let rest = lines.get(article).and_then(|line| line.checked_sub(*quantity)).ok_or_else(|| {
            Error::new(
                Reason::DamagedLedger,
                format!("{quantity} of {article} are reversed, more than there were"),
            )
        })?;
        match rest {
            0 => lines.remove(article),
            rest => lines.insert(article.clone(), rest),
        };
    }
    Ok(())
}

struct Origin {
    booked: Time,
    order: Order,
    parent: Option<(OrderCode, String)>,
    former_terms: Vec<(u64, GrantTerm)>,
}

/// The original order of a code, from the entries about the code and about those it was passed on from.
fn origin(book: &dyn Book, entries: &[Entry]) -> Result<Option<Origin>> {
    let mut booked = None;
    let mut parent = None;
    let mut own = None;
    // The renewals of this code, without those of its parents.
    let renewals: Vec<(u64, GrantTerm)> =
        entries.iter().filter_map(|entry| Some((entry.number, renewed_term(entry)?))).collect();
    // The term that the code had when it was passed on: that of the nearest parent code that was renewed before.
    let mut inherited: Option<GrantTerm> = None;
    let mut entries = entries.to_vec();
    // Each iteration reads only entries before the one that passed the part on, so the loop ends even in a damaged ledger.
    loop {
        let Some(first) = entries.iter().find(|entry| creates_code(&entry.act)) else {
            return Ok(None);
        };
        if own.is_some() {
            inherited = inherited.or_else(|| entries.iter().rev().find_map(renewed_term));
        }
        let (from, recipient, reference) = match &first.act {
            Act::Passed { from, recipient, reference, .. } => (*from, recipient.clone(), reference.clone()),
            Act::Ordered { order, .. } => {
                let first_term = inherited.unwrap_or_else(|| order.term.clone());
                let term = renewals.last().map_or(&first_term, |(_, term)| term).clone();
                let order = order_of_code(order, own, term);
                let booked = booked.unwrap_or(first.time);
                return Ok(Some(Origin {
                    booked,
                    order,
                    parent,
                    former_terms: former_terms(first_term, renewals),
                }));
            }
            _ => return Ok(None),
        };
        if own.is_none() {
            let mut lines = Lines::new();
            add_transfers(&mut lines, &first.transfers)?;
            own = Some((lines, reference));
            booked = Some(first.time);
            parent = Some((from, recipient));
        }
        let number = first.number;
        let acts = vec!["ordered", "passed", "renewed", "reversed"];
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
        Act::Reversed(reversal) => match &reversal.of {
            Reversed::Renewal { term, .. } => Some(term.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The order of a code with its term, and with its own lines and reference if it was passed on.
fn order_of_code(order: &Order, own: Option<(Lines, Option<String>)>, term: GrantTerm) -> Order {
    let order = Order { term, ..order.clone() };
    match own {
        None => order,
        Some((lines, reference)) => Order { lines, overdraft: 0, reference, customer: None, ..order },
    }
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
