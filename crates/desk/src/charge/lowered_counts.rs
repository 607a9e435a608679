//! Counts of which the previous license shows less than the unit holds: somebody chose that, and it stays until it is changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{FeatureKind, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Features, OrderCode, Quantity, Term, Time};

use super::in_force::{self, Amounts, CodeGrant};
use super::inventory::{ActiveCode, Inventory, count, end_or_max};

/// The quantities of lowered counts: less than the unit holds, by the previous license.
#[derive(Default)]
pub(super) struct LoweredCounts {
    /// As in the previous license, in its first period that gives less than the unit held then.
    kept: Lines,
    /// How much of a kept count each of these codes gives.
    shares: BTreeMap<(OrderCode, FeatureName), u64>,
    /// What the previous license shows of counts that are stated anew. Nothing tells of which code it shows less, so the other
    /// codes count in full again.
    restated: Lines,
    /// How much of these counts the unit holds.
    held: Lines,
}

/// How much of a count each code gives.
type Shares = BTreeMap<OrderCode, u64>;

impl LoweredCounts {
    /// Compares the previous license with what the unit held in each of its periods, by the terms of that time; `stated` are
    /// the counts that are stated anew.
    pub(super) fn of(inventory: &Inventory<'_>, stated: &BTreeSet<FeatureName>) -> Self {
        let mut lowered = Self::default();
        let Some(previous) = inventory.previous else { return lowered };
        let grants: Vec<CodeGrant> =
            inventory.active_codes.iter().filter_map(|active| grant_then(active, previous.entry)).collect();
        for rule in inventory.product.features.iter().filter(|rule| rule.kind == FeatureKind::Count) {
            let name = &rule.name;
            let (mut shares, mut less) = (Shares::new(), None);
            for at in 0..previous.periods.len() {
                let found = lower(inventory, rule, &grants, &previous.periods[at..], &mut shares);
                less = less.or(found);
            }
            let Some((number, held)) = less else { continue };
            lowered.held.insert(name.clone(), held);
            let lines = if stated.contains(name) { &mut lowered.restated } else { &mut lowered.kept };
            lines.insert(name.clone(), number);
            if !stated.contains(name) {
                lowered.shares.extend(shares.into_iter().map(|(code, share)| ((code, name.clone()), share)));
            }
        }
        lowered
    }

    /// How much of a count the code gives at most, because the previous license shows less than the unit holds.
    pub(super) fn share(&self, code: OrderCode, name: &FeatureName) -> Option<u64> {
        self.shares.get(&(code, name.clone())).copied()
    }

    /// Notes on each choice: that it stays, or what it becomes. `now` is what the license gives first.
    pub(super) fn notes(&self, now: &Amounts) -> Vec<String> {
        let stays = self.kept.iter().map(|(name, number)| {
            format!(
                "`{name}` stays at {number} of the {} held, as in the previous license",
                count(&self.held, name)
            )
        });
        let changes = self.restated.iter().filter(|(name, number)| count(now, name) > **number);
        let changes = changes.map(|(name, number)| {
            format!(
                "`{name}` was lowered to {number} in the previous license, and is {} now",
                count(now, name)
            )
        });
        stays.chain(changes).collect()
    }
}

/// What the unit has from a code, for the term that the code had at the time of this entry.
fn grant_then(active: &ActiveCode<'_>, entry: u64) -> Option<CodeGrant> {
    let (source, stated) = (active.source, active.source.pool.term_at(entry));
    let since = source.since?;
    let from = stated.from.unwrap_or(since.start_of_day());
    let until = stated.end_if_started(since).ok()?;
    Some(CodeGrant { code: active.code(), term: Term { from, until }, lines: source.held.clone() })
}

/// Adds the shares of the codes that begin with the first of these periods: in full, unless it shows less of the count than the
/// unit held; then returns both numbers.
fn lower(
    inventory: &Inventory<'_>,
    rule: &FeatureRule,
    grants: &[CodeGrant],
    periods: &[(Term, Features)],
    shares: &mut Shares,
) -> Option<(u64, u64)> {
    let name = &rule.name;
    let (term, features) = &periods[0];
    let in_force = || grants.iter().filter(|grant| grant.term.contains(term.from));
    let known = in_force().filter_map(|grant| shares.get(&grant.code)).sum::<u64>();
    let new: Vec<&CodeGrant> = in_force()
        .filter(|grant| grant.lines.contains_key(name) && !shares.contains_key(&grant.code))
        .collect();
    let whole = known + new.iter().map(|grant| count(&grant.lines, name)).sum::<u64>();
    let number = shown(features, name).filter(|number| {
        // What its bound leaves of it in any case is not a lowered quantity of this count.
        *number < allowed(inventory, rule, in_force_amounts(inventory, grants, term.from, features), whole)
    });
    match number {
        None => shares.extend(new.iter().map(|grant| (grant.code, count(&grant.lines, name)))),
        Some(number) => distribute(rule, grants, periods, &new, number.saturating_sub(known), shares),
    }
    let held = in_force().map(|grant| count(&grant.lines, name)).sum();
    number.map(|number| (number, held))
}

/// What the unit held at that time, but of other counts not more than the license shows.
fn in_force_amounts(
    inventory: &Inventory<'_>,
    grants: &[CodeGrant],
    time: Time,
    features: &Features,
) -> Amounts {
    let mut amounts = in_force::held_at(inventory, grants, time);
    for rule in inventory.product.features.iter().filter(|rule| rule.kind == FeatureKind::Count) {
        if let Some(amount) = amounts.get_mut(&rule.name) {
            *amount = (*amount).min(shown(features, &rule.name).unwrap_or(*amount));
        }
    }
    amounts
}

/// How much of a count the rules allow beside these amounts, if the unit has this much of it.
fn allowed(inventory: &Inventory<'_>, rule: &FeatureRule, mut amounts: Amounts, whole: u64) -> u64 {
    amounts.insert(rule.name.clone(), whole);
    count(&in_force::after_rules(inventory, amounts), &rule.name)
}

fn shown(features: &Features, name: &FeatureName) -> Option<u64> {
    match features.get(name) {
        Some(Quantity::Count(number)) => Some(number),
        _ => None,
    }
}

/// Distributes the number among the codes that begin. What the license shows less from the end of a code on came from this code;
/// of the others, what lasts longest counts first.
fn distribute(
    rule: &FeatureRule,
    grants: &[CodeGrant],
    periods: &[(Term, Features)],
    new: &[&CodeGrant],
    mut rest: u64,
    shares: &mut Shares,
) {
    let name = &rule.name;
    let is_cut = !rule.requires.is_empty() || rule.bounded_by.is_some();
    for pair in periods.windows(2).filter(|_| !is_cut) {
        let Some(end) = pair[0].0.until else { continue };
        if grants.iter().any(|grant| grant.term.from == end && grant.lines.contains_key(name)) {
            continue;
        }
        let of = |period: &(Term, Features)| shown(&period.1, name).unwrap_or_default();
        let mut less = of(&pair[0]).saturating_sub(of(&pair[1])).min(rest);
        for grant in new.iter().filter(|grant| grant.term.until == Some(end)) {
            let share = count(&grant.lines, name).min(less);
            (less, rest) = (less - share, rest - share);
            shares.insert(grant.code, share);
        }
    }
    let mut others: Vec<_> = new.iter().filter(|grant| !shares.contains_key(&grant.code)).collect();
    others.sort_by_key(|grant| std::cmp::Reverse(end_or_max(grant.term)));
    for grant in others {
        let share = count(&grant.lines, name).min(rest);
        rest -= share;
        shares.insert(grant.code, share);
    }
}
