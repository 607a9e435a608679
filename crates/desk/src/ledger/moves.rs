//! The transfers that each act may have.

use std::collections::BTreeSet;

use airlatch_core::model::MAX_QUANTITY;

use super::{Act, Holder, Reversed, Transfer};

/// Checks that these transfers fit this act.
///
/// # Errors
/// The reason, as one line.
pub(super) fn check(act: &Act, transfers: &[Transfer]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for transfer in transfers {
        let described = || {
            format!("{} {} from {} to {}", transfer.quantity, transfer.article, transfer.from, transfer.to)
        };
        if !is_allowed(act, transfer.from, transfer.to) {
            return Err(format!("`{}` doesn't move {}", act.word(), described()));
        }
        if !(1..=MAX_QUANTITY).contains(&transfer.quantity) {
            return Err(format!("a transfer moves 1 to {MAX_QUANTITY}, not {}", described()));
        }
        if !seen.insert((&transfer.article, transfer.from, transfer.to)) {
            return Err(format!("two transfers move {}", described()));
        }
    }
    Ok(())
}

/// Whether an act may move something between these two holders.
fn is_allowed(act: &Act, from: Holder, to: Holder) -> bool {
    match act {
        Act::Ordered { code, .. } | Act::Overdrawn { code } => {
            (from, to) == (Holder::Source, Holder::Pool(*code))
        }
        Act::Passed { from: giver, to: taker, .. } => {
            giver != taker && (from, to) == (Holder::Pool(*giver), Holder::Pool(*taker))
        }
        Act::Cancelled { code, .. } => (from, to) == (Holder::Pool(*code), Holder::Returned),
        Act::Activated(activation) => match from {
            Holder::Pool(code) => !activation.evaluation && to == Holder::Unit(activation.unit, code),
            _ => false,
        },
        Act::Released { unit, .. } => match to {
            Holder::Pool(code) => from == Holder::Unit(*unit, code),
            _ => false,
        },
        Act::Corrected { code, .. } => {
            let pool = Holder::Pool(*code);
            (from, to) == (Holder::Source, pool) || (from, to) == (pool, Holder::Source)
        }
        Act::Reversed(reversal) => reverses(&reversal.of, from, to),
        Act::Opened { .. }
        | Act::Account(_)
        | Act::Added { .. }
        | Act::Renewed { .. }
        | Act::Restored { .. }
        | Act::ClockReset { .. }
        | Act::Noted(_)
        | Act::ClockOverride { .. } => false,
    }
}

/// Whether a reversal may move something between these two holders.
fn reverses(of: &Reversed, from: Holder, to: Holder) -> bool {
    match of {
        Reversed::Order { code } => (from, to) == (Holder::Pool(*code), Holder::Returned),
        Reversed::Passing { from: giver, to: taker } => {
            (from, to) == (Holder::Pool(*taker), Holder::Pool(*giver))
        }
        Reversed::Cancellation { code } => (from, to) == (Holder::Returned, Holder::Pool(*code)),
        Reversed::License { unit, .. } => match to {
            Holder::Pool(code) => from == Holder::Unit(*unit, code),
            _ => false,
        },
        Reversed::Addition { .. } | Reversed::Renewal { .. } => false,
    }
}
