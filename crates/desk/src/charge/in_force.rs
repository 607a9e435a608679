//! What a unit has at one time: the lines in force, and what the rules between features leave of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{FeatureKind, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Features, OrderCode, Quantity, Result, Term, Time};

use super::inventory::{Inventory, add, count};
use super::{discontinued, level};

/// What the unit has from one code, and for which term.
pub(super) struct CodeGrant {
    pub(super) code: OrderCode,
    pub(super) term: Term,
    pub(super) lines: Lines,
}

/// What the unit has from one time to the next at which a code begins or ends.
pub(super) struct State {
    pub(super) begin: Time,
    /// The first second of the next state; `None` for the last one.
    pub(super) end: Option<Time>,
    pub(super) amounts: Amounts,
    pub(super) cuts: Vec<Cut>,
}

/// The states from `from` on, one for each time at which a code begins or ends.
pub(super) fn states(inventory: &Inventory<'_>, grants: &[CodeGrant], from: Time) -> Vec<State> {
    let exempt = exempt(inventory);
    let edges = grants.iter().flat_map(|grant| [Some(grant.term.from), grant.term.until]).flatten();
    let mut edges: BTreeSet<Time> = edges.filter(|edge| *edge > from).collect();
    edges.insert(from);
    let edges: Vec<Time> = edges.into_iter().collect();
    let next = edges.iter().skip(1).copied().map(Some).chain([None]);
    let state = |(begin, end): (&Time, Option<Time>)| {
        let (amounts, cuts) = at(inventory, grants, *begin, &exempt);
        State { begin: *begin, end, amounts, cuts }
    };
    edges.iter().zip(next).map(state).collect()
}

/// What the unit has at one time: the amounts of the lines in force after the rules, and what these cut.
fn at(
    inventory: &Inventory<'_>,
    grants: &[CodeGrant],
    time: Time,
    exempt: &BTreeSet<FeatureName>,
) -> (Amounts, Vec<Cut>) {
    let mut amounts = held_at(inventory, grants, time);
    let cuts = apply_rules(inventory, &mut amounts, exempt);
    (amounts, cuts)
}

/// What the unit has at one time, before any rule.
pub(super) fn held_at(inventory: &Inventory<'_>, grants: &[CodeGrant], time: Time) -> Amounts {
    let mut lines = Lines::new();
    let mut any = false;
    for grant in grants.iter().filter(|grant| grant.term.contains(time)) {
        any = true;
        grant.lines.iter().for_each(|(name, quantity)| add(&mut lines, name, *quantity));
    }
    // Free features come with a code in force, and are none of their own.
    if any { amounts(inventory, &lines, time) } else { Amounts::new() }
}

/// What the rules leave of these amounts.
pub(super) fn after_rules(inventory: &Inventory<'_>, mut amounts: Amounts) -> Amounts {
    apply_rules(inventory, &mut amounts, &exempt(inventory));
    amounts
}

/// The features that break a rule in the previous license: they were paid for under another catalog, and stay.
fn exempt(inventory: &Inventory<'_>) -> BTreeSet<FeatureName> {
    let amount = |quantity| if let Quantity::Count(number) = quantity { number } else { 1 };
    let mut signed: Amounts =
        inventory.signed.iter().map(|(name, quantity)| (name.clone(), amount(quantity))).collect();
    apply_rules(inventory, &mut signed, &BTreeSet::new()).into_iter().map(|cut| cut.feature).collect()
}

/// How much of each feature: a switch counts 1, a level its number.
pub(super) type Amounts = BTreeMap<FeatureName, u64>;

/// A feature of which a rule leaves less at one time than the unit holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) feature: FeatureName,
    pub(super) held: u64,
    pub(super) left: u64,
    /// The feature that bounds it, or one of those it requires.
    pub(super) by: FeatureName,
}

/// The amounts that these lines give at one time, before any rule.
fn amounts(inventory: &Inventory<'_>, lines: &Lines, time: Time) -> Amounts {
    let amount = |rule: &FeatureRule| match rule.kind {
        FeatureKind::Switch => u64::from(count(lines, &rule.name) > 0 || rule.is_free_on(inventory.model)),
        FeatureKind::Count => count(lines, &rule.name),
        FeatureKind::Level { .. } => {
            level::reached(&inventory.steps_where(rule, |name| count(lines, name) > 0))
        }
    };
    let rules = inventory.product.features.iter();
    let mut amounts: Amounts =
        rules.map(|rule| (rule.name.clone(), amount(rule))).filter(|(_, amount)| *amount > 0).collect();
    for (name, amount) in discontinued::kept(inventory, lines, time) {
        let present = amounts.entry(name).or_default();
        *present = amount.max(*present);
    }
    amounts
}

/// Applies `requires` and `bounded-by` until nothing changes. Features in `exempt` broke a rule before: they were paid for
/// when the catalog was another, and stay.
fn apply_rules(inventory: &Inventory<'_>, amounts: &mut Amounts, exempt: &BTreeSet<FeatureName>) -> Vec<Cut> {
    let held = amounts.clone();
    let mut cuts: BTreeMap<FeatureName, Cut> = BTreeMap::new();
    loop {
        let mut changed = false;
        for rule in inventory.product.features.iter().filter(|rule| !exempt.contains(&rule.name)) {
            let amount = amounts.get(&rule.name).copied().unwrap_or_default();
            let Some((left, by)) =
                allowed(inventory, rule, amount, amounts).filter(|(left, _)| *left < amount)
            else {
                continue;
            };
            match left {
                0 => amounts.remove(&rule.name),
                left => amounts.insert(rule.name.clone(), left),
            };
            let held = held.get(&rule.name).copied().unwrap_or_default();
            cuts.insert(rule.name.clone(), Cut { feature: rule.name.clone(), held, left, by });
            changed = true;
        }
        if !changed {
            return cuts.into_values().collect();
        }
    }
}

/// How much of a feature its rules allow beside these amounts, and the feature that decides it; `None` if no rule does.
fn allowed(
    inventory: &Inventory<'_>,
    rule: &FeatureRule,
    amount: u64,
    amounts: &Amounts,
) -> Option<(u64, FeatureName)> {
    if amount == 0 || rule.is_free_on(inventory.model) {
        return None;
    }
    let has = |name: &FeatureName| amounts.get(name).copied().unwrap_or_default();
    if let Some(first) = rule.requires.first()
        && rule.requires.iter().all(|name| has(name) == 0)
    {
        return Some((0, first.clone()));
    }
    let bound = rule.bounded_by.as_ref()?;
    // A level is there or not: less of it is another level.
    let left = if rule.kind.is_level() && has(bound) < amount { 0 } else { has(bound) };
    Some((left, bound.clone()))
}

/// The amounts as the features of a license.
pub(super) fn features(inventory: &Inventory<'_>, amounts: &Amounts) -> Result<Features> {
    let mut features = Features::default();
    for rule in &inventory.product.features {
        let Some(amount) = amounts.get(&rule.name) else { continue };
        let quantity =
            if rule.kind == FeatureKind::Switch { Quantity::On } else { Quantity::count(*amount)? };
        features.add(rule.name.clone(), quantity)?;
    }
    for (name, amount) in amounts.iter().filter(|(name, _)| inventory.product.feature(name).is_none()) {
        let quantity = match discontinued::signed_at(inventory, name, inventory.today) {
            Some(Quantity::Count(_)) => Quantity::count(*amount)?,
            _ => Quantity::On,
        };
        features.add(name.clone(), quantity)?;
    }
    Ok(features)
}
