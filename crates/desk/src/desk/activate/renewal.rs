//! Whether the codes of a license were renewed: notes for who issues one that ends as the earlier one does.

use crate::charge::{Charge, ChargeContext, ChargeSource, Wanted};
use airlatch_core::model::{License, OrderCode, Quantity, Time, Unit};

use super::ActivationRequest;

/// So many days before its end somebody who asks again may ask for a renewal.
const SOON_DAYS: i64 = 60;

/// When a named code ends for the unit, and the length for which it was sold.
pub(super) struct CodeEnd {
    code: OrderCode,
    end: Option<Time>,
    sold: String,
}

/// The ends of the named codes.
pub(super) fn ends(context: &ChargeContext<'_>) -> Vec<CodeEnd> {
    let end = |ChargeSource { pool, since, .. }: &ChargeSource| {
        let end = pool.order.term.end_if_started(since.unwrap_or(context.now)).ok()?;
        Some(CodeEnd { code: pool.code, end, sold: pool.sold_length().to_owned() })
    };
    context.named.iter().filter_map(end).collect()
}

/// The note that a license ends soon, with a code that was not renewed; `earlier` is the one that the unit had before.
pub(super) fn not_renewed(
    ends: &[CodeEnd],
    license: &License,
    earlier: &License,
    now: Time,
) -> Option<String> {
    let last = last_end(license)?;
    if last > now.plus_days(SOON_DAYS) || last_end(earlier).is_some_and(|end| end < last) {
        return None;
    }
    let CodeEnd { code, sold, .. } = ends.iter().find(|it| it.end == Some(last))?;
    let ends = if last > now { "ends" } else { "ended" };
    Some(format!(
        "the code {code} {ends} at {last}: it was not renewed; to renew it: airlatch order renew {code} --add '{sold}'"
    ))
}

/// The note that the codes of an answered request have a longer term by now than any license of the unit, with the command
/// that issues the longer one.
pub(super) fn renewed(
    charge: &Charge,
    requested: &ActivationRequest<'_>,
    unit: Unit,
    newest: &License,
) -> Option<String> {
    let had = last_end(newest)?;
    let end = charge.after.last().map_or(charge.term.until, |period| period.until);
    if !charge.charged.is_empty() || end.is_some_and(|end| end <= had) {
        return None;
    }
    let until = end.map_or_else(|| "has no end".to_owned(), |end| format!("ends at {end}"));
    let mut command = "airlatch issue".to_owned();
    requested.codes.iter().for_each(|code| command.push_str(&format!(" --code {code}")));
    command.push_str(&match unit {
        Unit::Host(id) => format!(" --system-id {id}"),
        Unit::Hardware(id) => format!(" --locking-id {id}"),
        Unit::Device(_) | Unit::Site(_) => return None,
    });
    if let Wanted::Features(wanted) = requested.wanted {
        wanted.iter().for_each(|(name, quantity)| {
            command.push_str(&match quantity {
                Quantity::Count(number) => format!(" --quantity {name}={number}"),
                Quantity::On => format!(" --quantity {name}"),
            })
        });
    }
    Some(format!("the order was renewed: what this unit has {until} now; to issue that: {command}"))
}

/// The end of the last period.
fn last_end(license: &License) -> Option<Time> {
    license.spans().last().and_then(|(term, _)| term.until)
}
