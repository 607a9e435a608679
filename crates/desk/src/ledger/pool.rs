//! What became of a code: the order behind it and what is left on it.

use crate::catalog::GrantTerm;
use crate::orders::{Lines, Order, Pool};
use airlatch_core::model::{Error, OrderCode, Reason, Result};

use super::{Act, BalancesOf, Book, Entry, Query, Transfer};

/// A code with all that is known of it; none when it was neither booked nor passed on.
///
/// A code that was passed on has the order number, product and version of the order at the beginning, and the term that
/// the code it came from had at that moment; what is renewed later is renewed for one code alone. Its lines are what was
/// passed on, it can't be overdrawn, and the customer's name and reference stay with whoever ordered.
///
/// # Errors
/// `damaged-ledger`, `too-large` when amounts don't add up in 64 bits, and those of storage.
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
    };
    for entry in &entries {
        match &entry.act {
            Act::Ordered { account: Some(account), .. } | Act::Added { account, .. } => {
                pool.account = Some(account.clone());
            }
            Act::Cancelled { .. } => {
                pool.cancelled = true;
                add(&mut pool.returned, &entry.transfers)?;
            }
            Act::Overdrawn { .. } => add(&mut pool.overdrawn, &entry.transfers)?,
            _ => {}
        }
    }
    for entry in book.entries(&Query { parent: Some(code), ..Query::default() })? {
        add(&mut pool.passed, &entry.transfers)?;
    }
    Ok(Some(pool))
}

/// The order with this number as it was booked, and its code.
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

/// Adds what moved to lines.
///
/// # Errors
/// `too-large` beyond 63 bits.
pub(super) fn add<'a>(lines: &mut Lines, transfers: impl IntoIterator<Item = &'a Transfer>) -> Result<()> {
    for transfer in transfers {
        let line = lines.entry(transfer.article.clone()).or_default();
        let sum = line.checked_add(transfer.quantity).filter(|sum| i64::try_from(*sum).is_ok());
        *line = sum.ok_or_else(|| {
            Error::new(Reason::TooLarge, format!("the sum of {} has no room in 64 bits", transfer.article))
        })?;
    }
    Ok(())
}

struct Origin {
    order: Order,
    parent: Option<(OrderCode, String)>,
}

/// Where a code comes from, told by the entries about it.
fn origin(book: &dyn Book, entries: &[Entry]) -> Result<Option<Origin>> {
    let mut parent = None;
    let mut lines = None;
    let mut renewed: Option<GrantTerm> = None;
    let mut entries = entries.to_vec();
    // Each turn looks only before the entry that passed the part on, so it ends, whatever the ledger says.
    loop {
        let Some(first) = entries.iter().find(|entry| begins(&entry.act)) else {
            return Ok(None);
        };
        renewed = renewed.or_else(|| entries.iter().rev().find_map(term_of));
        let (from, recipient) = match &first.act {
            Act::Passed { from, recipient, .. } => (*from, recipient.clone()),
            Act::Ordered { order, .. } => {
                return Ok(Some(Origin { order: inherited(order, lines, renewed), parent }));
            }
            _ => return Ok(None),
        };
        if lines.is_none() {
            let mut own = Lines::new();
            add(&mut own, &first.transfers)?;
            lines = Some(own);
            parent = Some((from, recipient));
        }
        let number = first.number;
        let acts = vec!["ordered", "passed", "renewed"];
        entries = book.entries(&Query { acts, code: Some(from), ..Query::default() })?;
        entries.retain(|entry| entry.number < number);
    }
}

fn begins(act: &Act) -> bool {
    matches!(act, Act::Ordered { .. } | Act::Passed { .. })
}

fn term_of(entry: &Entry) -> Option<GrantTerm> {
    match &entry.act {
        Act::Renewed { term, .. } => Some(term.clone()),
        _ => None,
    }
}

/// The order as a code has it: its own lines where it was passed on, and the last term.
fn inherited(order: &Order, lines: Option<Lines>, term: Option<GrantTerm>) -> Order {
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
    let balances = book.balances(BalancesOf::Pool(code))?;
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
