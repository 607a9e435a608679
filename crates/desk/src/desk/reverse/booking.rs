//! Reverses what was booked about a code: an order, an addition, a passing on, a cancellation, a renewal.

use std::collections::BTreeSet;

use crate::desk::orders::{active_pool, pool};
use crate::ledger::{self, Act, Book, Entry, Holder, Query, Reversed, Transfer};
use crate::orders::{Lines, Pool};
use airlatch_core::model::{Cause, Error, OrderCode, Result, Subject, Unit};

use super::dependents::{about_code, came_back, passed_on, standing};
use super::planned::{Remaining, Undone};
use super::refusal::{depended_on, not_reversible};

/// What undoes an entry that issued no license.
pub(super) fn undone(book: &dyn Book, entry: &Entry) -> Result<Undone> {
    let number = entry.number;
    match &entry.act {
        Act::Ordered { code, .. } => order(book, number, *code),
        Act::Added { code, account } => {
            active_pool(book, *code)?;
            let mut undone = Undone::new(Reversed::Addition { code: *code, account: account.clone() });
            undone.notes.push("licenses that were issued from the code stay as they are".into());
            Ok(undone)
        }
        Act::Passed { from, to, .. } => passing(book, number, *from, *to),
        Act::Cancelled { code, .. } => cancellation(book, entry, *code),
        Act::Renewed { code, .. } => renewal(book, number, *code),
        Act::Overdrawn { .. } => Err(never(Cause::PartOfLicense, entry)),
        Act::Account(_) | Act::Noted(_) | Act::Corrected { .. } | Act::Reversed(_) => {
            Err(never(Cause::SaidAnew, entry))
        }
        Act::Opened { .. }
        | Act::Activated(_)
        | Act::Released { .. }
        | Act::ClockReset { .. }
        | Act::Restored { .. }
        | Act::ClockOverride { .. } => Err(never(Cause::Happened, entry)),
    }
}

/// The error for an act that is never reversed.
fn never(cause: Cause, entry: &Entry) -> Error {
    let message = format!("an entry of the kind `{}` is never reversed", entry.act.word());
    not_reversible(cause, message).about(Subject::Entry(entry.number))
}

fn order(book: &dyn Book, number: u64, code: OrderCode) -> Result<Undone> {
    refuse_dependents(number, about_code(book, code, number, &["cancelled"])?)?;
    let pool = pool(book, code)?;
    let mut undone = Undone::new(Reversed::Order { code });
    undone.transfers = moved(&pool.left, Holder::Pool(code), Holder::Returned);
    undone.remaining = remaining(book, &pool)?;
    Ok(undone)
}

fn passing(book: &dyn Book, number: u64, from: OrderCode, to: OrderCode) -> Result<Undone> {
    refuse_dependents(number, about_code(book, to, number, &["cancelled", "renewed"])?)?;
    let passed = pool(book, to)?;
    // Back on the first code, what a unit released would begin a new term.
    let back = came_back(book, to, number)?;
    if !back.is_empty() {
        return Err(depended_on(number, &back, Cause::LaterUse).about(Subject::Code(to.to_string())));
    }
    let mut undone = Undone::new(Reversed::Passing { from, to });
    undone.transfers = moved(&passed.left, Holder::Pool(to), Holder::Pool(from));
    undone.remaining = remaining(book, &passed)?;
    if pool(book, from)?.cancelled {
        undone.notes.push(format!("{from} is cancelled: what returns to it can't be used"));
    }
    Ok(undone)
}

fn cancellation(book: &dyn Book, entry: &Entry, code: OrderCode) -> Result<Undone> {
    let order = pool(book, code)?;
    if order.parent.is_none() {
        let again = Query { acts: vec!["ordered"], after: entry.number, ..Query::default() };
        let again = standing(book, Query { order: Some(order.order.number), ..again })?;
        refuse_dependents(entry.number, again)?;
    }
    let mut undone = Undone::new(Reversed::Cancellation { code });
    undone.transfers = entry.transfers.iter().map(Transfer::back).collect();
    Ok(undone)
}

fn renewal(book: &dyn Book, number: u64, code: OrderCode) -> Result<Undone> {
    let pool = active_pool(book, code)?;
    let mut later = about_code(book, code, number, &["renewed"])?;
    later.extend(passed_on(book, code, number)?);
    later.sort_by_key(|entry| entry.number);
    refuse_dependents(number, later)?;
    let term = pool.term_at(number - 1).clone();
    let mut undone = Undone::new(Reversed::Renewal { code, term });
    let mut issued = 0;
    for unit in charged_units(book, code)? {
        let query = Query { unit: Some(unit), after: number, limit: 1, ..Query::default() };
        issued += ledger::activations(book, query)?.len();
    }
    if issued > 0 {
        let have = if issued == 1 { "1 unit has a license" } else { "units have licenses" };
        let count = if issued == 1 { String::new() } else { format!("{issued} ") };
        undone.notes.push(format!("{count}{have} issued since the renewal, valid as long as they say"));
    }
    Ok(undone)
}

fn refuse_dependents(number: u64, others: Vec<Entry>) -> Result<()> {
    if others.is_empty() { Ok(()) } else { Err(depended_on(number, &others, Cause::LaterEntries)) }
}

/// The units for which something was charged to the code.
fn charged_units(book: &dyn Book, code: OrderCode) -> Result<BTreeSet<Unit>> {
    let activations = ledger::activations(book, Query { pool: Some(code), ..Query::default() })?;
    Ok(activations.into_iter().map(|(_, activation)| activation.unit).collect())
}

/// The transfers of all quantities of these lines.
fn moved(lines: &Lines, from: Holder, to: Holder) -> Vec<Transfer> {
    let lines = lines.iter().filter(|(_, quantity)| **quantity > 0);
    lines
        .map(|(article, quantity)| Transfer { article: article.clone(), quantity: *quantity, from, to })
        .collect()
}

/// What units and other codes took from this one and still have.
fn remaining(book: &dyn Book, pool: &Pool) -> Result<Remaining> {
    let mut found = Remaining::default();
    for article in pool.articles() {
        let amounts = pool.amounts(article);
        for (lines, quantity) in [(&mut found.used, amounts.used), (&mut found.passed, amounts.passed)] {
            if quantity > 0 {
                lines.insert(article.clone(), quantity);
            }
        }
    }
    if !found.used.is_empty() {
        for unit in charged_units(book, pool.code)? {
            let held = ledger::holdings(book, unit, &pool.order.product)?;
            found.units.extend(held.iter().any(|held| held.code == pool.code).then_some(unit));
        }
    }
    let code = |entry: Entry| match entry.act {
        Act::Passed { to, .. } => Some(to),
        _ => None,
    };
    found.codes = passed_on(book, pool.code, 0)?.into_iter().filter_map(code).collect();
    Ok(found)
}
