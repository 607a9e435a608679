//! From which code how much is taken, and what is short.

use std::collections::BTreeMap;

use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Reason, Result, Trouble};

use super::Take;
use super::say::facts;
use super::stock::{Stock, count};

/// Spreads what is taken over the codes: what is left on them in the order named, then what goes beyond the orders.
pub(super) fn takes(stock: &Stock<'_>, more: &Lines) -> Result<Vec<Take>> {
    let mut found: BTreeMap<(usize, usize), Take> = BTreeMap::new();
    for (column, (name, _)) in stock.sold().enumerate() {
        let mut needed = count(more, name);
        if needed > stock.there(name) {
            return Err(short(stock, name, needed.saturating_add(stock.held_here(name))));
        }
        let rounds: &[bool] = if stock.may_overdraw { &[false, true] } else { &[false] };
        for beyond in rounds {
            for (row, stake) in stock.named().enumerate() {
                let there = if *beyond { stake.overdraft(name) } else { stake.left(name) };
                let quantity = there.min(needed);
                if quantity == 0 {
                    continue;
                }
                needed -= quantity;
                let take = found.entry((row, column)).or_insert_with(|| Take {
                    code: stake.code(),
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
pub(super) fn beyond(takes: &[Take]) -> impl Iterator<Item = String> {
    takes.iter().filter(|take| take.overdrawn > 0).map(|take| {
        format!("{} of `{}` go beyond the order, to be invoiced: {}", take.overdrawn, take.article, take.code)
    })
}

/// Less is there of an article than is wanted from the named codes in all.
pub(super) fn short(stock: &Stock<'_>, name: &FeatureName, wanted: u64) -> Trouble {
    let (held, left) = (stock.held_here(name), stock.left(name));
    let codes: Vec<_> = stock.named().map(|stake| stake.code()).collect();
    let word = if codes.len() == 1 { "code" } else { "codes" };
    let what = match held.saturating_add(left) {
        0 => format!("none of `{name}` is left on the {word}"),
        _ => format!("less `{name}` is left on the {word} than is wanted"),
    };
    let mut rows = vec![
        ("wanted", wanted.to_string()),
        ("held", held.to_string()),
        ("left", left.to_string()),
        ("up to", held.saturating_add(stock.there(name)).to_string()),
    ];
    let overdraft = stock.overdraft(name);
    if overdraft > 0 {
        let counted = if stock.may_overdraw { "counted in" } else { "not asked for" };
        rows.push(("overdraft", format!("{overdraft}, {counted}")));
    }
    let trouble = facts(Trouble::new(Reason::ShortPool, what), &rows);
    match codes[..] {
        [code] => trouble.at(code),
        _ => trouble,
    }
}
