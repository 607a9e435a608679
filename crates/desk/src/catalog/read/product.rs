//! Reads a product of a catalog with its hardware models.

use std::collections::BTreeMap;

use crate::catalog::file_stem::no_windows_name;
use crate::catalog::mac_prefix::never_accepted;
use crate::catalog::{MacRule, Model, Product};
use airlatch_core::format::toml_table::{Fields, Placed};
use airlatch_core::format::{limits, wire};
use airlatch_core::model::{MAX_FEATURES, MEMORY_DAYS};

use super::evaluation::{evaluation, free_features};
use super::faults::Faults;
use super::feature::{Feature, feature};
use super::lock::{allowed, lock_policy, mac_prefixes, mac_rule};
use super::relations;
use super::shared::{KEYS, MAX_DAYS, refuse_duplicates};

/// The largest limit of moves within a year.
const MAX_MOVES: u64 = 1000;

/// Reads a product and adds its id to `ids`. If there were faults, the result is incomplete and must not be used.
pub(super) fn product(mut group: Fields<'_>, faults: &Faults<'_>, ids: &mut Vec<Placed<String>>) -> Product {
    let id = faults.text(faults.needed(&mut group, "id"));
    if let Some(id) = &id {
        match wire::check_product(&id.value) {
            Ok(()) if no_windows_name(&id.value) => {
                let message =
                    format!("Windows has no files named `{}`, as licenses of this product are", id.value);
                faults.add(&id.spot, message);
            }
            Ok(()) => group.spot = group.spot.named(&id.value),
            Err(error) => faults.error(&id.spot, error),
        }
    }
    let name = faults.text(group.take("name")).map(|text| text.value);
    let versions = faults.texts(group.take("versions"));
    let mut lock = lock_policy(&mut group, faults);
    lock.value.rule.allow = allowed(&mut group, faults);
    let mac = mac_rule(&mut group, faults, &lock);
    let models = models(&mut group, faults, &mac);
    let features = features(&mut group, faults, &models);
    relations::check(&features, faults);
    let moves = faults.number(group.take("moves-per-year"), &(0..=MAX_MOVES));
    let mut days_or = |key: &str, default: u32| {
        faults.number(group.take(key), &(0..=MAX_DAYS)).map_or(default, |days| days.value as u32)
    };
    let mut days = |key: &str| days_or(key, 0);
    lock.value.rule.drift_days = days("drift-days");
    let grace_days = days("grace-days");
    let activation_days = days("activation-days");
    let memory_days = days_or("memory-days", MEMORY_DAYS);
    let has_days = grace_days > 0 || lock.value.rule.drift_days > 0;
    let product = Product {
        advisory: advisory(&mut group, faults, has_days),
        grace_days,
        memory_days,
        activation_days,
        moves_per_year: moves.map(|moves| moves.value as u32),
        transferable: faults.flag(group.take("transferable")).unwrap_or(true),
        evaluation: group.take("evaluation").and_then(|item| evaluation(item, faults, &features)),
        starter: group
            .take("starter")
            .and_then(|item| free_features(item, faults, "starter license", &features)),
        id: id.as_ref().map(|id| id.value.clone()).unwrap_or_default(),
        name,
        versions: versions.into_iter().map(|version| version.value).collect(),
        models,
        features: features.into_iter().map(|feature| feature.rule).collect(),
        lock: lock.value,
        mac,
    };
    ids.extend(id);
    faults.nothing_else(group, KEYS, &[]);
    product
}

/// Reads `enforcement`; `has_days`: the product has grace or drift days.
fn advisory(group: &mut Fields<'_>, faults: &Faults<'_>, has_days: bool) -> bool {
    let Some(word) = faults.text(group.take("enforcement")) else { return false };
    match word.value.as_str() {
        "strict" => false,
        "advisory" => {
            if has_days {
                let message = "an advisory license never stops: it has no `grace-days` and no `drift-days`";
                faults.add(&word.spot, message);
            }
            true
        }
        other => {
            faults.add(&word.spot, format!("`strict` or `advisory` belongs here, not `{other}`"));
            false
        }
    }
}

fn models(group: &mut Fields<'_>, faults: &Faults<'_>, rule: &MacRule) -> Vec<Model> {
    let tables = faults.tables(group.take("model"), "product.model", limits::CATALOG_MODELS);
    let (mut ids, mut prefixes_of_models, mut models) = (Vec::new(), Vec::new(), Vec::new());
    for table in tables {
        models.push(model(table, faults, rule, &mut ids, &mut prefixes_of_models));
    }
    refuse_duplicates(faults, "model", &ids);
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for (owner, prefix_of_model) in &prefixes_of_models {
        let Placed { value: digits, spot } = prefix_of_model;
        if let Some(other) = owners.insert(digits, owner).filter(|other| *other != owner) {
            faults.add(spot, format!("model `{other}` has the same MAC prefix"));
        }
        let overlaps = |prefix: &String| prefix.starts_with(digits) || digits.starts_with(prefix);
        if !rule.prefixes.is_empty() && !rule.prefixes.iter().any(overlaps) {
            let all = rule.prefixes.join(" or ");
            faults.add(spot, format!("the product accepts no such MAC: `prefix` in its `mac` is {all}"));
        }
    }
    models
}

fn model(
    mut group: Fields<'_>,
    faults: &Faults<'_>,
    rule: &MacRule,
    ids: &mut Vec<Placed<String>>,
    prefixes_of_models: &mut Vec<(String, Placed<String>)>,
) -> Model {
    let id = faults.text(faults.needed(&mut group, "id"));
    if let Some(id) = &id {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-+".contains(&b);
        let begins = id.value.starts_with(|c: char| c.is_ascii_alphanumeric());
        if begins && id.value.len() <= 64 && id.value.bytes().all(plain) {
            group.spot = group.spot.named(&id.value);
        } else {
            let message = "a model id has 1 to 64 of A-Z a-z 0-9 . _ - + and begins with a letter or digit";
            faults.add(&id.spot, message);
        }
    }
    let name = faults.text(group.take("name")).map(|text| text.value);
    let prefixes = mac_prefixes(&mut group, faults, "mac", |digits| match digits.len() {
        6 | 7 | 9 => never_accepted(digits, rule.allow_local).map(str::to_owned),
        digits => Some(format!(
            "the MAC prefix of a model has 24, 28 or 36 bits, that is 6, 7 or 9 digits, not {digits}"
        )),
    });
    let owner = id.as_ref().map(|id| id.value.clone()).unwrap_or_default();
    let values = prefixes.iter().map(|prefix| prefix.value.clone()).collect();
    prefixes_of_models.extend(prefixes.into_iter().map(|prefix| (owner.clone(), prefix)));
    ids.extend(id);
    faults.nothing_else(group, &["id", "name", "mac"], KEYS);
    Model { id: owner, name, prefixes: values }
}

fn features(group: &mut Fields<'_>, faults: &Faults<'_>, models: &[Model]) -> Vec<Feature> {
    let Some(mut table) = faults.table(faults.needed(group, "feature")) else { return Vec::new() };
    let entries = table.all();
    if entries.is_empty() {
        faults.add(&table.spot, "a product needs at least one feature");
    }
    if entries.len() > MAX_FEATURES {
        faults.add(&table.spot, format!("{} features, more than {MAX_FEATURES}", entries.len()));
        return Vec::new();
    }
    entries.into_iter().filter_map(|(name, item)| feature(&name, item, faults, models)).collect()
}
