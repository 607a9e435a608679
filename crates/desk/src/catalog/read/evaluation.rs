//! Reads the features of trial and starter licenses.

use std::collections::BTreeSet;

use toml::de::DeValue;

use crate::catalog::{Evaluation, FeatureKind, FeatureRule, Limit};
use airlatch_core::format::toml_table::{Item, Placed};
use airlatch_core::model::{FeatureName, Features, MAX_QUANTITY, Quantity};

use super::faults::Faults;
use super::feature::Feature;
use super::relations::{find, unknown};
use super::shared::{KEYS, MAX_DAYS};

/// Reads `evaluation`.
pub(super) fn evaluation(item: Item<'_>, faults: &Faults<'_>, features: &[Feature]) -> Option<Evaluation> {
    let mut group = faults.table(item)?;
    let days = faults.number(faults.needed(&mut group, "days"), &(1..=MAX_DAYS));
    let given = faults.needed(&mut group, "features");
    let given = given.and_then(|item| free_features(item, faults, "evaluation", features));
    faults.nothing_else(group, &["days", "features"], KEYS);
    Some(Evaluation { days: days?.value as u32, features: given.unwrap_or_default() })
}

/// Reads the features of a license that is not charged; `license` is its name in messages.
pub(super) fn free_features(
    item: Item<'_>,
    faults: &Faults<'_>,
    license: &str,
    features: &[Feature],
) -> Option<Features> {
    let mut table = faults.table(item)?;
    let before = faults.count();
    let mut given: Vec<(Placed<FeatureName>, Quantity)> = Vec::new();
    let entries = table.all();
    if entries.is_empty() {
        faults.add(&table.spot, "it needs at least one feature");
    }
    for (name, item) in entries {
        let Some(name) = faults.parsed::<FeatureName>(&name) else { continue };
        match find(features, &name.value) {
            Some(feature) => {
                given.extend(quantity(item, faults, &feature.rule).map(|quantity| (name, quantity)))
            }
            None => unknown(faults, &name, features),
        }
    }
    if faults.count() == before {
        for (name, quantity) in &given {
            check_dependencies(name, *quantity, license, &given, features, faults);
        }
    }
    let mut all = Features::default();
    for (name, quantity) in given {
        if let Err(error) = all.add(name.value, quantity) {
            faults.error(&name.spot, error);
        }
    }
    Some(all)
}

/// Reads the quantity of a feature and checks it against the limits of all models.
fn quantity(item: Item<'_>, faults: &Faults<'_>, rule: &FeatureRule) -> Option<Quantity> {
    let limits = rule.on_model.values().chain([&rule.limit]);
    let most = limits.map(|limit| match limit {
        Limit::Never => 0,
        Limit::AtMost(most) => *most,
        Limit::Any => u64::MAX,
    });
    let most = most.max().unwrap_or(0);
    if rule.kind == FeatureKind::Switch {
        if !matches!(item.value, DeValue::Boolean(true)) {
            faults.push(item.wrong("true (it is a switch)"));
        } else if most == 0 {
            faults.add(&item.spot, "no model supports it");
        }
        return Some(Quantity::On);
    }
    let Placed { value: number, spot } = faults.number(item, &(1..=MAX_QUANTITY))?;
    let levels: BTreeSet<u64> = match &rule.kind {
        FeatureKind::Level { bases, upgrades } => {
            bases.iter().copied().chain(upgrades.iter().map(|(_, to)| *to)).collect()
        }
        _ => BTreeSet::new(),
    };
    if number > most {
        faults.add(&spot, format!("{number} is more than the limit of a unit, which is {most}"));
    } else if !levels.is_empty() && !levels.contains(&number) {
        let levels: Vec<String> = levels.iter().map(ToString::to_string).collect();
        faults.add(&spot, format!("there is no level {number}; there are {}", levels.join(", ")));
    }
    Quantity::count(number).map_err(|error| faults.error(&spot, error)).ok()
}

/// Refuses a feature whose `requires` or `bounded-by` the other features of the license don't meet.
fn check_dependencies(
    name: &Placed<FeatureName>,
    quantity: Quantity,
    license: &str,
    given: &[(Placed<FeatureName>, Quantity)],
    features: &[Feature],
    faults: &Faults<'_>,
) {
    let Some(rule) = find(features, &name.value).map(|feature| &feature.rule) else { return };
    let amount =
        |name: &FeatureName| given.iter().find(|(given, _)| given.value == *name).map(|found| found.1);
    let is_free =
        |name: &FeatureName| find(features, name).is_some_and(|found| !found.rule.free_on.is_empty());
    if !rule.requires.is_empty() && !rule.requires.iter().any(|name| amount(name).is_some() || is_free(name))
    {
        let needed: Vec<String> = rule.requires.iter().map(|name| format!("`{name}`")).collect();
        faults.add(
            &name.spot,
            format!("it needs {}, which the {license} does not contain", needed.join(" or ")),
        );
    }
    let Some(bound) = &rule.bounded_by else { return };
    if !amount(bound).is_some_and(|amount| amount.covers(quantity)) {
        faults.add(&name.spot, format!("the {license} contains less of `{bound}`, which bounds it"));
    }
}
