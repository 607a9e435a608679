//! Which transfers each act may have.

use std::collections::BTreeSet;

use airlatch_core::model::MAX_QUANTITY;

use super::{Act, Holder, Transfer};

/// Whether these transfers fit this act.
///
/// # Errors
/// One line that says why not.
pub(super) fn check(act: &Act, transfers: &[Transfer]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for it in transfers {
        let named = || format!("{} {} from {} to {}", it.quantity, it.article, it.from, it.to);
        if !may(act, it.from, it.to) {
            return Err(format!("`{}` doesn't move {}", act.word(), named()));
        }
        if !(1..=MAX_QUANTITY).contains(&it.quantity) {
            return Err(format!("a transfer moves 1 to {MAX_QUANTITY}, not {}", named()));
        }
        if !seen.insert((&it.article, it.from, it.to)) {
            return Err(format!("a second transfer moves {}", named()));
        }
    }
    Ok(())
}

/// The table: who gives and who takes.
fn may(act: &Act, from: Holder, to: Holder) -> bool {
    match act {
        Act::Ordered { code, .. } | Act::Overdrawn { code } => {
            (from, to) == (Holder::Source, Holder::Pool(*code))
        }
        Act::Passed { from: giver, to: taker, .. } => {
            giver != taker && (from, to) == (Holder::Pool(*giver), Holder::Pool(*taker))
        }
        Act::Cancelled { code, .. } => (from, to) == (Holder::Pool(*code), Holder::Returned),
        Act::Activated(it) => match from {
            Holder::Pool(code) => !it.evaluation && to == Holder::Unit(it.unit, code),
            _ => false,
        },
        Act::Released { unit, .. } => match to {
            Holder::Pool(code) => from == Holder::Unit(*unit, code),
            _ => false,
        },
        Act::Opened { .. }
        | Act::Account(_)
        | Act::Added { .. }
        | Act::Renewed { .. }
        | Act::Restored { .. }
        | Act::ClockReset { .. } => false,
    }
}
