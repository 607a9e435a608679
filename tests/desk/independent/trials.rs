//! Trial licenses in the model: once per unit, and never after something was charged.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{DAY, midnight};
use super::catalog::Kind;
use super::license::{Features, License, Period};
use super::state::{Done, Model, Said, refused};

pub fn trial(model: &mut Model, unit: u8, id: &str, named: Option<&str>) -> Said<Done> {
    let Some(product) = model.catalog.product(id).cloned() else { return refused("not-sold") };
    let Some((days, features)) = &product.trial else { return Err(["not-sold", "unknown-model"].into()) };
    let now = model.now;
    let of = super::models::model_of(model, unit, &product, named, false)?;
    let known = model.units.entry((unit, id.to_owned())).or_default();
    let depends = product.features.iter().any(|it| !it.models.is_empty() || !it.free_on.is_empty());
    let is_open = of.is_none() && !product.models.is_empty() && depends;
    let maybe: BTreeSet<_> = is_open.then_some("unknown-model").into_iter().collect();
    let lasts = |license: &&License| license.periods[0].until.is_some_and(|end| end > now);
    let other_model = known.license.as_ref().is_some_and(|license| license.model != of);
    // Each request of a host asks for a license of its own.
    let maybe = if other_model || super::bench::is_host(unit) { ["evaluation-used"].into() } else { maybe };
    if let Some(license) = known.license.as_ref().filter(lasts).filter(|_| known.is_trial) {
        return Ok(Done { charged: BTreeMap::new(), license: license.clone(), open: BTreeSet::new(), maybe });
    }
    let mut wrong = BTreeSet::new();
    if known.was_tried {
        wrong.insert("evaluation-used");
    }
    if known.was_charged {
        wrong.insert("already-held");
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut given = Features::new();
    for feature in &product.features {
        let many = features.get(&feature.name).copied();
        if many.is_some() || feature.is_free(of.as_deref()) {
            given.insert(feature.name.clone(), many.filter(|_| feature.kind != Kind::Switch));
        }
    }
    let (from, until) = (midnight(now), Some(midnight(now) + days * DAY));
    let periods = vec![Period { from, until, features: given }];
    let license = License { periods, grace_days: 0, model: of };
    known.license = Some(license.clone());
    (known.was_tried, known.is_trial) = (true, true);
    Ok(Done { charged: BTreeMap::new(), license, open: BTreeSet::new(), maybe })
}
