//! The charge lines: how much is taken from which code, and the error if it is too little.

use std::collections::BTreeMap;

use crate::orders::Lines;
use airlatch_core::model::{Cause, Error, FeatureName, Reason, Result};

use super::ChargeLine;
use super::details::with_details;
use super::inventory::{Inventory, count};

/// Distributes the added quantities over the named codes: first what is left on them, in the order given, then overdraft.
pub(super) fn charge_lines(inventory: &Inventory<'_>, added: &Lines) -> Result<Vec<ChargeLine>> {
    let mut found: BTreeMap<(usize, usize), ChargeLine> = BTreeMap::new();
    for (column, (name, _)) in inventory.sold().enumerate() {
        let mut needed = count(added, name);
        if needed > inventory.available(name) {
            return Err(short_pool(inventory, name, needed.saturating_add(inventory.held_from_named(name))));
        }
        let rounds: &[bool] = if inventory.may_overdraw { &[false, true] } else { &[false] };
        for is_overdraft in rounds {
            for (row, active) in inventory.named().enumerate() {
                let available = if *is_overdraft { active.overdraft(name) } else { active.left(name) };
                let quantity = available.min(needed);
                if quantity == 0 {
                    continue;
                }
                needed -= quantity;
                let line = found.entry((row, column)).or_insert_with(|| ChargeLine {
                    code: active.code(),
                    article: name.clone(),
                    quantity: 0,
                    overdrawn: 0,
                });
                line.quantity += quantity;
                line.overdrawn += if *is_overdraft { quantity } else { 0 };
            }
        }
    }
    Ok(found.into_values().collect())
}

/// A note for each line that uses overdraft.
pub(super) fn overdraft_notes(charged: &[ChargeLine]) -> impl Iterator<Item = String> {
    charged.iter().filter(|line| line.overdrawn > 0).map(|line| {
        format!("{} of `{}` are overdraft, to be invoiced: {}", line.overdrawn, line.article, line.code)
    })
}

/// The error if the named codes have less of an article than `wanted`, which includes what the unit holds from them.
pub(super) fn short_pool(inventory: &Inventory<'_>, name: &FeatureName, wanted: u64) -> Error {
    let (held, left) = (inventory.held_from_named(name), inventory.left(name));
    let codes: Vec<_> = inventory.named().map(|active| active.code()).collect();
    let word = if codes.len() == 1 { "code" } else { "codes" };
    let message = match held.saturating_add(left) {
        0 => format!("none of `{name}` is left on the {word}"),
        _ => format!("too little `{name}` is left on the {word}"),
    };
    // What is wanted is the total from the named codes: what the unit has from others is beside it.
    let held_shown = match inventory.held(name).saturating_sub(held) {
        0 => held.to_string(),
        others => format!("{held} from the {word}, and {others} from others, which stay"),
    };
    let mut rows = vec![
        ("wanted", wanted.to_string()),
        ("held", held_shown),
        ("left", left.to_string()),
        ("at most", held.saturating_add(inventory.available(name)).to_string()),
    ];
    let overdraft = inventory.overdraft(name);
    if overdraft > 0 {
        let counted = if inventory.may_overdraw { "counted in" } else { "not asked for" };
        rows.push(("overdraft", format!("{overdraft}, {counted}")));
    }
    let mut error = with_details(Error::new(Reason::ShortPool, message), &rows);
    if overdraft > 0 && !inventory.may_overdraw {
        error = error.because(Cause::OverdraftAllowed);
    }
    match codes[..] {
        [code] => error.at(code),
        _ => error,
    }
}
