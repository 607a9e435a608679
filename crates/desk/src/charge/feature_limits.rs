//! How much of a feature a unit may hold: the limit of its model, `bounded-by` and `requires`.

use crate::catalog::{FeatureKind, FeatureRule, Limit};
use crate::orders::Lines;
use airlatch_core::model::{Cause, Error, FeatureName, MAX_QUANTITY, Reason, Result};

use super::details::{list, or_list, with_details};
use super::inventory::{Inventory, count};
use super::level;

/// How much of a feature the unit has, including `added`, from all codes whose term isn't over. A switch counts 1, a level its
/// number.
pub(super) fn amount(inventory: &Inventory<'_>, rule: &FeatureRule, added: &Lines) -> u64 {
    let quantity = || inventory.held(&rule.name).saturating_add(count(added, &rule.name));
    match rule.kind {
        FeatureKind::Switch => u64::from(rule.is_free_on(inventory.model) || quantity() > 0),
        FeatureKind::Count => quantity(),
        FeatureKind::Level { .. } => level::reached(&inventory.steps(rule, added)),
    }
}

/// How much a unit of this model may hold, but no more than a license can state.
pub(super) fn limit(inventory: &Inventory<'_>, rule: &FeatureRule) -> u64 {
    match rule.limit_on(inventory.model) {
        Limit::Never => 0,
        Limit::AtMost(most) => most.min(MAX_QUANTITY),
        Limit::Any => MAX_QUANTITY,
    }
}

/// How much the unit may hold by its model and by the feature that bounds this one.
pub(super) fn cap(inventory: &Inventory<'_>, rule: &FeatureRule, added: &Lines) -> u64 {
    let bound = rule.bounded_by.as_ref().map_or(u64::MAX, |name| amount_of(inventory, name, added));
    limit(inventory, rule).min(bound)
}

/// Whether the unit has one of the features that this one requires.
pub(super) fn requirements_met(inventory: &Inventory<'_>, rule: &FeatureRule, added: &Lines) -> bool {
    rule.requires.is_empty() || rule.requires.iter().any(|name| amount_of(inventory, name, added) > 0)
}

/// Whether `added` has an article of this feature.
pub(super) fn is_planned(inventory: &Inventory<'_>, rule: &FeatureRule, added: &Lines) -> bool {
    inventory.sold().any(|(name, article)| article.rule().name == rule.name && count(added, name) > 0)
}

/// The rule that the unit would break with `added`, as an error.
pub(super) fn broken_rule(inventory: &Inventory<'_>, rule: &FeatureRule, added: &Lines) -> Option<Error> {
    let amount = amount(inventory, rule, added);
    if rule.is_free_on(inventory.model) || amount == 0 {
        return None;
    }
    over_limit(inventory, rule, added, amount).or_else(|| {
        let needs = or_list(&rule.requires);
        let error = || {
            let message = format!("`{}` requires {needs} on the same unit", rule.name);
            let error = Error::new(Reason::NeedsFeature, message).at(inventory.unit);
            let features = inventory.product.features.iter();
            let held =
                features.filter(|other| other.name != rule.name && self::amount(inventory, other, added) > 0);
            with_details(error, &[("with it", list(held.map(|rule| &rule.name)))])
        };
        (!requirements_met(inventory, rule, added)).then(error)
    })
}

/// The error if the unit may not have `amount` of a feature.
pub(super) fn over_limit(
    inventory: &Inventory<'_>,
    rule: &FeatureRule,
    added: &Lines,
    amount: u64,
) -> Option<Error> {
    let name = &rule.name;
    let limit = limit(inventory, rule);
    if limit == 0 {
        let message = match inventory.model {
            Some(model) => format!("`{name}` is not available for model {model}"),
            None => format!("`{name}` is not available for any model"),
        };
        return Some(Error::new(Reason::NotOnModel, message).at(inventory.unit));
    }
    let (most, label, message) = match &rule.bounded_by {
        _ if amount > limit => (limit, "limit", format!("more `{name}` than the limit of the unit")),
        Some(other) if amount > amount_of(inventory, other, added) => {
            let most = amount_of(inventory, other, added);
            (most, other.as_str(), format!("more `{name}` than the `{other}` of the unit, which bounds it"))
        }
        _ => return None,
    };
    let held = self::amount(inventory, rule, &Lines::new());
    let mut rows = vec![(label, most.to_string()), ("held", held.to_string())];
    if rule.kind.is_level() {
        rows.push(("wanted", amount.to_string()));
    } else {
        let here = inventory.held_from_named(name);
        let wanted = amount.saturating_sub(held.saturating_sub(here));
        let codes = if inventory.named().count() == 1 { "this code" } else { "these codes" };
        let of_them = if here > 0 { format!(", {here} of them held from {codes}") } else { String::new() };
        rows.push(("rest", most.saturating_sub(held).to_string()));
        rows.push(("wanted", format!("{wanted}{of_them}")));
    }
    let error = with_details(Error::new(Reason::OverLimit, message).at(inventory.unit), &rows);
    Some(if most <= held && !rule.kind.is_level() { error.because(Cause::NothingFits) } else { error })
}

/// Refuses `added` if it breaks a rule for a feature in it.
pub(super) fn check(inventory: &Inventory<'_>, added: &Lines) -> Result<()> {
    let mut taken = inventory.product.features.iter().filter(|rule| is_planned(inventory, rule, added));
    taken.find_map(|rule| broken_rule(inventory, rule, added)).map_or(Ok(()), Err)
}

/// Notes on what the unit already holds against today's rules: it was paid for and stays.
pub(super) fn notes_on_held(inventory: &Inventory<'_>, added: &Lines) -> Vec<String> {
    let old = inventory.product.features.iter().filter(|rule| !is_planned(inventory, rule, added));
    let old = old.filter_map(|rule| broken_rule(inventory, rule, added));
    old.map(|error| format!("already held, but against the rules of the catalog: {}", error.message()))
        .collect()
}

fn amount_of(inventory: &Inventory<'_>, name: &FeatureName, added: &Lines) -> u64 {
    inventory.product.feature(name).map_or(0, |rule| amount(inventory, rule, added))
}
