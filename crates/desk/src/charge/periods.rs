//! The periods of a license, from the terms of all codes the unit holds something from.

use std::collections::BTreeSet;

use crate::orders::Lines;
use airlatch_core::model::{Cause, Error, FeatureName, Features, Period, Reason, Result, Term, Time};

use super::details::with_details;
use super::in_force::{Amounts, CodeGrant, State, features, states};
use super::inventory::{ActiveCode, Inventory, add, end_or_max};
use super::lowered_counts::LoweredCounts;
use super::period_rules::Unfit;
use super::plan::{Charge, ChargeLine, ChargePlan};
use super::{charged, discontinued, period_rules};

/// A time span with the same features throughout.
struct Span {
    begin: Time,
    end: Option<Time>,
    features: Features,
}

/// The charge with its periods.
///
/// # Errors
/// `not-booked` if there is nothing to license, `too-large` for too many periods; `needs-feature`, `over-limit` or
/// `already-held` if something that is charged breaks a rule in every period.
pub(super) fn with_periods(
    inventory: &Inventory<'_>,
    charged: Vec<ChargeLine>,
    plan: ChargePlan,
) -> Result<Charge> {
    let ChargePlan { shown, stated, unavailable, mut notes, .. } = plan;
    let lowered = LoweredCounts::of(inventory, &stated);
    let grants = grants(inventory, &charged, shown, &lowered);
    let states = states(inventory, &grants, inventory.today);
    notes.extend(lowered.notes(states.first().map_or(&Amounts::new(), |state| &state.amounts)));
    if let Some(unfit) = period_rules::unfit(inventory, &grants, &charged, &states) {
        return Err(unfit.why);
    }
    let spans = spans(inventory, &states)?;
    let Some((first, later)) = spans.split_first() else {
        return Err(Error::new(
            Reason::NotBooked,
            "the unit has nothing from any code, and nothing is charged",
        )
        .at(inventory.unit));
    };
    if later.len() > Period::MAX {
        let message = "the license would have too many periods: the terms of its codes begin and end on too many different days";
        let rows = [("periods", spans.len().to_string()), ("limit", (Period::MAX + 1).to_string())];
        let error = Error::new(Reason::TooLarge, message).because(Cause::TooManyPeriods);
        return Err(with_details(error.at(inventory.unit), &rows));
    }
    if first.begin > inventory.today {
        notes.push(format!("nothing is licensed before {}", first.begin));
    }
    for gap in later.iter().filter(|span| span.features.is_empty()) {
        let end = gap.end.map(|end| format!(" until {end}")).unwrap_or_default();
        notes.push(format!("nothing is licensed from {}{end}", gap.begin));
    }
    notes.extend(period_rules::notes(&states));
    notes.extend(discontinued::notes(inventory));
    notes.extend(period_rules::upgrade_notes(inventory, &grants, &charged, &states));
    let term = Term { from: beginning(inventory, &grants, first)?, until: first.end };
    let after = later.iter().map(|span| Period { until: span.end, features: span.features.clone() });
    let orders = orders(inventory, &grants, &mut notes);
    let (features, after) = (first.features.clone(), after.collect());
    Ok(Charge { charged, term, features, after, orders, unavailable, notes })
}

/// What would be charged with these quantities and breaks a rule in every period of its code.
pub(super) fn unfit<'a>(
    inventory: &Inventory<'a>,
    added: &Lines,
    stated: &BTreeSet<FeatureName>,
) -> Option<Unfit<'a>> {
    let charged = charged::charge_lines(inventory, added).ok()?;
    let lowered = LoweredCounts::of(inventory, stated);
    let grants = grants(inventory, &charged, Lines::new(), &lowered);
    let states = states(inventory, &grants, inventory.today);
    period_rules::unfit(inventory, &grants, &charged, &states)
}

/// The orders of the codes that give something; notes on named codes that give nothing, and on other customers.
fn orders(inventory: &Inventory<'_>, grants: &[CodeGrant], notes: &mut Vec<String>) -> Vec<String> {
    let gives = |active: &&ActiveCode<'_>| {
        grants.iter().any(|grant| grant.code == active.code() && !grant.lines.is_empty())
    };
    let used: Vec<&ActiveCode<'_>> = inventory.active_codes.iter().filter(gives).collect();
    if used.is_empty() {
        return inventory.named().map(|active| active.source.pool.order.number.clone()).collect();
    }
    let unused = inventory.named().filter(|active| !gives(active));
    notes.extend(unused.map(|active| format!("{} is named, but nothing is taken from it", active.code())));
    let customer = |active: &ActiveCode<'_>| active.source.pool.order.customer.clone();
    let named = inventory.named().find_map(customer);
    let other = used
        .iter()
        .filter_map(|active| customer(active))
        .find(|other| named.as_ref().is_some_and(|it| it != other));
    if let Some(other) = other {
        notes.push(format!("the unit also has licenses of another customer: {other}"));
    }
    // A code that was passed on has the number of the order it came from.
    let mut numbers: Vec<String> = Vec::new();
    for active in used {
        let number = &active.source.pool.order.number;
        if !numbers.contains(number) {
            numbers.push(number.clone());
        }
    }
    numbers
}

/// Since when the unit has what the license gives first, without a break: so nothing is valid earlier than it was bought
/// for, and issuing again gives the same license.
fn beginning(inventory: &Inventory<'_>, grants: &[CodeGrant], first: &Span) -> Result<Time> {
    let earliest = grants.iter().map(|grant| grant.term.from).min().unwrap_or(first.begin);
    if first.begin > inventory.today || earliest >= first.begin {
        return Ok(first.begin);
    }
    let mut beginning = first.begin;
    for state in
        states(inventory, grants, earliest).iter().rev().filter(|state| state.begin <= inventory.today)
    {
        if features(inventory, &state.amounts)? != first.features {
            break;
        }
        beginning = state.begin;
    }
    Ok(beginning)
}

/// What the unit has from each code after the charge. If the license shows less than it holds, what lasts longest counts first.
fn grants(
    inventory: &Inventory<'_>,
    charged: &[ChargeLine],
    mut shown: Lines,
    lowered: &LoweredCounts,
) -> Vec<CodeGrant> {
    let mut grants = Vec::new();
    let mut codes: Vec<&ActiveCode<'_>> = inventory.active_codes.iter().collect();
    codes.sort_by_key(|active| std::cmp::Reverse(end_or_max(active.term)));
    for active in codes {
        let mut lines = active.source.held.clone();
        for (name, line) in &mut lines {
            *line = lowered.share(active.code(), name).map_or(*line, |share| share.min(*line));
        }
        for line in charged.iter().filter(|line| line.code == active.code()) {
            add(&mut lines, &line.article, line.quantity);
        }
        for (name, line) in lines.iter_mut().filter(|_| active.named) {
            take_up_to(line, shown.get_mut(name));
        }
        lines.retain(|_, quantity| *quantity > 0);
        grants.push(CodeGrant { code: active.code(), term: active.term, lines });
    }
    // A code without lines ends no period. If no code has lines, free features are licensed for the terms of the named codes.
    if grants.iter().any(|grant| !grant.lines.is_empty()) {
        grants.retain(|grant| !grant.lines.is_empty());
    }
    grants
}

/// Lowers a line to what is left of the number that is shown, and takes it from there.
fn take_up_to(line: &mut u64, rest: Option<&mut u64>) {
    if let Some(rest) = rest {
        *line = (*line).min(*rest);
        *rest -= *line;
    }
}

/// The time spans of the states, including gaps without features, but none at the start or end.
fn spans(inventory: &Inventory<'_>, states: &[State]) -> Result<Vec<Span>> {
    let mut spans: Vec<Span> = Vec::new();
    for state in states {
        let features = features(inventory, &state.amounts)?;
        match spans.last_mut() {
            Some(last) if last.features == features => last.end = state.end,
            None if features.is_empty() => {}
            _ => spans.push(Span { begin: state.begin, end: state.end, features }),
        }
    }
    if spans.last().is_some_and(|last| last.features.is_empty()) {
        spans.pop();
    }
    Ok(spans)
}
