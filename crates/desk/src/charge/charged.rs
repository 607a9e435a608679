//! From which code how much is taken, and what is short.

use std::collections::BTreeMap;

use crate::orders::Lines;
use airlatch_core::model::{Cause, Error, FeatureName, Reason, Result};

use super::ChargeLine;
use super::inventory::{Inventory, count};
use super::say::facts;

/// Spreads what is taken over the codes: what is left on them in the order named, then what goes beyond the orders.
pub(super) fn takes(inventory: &Inventory<'_>, more: &Lines) -> Result<Vec<ChargeLine>> {
    let mut found: BTreeMap<(usize, usize), ChargeLine> = BTreeMap::new();
    for (column, (name, _)) in inventory.sold().enumerate() {
        let mut needed = count(more, name);
        if needed > inventory.there(name) {
            return Err(short(inventory, name, needed.saturating_add(inventory.held_here(name))));
        }
        let rounds: &[bool] = if inventory.may_overdraw { &[false, true] } else { &[false] };
        for beyond in rounds {
            for (row, code_in_play) in inventory.named().enumerate() {
                let there = if *beyond { code_in_play.overdraft(name) } else { code_in_play.left(name) };
                let quantity = there.min(needed);
                if quantity == 0 {
                    continue;
                }
                needed -= quantity;
                let take = found.entry((row, column)).or_insert_with(|| ChargeLine {
                    code: code_in_play.code(),
                    article: name.clone(),
                    quantity: 0,
                    overdrawn: 0,
                });
                take.quantity += quantity;
                take.overdrawn += if *beyond { quantity } else { 0 };
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Notes on what goes beyond an order (row B10).
pub(super) fn beyond(charged: &[ChargeLine]) -> impl Iterator<Item = String> {
    charged.iter().filter(|take| take.overdrawn > 0).map(|take| {
        format!("{} of `{}` go beyond the order, to be invoiced: {}", take.overdrawn, take.article, take.code)
    })
}

/// Less is there of an article than is wanted from the named codes in all.
pub(super) fn short(inventory: &Inventory<'_>, name: &FeatureName, wanted: u64) -> Error {
    let (held, left) = (inventory.held_here(name), inventory.left(name));
    let codes: Vec<_> = inventory.named().map(|code_in_play| code_in_play.code()).collect();
    let word = if codes.len() == 1 { "code" } else { "codes" };
    let what = match held.saturating_add(left) {
        0 => format!("none of `{name}` is left on the {word}"),
        _ => format!("less `{name}` is left on the {word} than is wanted"),
    };
    let mut rows = vec![
        ("wanted", wanted.to_string()),
        ("held", held.to_string()),
        ("left", left.to_string()),
        ("up to", held.saturating_add(inventory.there(name)).to_string()),
    ];
    let overdraft = inventory.overdraft(name);
    if overdraft > 0 {
        let counted = if inventory.may_overdraw { "counted in" } else { "not asked for" };
        rows.push(("overdraft", format!("{overdraft}, {counted}")));
    }
    let mut error = facts(Error::new(Reason::ShortPool, what), &rows);
    if overdraft > 0 && !inventory.may_overdraw {
        error = error.because(Cause::OverdraftAllowed);
    }
    match codes[..] {
        [code] => error.at(code),
        _ => error,
    }
}
