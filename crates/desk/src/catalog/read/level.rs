//! The steps of a level: where a unit can begin, and what leads further up.

use std::collections::BTreeSet;

use crate::catalog::FeatureKind;
use airlatch_core::format::toml_table::{Fields, Placed, Spot};
use airlatch_core::model::{FeatureName, MAX_QUANTITY};

use super::faults::Faults;

/// Takes `base` and `upgrade` of the level with this name.
pub(super) fn steps(
    group: &mut Fields<'_>,
    faults: &Faults<'_>,
    spot: &Spot,
    name: Option<&FeatureName>,
) -> FeatureKind {
    if let Some(name) = name.filter(|name| name.as_str().contains(['#', '@'])) {
        let example = name.as_str().split(['#', '@']).next().unwrap_or_default();
        let what = "`#` and `@` can't stand in the name of a level; its articles are made with them";
        faults.add(spot, format!("{what}: `{example}#30@15`"));
    }
    let before = faults.count();
    let item = faults.needed(group, "base");
    let base_spot = item.as_ref().map(|item| item.spot.clone());
    let bases = faults.numbers(item, &(1..=MAX_QUANTITY));
    if let Some(spot) = base_spot.filter(|_| bases.is_empty() && faults.count() == before) {
        faults.add(&spot, "where does a unit begin? a level has at least one base");
    }
    let texts = faults.texts(group.take("upgrade"));
    let upgrades: Vec<Placed<(u64, u64)>> = texts.iter().filter_map(|text| upgrade(faults, text)).collect();
    for base in &bases {
        fits(faults, name, &format!("#{}", base.value), &base.spot);
    }
    for Placed { value: (from, to), spot } in &upgrades {
        fits(faults, name, &format!("#{to}@{from}"), spot);
    }
    let is_whole = faults.count() == before;
    let bases: BTreeSet<u64> = bases.into_iter().map(|base| base.value).collect();
    let reached: BTreeSet<u64> =
        upgrades.iter().map(|upgrade| upgrade.value.1).chain(bases.clone()).collect();
    for Placed { value: (from, _), spot } in upgrades.iter().filter(|_| is_whole) {
        if !reached.contains(from) {
            let what = format!("no unit has level {from}: it is no base, and no other upgrade leads to it");
            faults.add(spot, what);
        }
    }
    FeatureKind::Level { bases, upgrades: upgrades.into_iter().map(|upgrade| upgrade.value).collect() }
}

/// Reads `30@15` as from 15 to 30.
fn upgrade(faults: &Faults<'_>, text: &Placed<String>) -> Option<Placed<(u64, u64)>> {
    let Placed { value: text, spot } = text;
    let Some((to, from)) = text.split_once('@').and_then(|(to, from)| Some((level(to)?, level(from)?)))
    else {
        faults.add(spot, format!("`{text}` is no upgrade; to 30 from 15 is written \"30@15\""));
        return None;
    };
    if to <= from {
        let meant = if to < from { format!("; did you mean `{from}@{to}`?") } else { String::new() };
        faults.add(spot, format!("an upgrade leads up, and this one to {to} from {from}{meant}"));
        return None;
    }
    Some(Placed { value: (from, to), spot: spot.clone() })
}

/// A level in its one spelling, so that an article has one name.
fn level(text: &str) -> Option<u64> {
    let number = text.parse().ok().filter(|number| (1..=MAX_QUANTITY).contains(number))?;
    (number.to_string() == text).then_some(number)
}

/// Refuses a step whose article would have a name that is too long for a feature.
fn fits(faults: &Faults<'_>, name: Option<&FeatureName>, step: &str, spot: &Spot) {
    let Some(name) = name else { return };
    let article = format!("{name}{step}");
    if !name.as_str().contains(['#', '@']) && article.parse::<FeatureName>().is_err() {
        faults.add(
            spot,
            format!("the article `{article}` would have {} characters, more than 64", article.len()),
        );
    }
}
