//! How much a unit may hold: by its model, by another of its features, and what has to be there too.

use crate::catalog::{FeatureKind, FeatureRule, Limit};
use crate::orders::Lines;
use airlatch_core::model::{Cause, Error, FeatureName, MAX_QUANTITY, Reason, Result};

use super::inventory::{Inventory, count};
use super::level;
use super::say::{any_of, facts, list};

/// How much of a feature the unit has with `more`, from every code that is not over: 1 of a switch, the level of a level.
pub(super) fn amount(inventory: &Inventory<'_>, rule: &FeatureRule, more: &Lines) -> u64 {
    let whole = || inventory.held(&rule.name).saturating_add(count(more, &rule.name));
    match rule.kind {
        FeatureKind::Switch => u64::from(rule.is_free_on(inventory.model) || whole() > 0),
        FeatureKind::Count => whole(),
        FeatureKind::Level { .. } => level::reached(&inventory.steps(rule, more)),
    }
}

/// How much a unit of this model may hold; what no license could say is never held.
pub(super) fn limit(inventory: &Inventory<'_>, rule: &FeatureRule) -> u64 {
    match rule.limit_on(inventory.model) {
        Limit::Never => 0,
        Limit::AtMost(most) => most.min(MAX_QUANTITY),
        Limit::Any => MAX_QUANTITY,
    }
}

/// How much it may hold of what its model and the bounding feature leave.
pub(super) fn cap(inventory: &Inventory<'_>, rule: &FeatureRule, more: &Lines) -> u64 {
    let bound = rule.bounded_by.as_ref().map_or(u64::MAX, |name| amount_of(inventory, name, more));
    limit(inventory, rule).min(bound)
}

/// Whether what the feature needs is on the unit too.
pub(super) fn met(inventory: &Inventory<'_>, rule: &FeatureRule, more: &Lines) -> bool {
    rule.requires.is_empty() || rule.requires.iter().any(|name| amount_of(inventory, name, more) > 0)
}

/// Whether anything of this feature is in `more`.
pub(super) fn takes(inventory: &Inventory<'_>, rule: &FeatureRule, more: &Lines) -> bool {
    inventory.sold().any(|(name, article)| article.rule().name == rule.name && count(more, name) > 0)
}

/// Which rule the unit would break with so much of a feature.
pub(super) fn fault(inventory: &Inventory<'_>, rule: &FeatureRule, more: &Lines) -> Option<Error> {
    let amount = amount(inventory, rule, more);
    if rule.is_free_on(inventory.model) || amount == 0 {
        return None;
    }
    over_limit(inventory, rule, more, amount).or_else(|| {
        let needs = any_of(&rule.requires);
        let error = || {
            let what = format!("`{}` needs {needs} on the same unit", rule.name);
            let error = Error::new(Reason::NeedsFeature, what).at(inventory.unit);
            let features = inventory.product.features.iter();
            let held =
                features.filter(|other| other.name != rule.name && self::amount(inventory, other, more) > 0);
            facts(error, &[("with it", list(held.map(|rule| &rule.name)))])
        };
        (!met(inventory, rule, more)).then(error)
    })
}

/// Why the unit may not have as much as `amount` of a feature (rows I4, I6).
pub(super) fn over_limit(
    inventory: &Inventory<'_>,
    rule: &FeatureRule,
    more: &Lines,
    amount: u64,
) -> Option<Error> {
    let name = &rule.name;
    let limit = limit(inventory, rule);
    if limit == 0 {
        let what = match inventory.model {
            Some(model) => format!("a unit of model {model} can't have `{name}`"),
            None => format!("no unit can have `{name}`"),
        };
        return Some(Error::new(Reason::NotOnModel, what).at(inventory.unit));
    }
    let (most, label, what) = match &rule.bounded_by {
        _ if amount > limit => (limit, "limit", format!("more `{name}` than the unit may hold")),
        Some(other) if amount > amount_of(inventory, other, more) => {
            let most = amount_of(inventory, other, more);
            (most, other.as_str(), format!("more `{name}` than the `{other}` of the unit carries"))
        }
        _ => return None,
    };
    let held = self::amount(inventory, rule, &Lines::new());
    let mut rows = vec![(label, most.to_string()), ("held", held.to_string())];
    if rule.kind.is_level() {
        rows.push(("wanted", amount.to_string()));
    } else {
        let here = inventory.held_here(name);
        let wanted = amount.saturating_sub(held.saturating_sub(here));
        let of_them = if here > 0 { format!(", {here} of them held") } else { String::new() };
        rows.push(("rest", most.saturating_sub(held).to_string()));
        rows.push(("wanted", format!("{wanted}{of_them}")));
    }
    let error = facts(Error::new(Reason::OverLimit, what).at(inventory.unit), &rows);
    Some(if most <= held && !rule.kind.is_level() { error.because(Cause::NothingFits) } else { error })
}

/// Refuses a plan that lets the unit hold what it may not.
pub(super) fn check(inventory: &Inventory<'_>, more: &Lines) -> Result<()> {
    let mut taken = inventory.product.features.iter().filter(|rule| takes(inventory, rule, more));
    taken.find_map(|rule| fault(inventory, rule, more)).map_or(Ok(()), Err)
}

/// Notes on what the unit holds against the rules of today: it was paid for, so it stays.
pub(super) fn stale(inventory: &Inventory<'_>, more: &Lines) -> Vec<String> {
    let old = inventory.product.features.iter().filter(|rule| !takes(inventory, rule, more));
    let old = old.filter_map(|rule| fault(inventory, rule, more));
    old.map(|error| format!("held already, though the catalog forbids it: {}", error.message())).collect()
}

fn amount_of(inventory: &Inventory<'_>, name: &FeatureName, more: &Lines) -> u64 {
    inventory.product.feature(name).map_or(0, |rule| amount(inventory, rule, more))
}
