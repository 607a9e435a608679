//! Reverses a license: it is to be replaced, and its seats return only when it can't be valid anywhere.

use crate::desk::Operator;
use crate::ledger::{self, Activation, Book, Entry, Query, Reversal, Reversed, Transfer};
use crate::orders::Lines;
use airlatch_core::model::{Cause, Error, License, Reason, Result, Time, Unit};

use super::dependents::standing;
use super::planned::{Undone, WrongLicense};
use super::refusal::{depended_on, named, not_reversible, refuse_reversed};

/// What undoes an activation.
///
/// A license that was written may be installed somewhere. So its seats stay with the unit until the host releases it, or until
/// each license that the unit got from this one on has ended; then they return by the same verb, and keep the term that has
/// begun, as after a release.
pub(super) fn undone(
    operator: &Operator<'_>,
    book: &dyn Book,
    entry: &Entry,
    activation: &Activation,
    earlier: &[(Entry, Reversal)],
) -> Result<Undone> {
    let damaged = || Error::new(Reason::DamagedLedger, format!("entry {} names no license", entry.number));
    let id = entry.license.ok_or_else(damaged)?.id;
    if let Some(back) = ledger::release_entry(book, entry, activation)? {
        let message = "this license was released: it is valid nowhere, and its seats are back".to_owned();
        return Err(not_reversible(Cause::AlreadyReversed, message).detail(named(&back)));
    }
    let (unit, product) = (activation.unit, activation.product.clone());
    let of_unit = Query { unit: Some(unit), product: Some(product.clone()), ..Query::default() };
    let later = Query { acts: ledger::Act::ISSUING.to_vec(), after: entry.number, ..of_unit.clone() };
    let later = standing(book, later)?;
    if !later.is_empty() {
        return Err(depended_on(entry.number, &later, Cause::LaterEntries).about(unit.into()));
    }
    let end = last_end(operator, book, Query { after: entry.number - 1, ..of_unit })?;
    let is_over = end.is_some_and(|end| end <= operator.now);
    let completes = is_over && !entry.transfers.is_empty();
    if !earlier.iter().all(|(earlier, _)| completes && earlier.transfers.is_empty()) {
        refuse_reversed(entry, earlier)?;
    }
    let license = operator.stored(book, entry)?.0;
    let mut undone = Undone::new(Reversed::License { unit, product: product.clone(), license: id });
    if is_over {
        undone.transfers = entry.transfers.iter().map(Transfer::back).collect();
    }
    undone.license = Some(WrongLicense {
        unit,
        id,
        held: if is_over { Lines::new() } else { held(book, unit, &product)? },
        product,
        may_be_valid: !is_over,
        end,
        is_releasable: is_releasable(unit, license.get()),
    });
    Ok(undone)
}

fn is_releasable(unit: Unit, license: &License) -> bool {
    matches!(unit, Unit::Host(_)) && !license.not_transferable
}

/// When the last of these licenses ends, with its grace days; `None` if one never does.
fn last_end(operator: &Operator<'_>, book: &dyn Book, query: Query) -> Result<Option<Time>> {
    let mut last = Some(Time::from_seconds(0));
    for (entry, _) in ledger::activations(book, query)? {
        if entry.license.is_none() {
            continue;
        }
        let end = operator.stored(book, &entry)?.0.get().grace_end();
        last = last.zip(end).map(|(last, end)| last.max(end));
    }
    Ok(last)
}

/// Everything that a unit holds of a product.
fn held(book: &dyn Book, unit: Unit, product: &str) -> Result<Lines> {
    let mut lines = Lines::new();
    for holding in ledger::holdings(book, unit, product)? {
        for (article, quantity) in holding.lines {
            let line = lines.entry(article).or_default();
            *line = line.saturating_add(quantity);
        }
    }
    Ok(lines)
}
