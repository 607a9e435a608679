//! Random catalogs: what is needed comes before what needs it.

use super::catalog::{Catalog, Feature, Kind, OnModel, Product};
use crate::common::chance::Chance;

pub fn catalog(dice: &mut Chance) -> Catalog {
    let mut products = vec![product("pbx", dice)];
    if dice.one_in(5) {
        products.push(product("phone", dice));
    }
    Catalog(products)
}

fn product(id: &str, dice: &mut Chance) -> Product {
    let models = match dice.below(3) {
        0 => Vec::new(),
        _ => vec![
            ("small".to_owned(), None),
            ("large".to_owned(), dice.one_in(3).then(|| "00-90-34".to_owned())),
        ],
    };
    let mut features = vec![level(dice)];
    features.truncate(dice.below(2) as usize);
    for (name, is_count) in [("sessions", true), ("voicemail", false), ("users", true), ("fax", false)] {
        let kind = if is_count { Kind::Count } else { Kind::Switch };
        let before: Vec<_> = features.iter().map(|it: &Feature| (it.name.clone(), it.kind.clone())).collect();
        let mut feature = Feature::new(name, kind);
        if is_count && dice.one_in(2) {
            feature.maximum = Some(10 + dice.below(60));
        }
        let numbers: Vec<_> = before.iter().filter(|(_, kind)| *kind != Kind::Switch).collect();
        if is_count && !numbers.is_empty() && dice.one_in(3) {
            feature.bounded_by = Some(dice.pick(&numbers).0.clone());
        }
        if !before.is_empty() && dice.one_in(4) {
            feature.requires = vec![dice.pick(&before).0];
            let other = dice.pick(&before).0;
            if dice.one_in(3) && !feature.requires.contains(&other) {
                feature.requires.push(other);
            }
        }
        feature.not_twice = dice.one_in(5);
        features.push(feature);
    }
    for feature in &mut features {
        on_models(feature, &models, dice);
    }
    let trial = dice.one_in(2).then(|| trial(&features, dice)).flatten();
    let grace_days = dice.pick(&[0, 0, 10]);
    Product { id: id.into(), grace_days, models, features, gone: Vec::new(), trial }
}

fn level(dice: &mut Chance) -> Feature {
    let (bases, upgrades): (&[u64], &[(u64, u64)]) = match dice.below(3) {
        0 => (&[15], &[(15, 30), (15, 60)]),
        1 => (&[15, 30], &[(15, 30), (30, 60)]),
        _ => (&[15, 30], &[(30, 60)]),
    };
    let (bases, upgrades) = (bases.iter().copied().collect(), upgrades.iter().copied().collect());
    Feature::new("PBX", Kind::Level { bases, upgrades })
}

/// Limits for models, or models that have it free.
fn on_models(feature: &mut Feature, models: &[(String, Option<String>)], dice: &mut Chance) {
    if models.is_empty() || !dice.one_in(3) {
        return;
    }
    if feature.kind == Kind::Switch && dice.one_in(2) {
        feature.free_on.insert(dice.pick(models).0);
        return;
    }
    let small = match feature.kind {
        Kind::Count => OnModel::Number(1 + dice.below(feature.maximum.unwrap_or(30))),
        Kind::Level { .. } => OnModel::Number(30),
        Kind::Switch => OnModel::None,
    };
    feature.models.insert("small".into(), small);
    if !dice.one_in(4) {
        feature.models.insert("large".into(), OnModel::Maximum);
    }
}

/// A trial license of features that every unit may have.
fn trial(features: &[Feature], dice: &mut Chance) -> Option<(i64, super::act::Amounts)> {
    let plain = features.iter().filter(|it| it.models.is_empty() && it.requires.is_empty());
    let plain = plain.filter(|it| it.bounded_by.is_none() && !it.is_level());
    let given: super::act::Amounts =
        plain.map(|it| (it.name.clone(), if it.kind == Kind::Count { 5 } else { 1 })).collect();
    (!given.is_empty()).then(|| (10 + dice.below(60) as i64, given))
}
