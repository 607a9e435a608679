//! Reads a feature of a product: its kind, its limits, and the features it depends on.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeValue;

use crate::catalog::{FeatureKind, FeatureRule, Limit, Model};
use airlatch_core::format::toml_table::{Fields, Item, Placed, Spot};
use airlatch_core::model::{FeatureName, MAX_QUANTITY, near};

use super::faults::Faults;
use super::level::steps;
use super::shared::KEYS;

const KINDS: [&str; 3] = ["switch", "count", "level"];

/// A feature rule, with the places of its references to other features.
pub(super) struct Feature {
    pub(super) rule: FeatureRule,
    pub(super) spot: Spot,
    pub(super) requires: Vec<Placed<FeatureName>>,
    pub(super) bounded_by: Option<Placed<FeatureName>>,
}

/// Reads the feature with this name; its value is a table, or only the kind.
pub(super) fn feature(
    name: &Placed<String>,
    item: Item<'_>,
    faults: &Faults<'_>,
    models: &[Model],
) -> Option<Feature> {
    let spot = name.spot.clone();
    let name: Option<FeatureName> = faults.parsed(name).map(|name| name.value);
    // A feature that can't be read counts as a count; otherwise references to it would be reported as unknown.
    let plain = |name: FeatureName, kind| Feature {
        rule: plain_rule(name, kind),
        spot: spot.clone(),
        requires: Vec::new(),
        bounded_by: None,
    };
    if let DeValue::String(_) = item.value {
        let kind = match kind_word(item, faults) {
            Some("switch") => FeatureKind::Switch,
            Some("level") => {
                faults.add(&spot, "a level needs a table with `kind` and `base`");
                FeatureKind::Count
            }
            _ => FeatureKind::Count,
        };
        return name.map(|name| plain(name, kind));
    }
    let Some(mut group) = faults.table(item) else { return name.map(|name| plain(name, FeatureKind::Count)) };
    let word = faults.needed(&mut group, "kind").and_then(|item| kind_word(item, faults));
    let kind = match word {
        Some("switch") => FeatureKind::Switch,
        Some("level") => steps(&mut group, faults, &spot, name.as_ref()),
        _ => FeatureKind::Count,
    };
    let mut limits = limits(&mut group, faults, word, models);
    let free_on = free_on(&mut group, faults, word, models, &mut limits);
    let requires: Vec<Placed<FeatureName>> = faults.all_parsed(group.take("requires"));
    let bounded_by =
        faults.text(group.take("bounded-by")).and_then(|name| faults.parsed::<FeatureName>(&name));
    if let Some(bound) = bounded_by.as_ref().filter(|_| word == Some("switch")) {
        faults.add(&bound.spot, "a switch has no amount to bound: use `requires`");
    }
    let not_twice = group.take("not-twice");
    if let Some(item) = not_twice.as_ref().filter(|_| word == Some("level")) {
        faults
            .add(&item.spot, "`not-twice` is for switches and counts: a unit never takes a base level twice");
    }
    for key in ["base", "upgrade"] {
        if let Some(item) = group.take(key).filter(|_| word.is_some()) {
            faults
                .add(&item.spot, format!("`{key}` is for levels, and this is a {}", word.unwrap_or("count")));
        }
    }
    let rule = name.map(|name| FeatureRule {
        limit: limits.default,
        on_model: limits.on_model,
        free_on,
        requires: requires.iter().map(|name| name.value.clone()).collect(),
        bounded_by: bounded_by.as_ref().map(|name| name.value.clone()),
        not_twice: faults.flag(not_twice).unwrap_or(false),
        ..plain_rule(name, kind)
    });
    let known =
        ["kind", "maximum", "models", "requires", "bounded-by", "not-twice", "free-on", "base", "upgrade"];
    faults.nothing_else(group, &known, KEYS);
    Some(Feature { rule: rule?, spot, requires, bounded_by })
}

fn plain_rule(name: FeatureName, kind: FeatureKind) -> FeatureRule {
    FeatureRule {
        name,
        kind,
        limit: Limit::Any,
        on_model: BTreeMap::new(),
        free_on: BTreeSet::new(),
        requires: Vec::new(),
        bounded_by: None,
        not_twice: false,
    }
}

fn kind_word(item: Item<'_>, faults: &Faults<'_>) -> Option<&'static str> {
    let Placed { value: word, spot } = faults.text(item)?;
    let kind = KINDS.into_iter().find(|kind| *kind == word);
    if kind.is_none() {
        let message = format!("`{word}` is not a kind of feature");
        match near::nearest(KINDS, &word) {
            Some(_) => faults.unknown(&spot, &message, KINDS, &word),
            None => faults.add(
                &spot,
                format!("{message}: write switch (on or off), count (a number) or level (sold in steps)"),
            ),
        }
    }
    kind
}

struct Limits {
    /// The limit of models that `models` doesn't name.
    default: Limit,
    on_model: BTreeMap<String, Limit>,
    /// The limit that `true` means.
    on: Limit,
}

/// Takes `maximum` and `models`.
fn limits(group: &mut Fields<'_>, faults: &Faults<'_>, kind: Option<&str>, models: &[Model]) -> Limits {
    let maximum = faults.number(group.take("maximum"), &(1..=MAX_QUANTITY));
    if let Some(maximum) = maximum.as_ref().filter(|_| kind == Some("switch")) {
        faults.add(&maximum.spot, "a switch has no `maximum`");
    }
    let on = maximum.as_ref().map_or(Limit::Any, |maximum| Limit::AtMost(maximum.value));
    let Some(mut table) = faults.table(group.take("models")) else {
        return Limits { default: on, on_model: BTreeMap::new(), on };
    };
    let entries = table.all();
    if entries.is_empty() {
        faults.add(&table.spot, "no model would support it: leave out `models` if all do");
    }
    let mut on_model = BTreeMap::new();
    for (model, item) in entries {
        let is_known = check_model(faults, &model, models);
        let spot = item.spot.clone();
        let limit = match item.value {
            DeValue::Boolean(true) => on,
            DeValue::Boolean(false) => Limit::Never,
            DeValue::Integer(_) if kind != Some("switch") => match faults.number(item, &(1..=MAX_QUANTITY)) {
                Some(most) => Limit::AtMost(most.value),
                None => continue,
            },
            _ if kind == Some("switch") => {
                faults.push(item.wrong("true or false"));
                continue;
            }
            _ => {
                faults.push(item.wrong("a whole number, true or false"));
                continue;
            }
        };
        match (limit, on) {
            (Limit::AtMost(most), Limit::AtMost(all)) if most > all => {
                faults.add(&spot, format!("{most} is more than `maximum`, which is {all}"));
            }
            _ if is_known => drop(on_model.insert(model.value, limit)),
            _ => {}
        }
    }
    Limits { default: Limit::Never, on_model, on }
}

/// Takes `free-on`. A model that has the feature for free supports it, even if `models` does not name it.
fn free_on(
    group: &mut Fields<'_>,
    faults: &Faults<'_>,
    kind: Option<&str>,
    models: &[Model],
    limits: &mut Limits,
) -> BTreeSet<String> {
    let Some(item) = group.take("free-on") else { return BTreeSet::new() };
    if kind.is_some_and(|kind| kind != "switch") {
        faults.add(&item.spot, "`free-on` is for switches: a count or level would need an amount");
    }
    let mut free = BTreeSet::new();
    for model in faults.texts(Some(item)) {
        if !check_model(faults, &model, models) {
            continue;
        }
        if limits.on_model.get(&model.value) == Some(&Limit::Never) {
            faults.add(&model.spot, format!("`models` says that {} doesn't support it", model.value));
        }
        if limits.default == Limit::Never {
            limits.on_model.insert(model.value.clone(), limits.on);
        }
        free.insert(model.value);
    }
    free
}

/// Whether the product has this model; an unknown one is a fault.
fn check_model(faults: &Faults<'_>, model: &Placed<String>, models: &[Model]) -> bool {
    let is_known = models.iter().any(|known| known.id == model.value);
    if !is_known {
        let message = format!("there is no model `{}`", model.value);
        let ids = models.iter().map(|model| model.id.as_str());
        faults.unknown(&model.spot, &message, ids, &model.value);
    }
    is_known
}
