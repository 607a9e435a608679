//! Reads the steps of a level: base levels and upgrades.

use std::collections::BTreeSet;

use crate::catalog::FeatureKind;
use airlatch_core::format::toml_table::{Fields, Placed, Spot};
use airlatch_core::model::{FeatureName, MAX_QUANTITY};

use super::faults::Faults;

/// Takes `base` and `upgrade` of the level `name`.
pub(super) fn steps(
    group: &mut Fields<'_>,
    faults: &Faults<'_>,
    spot: &Spot,
    name: Option<&FeatureName>,
) -> FeatureKind {
    if let Some(name) = name.filter(|name| name.as_str().contains(['#', '@'])) {
        let example = name.as_str().split(['#', '@']).next().unwrap_or_default();
        let message =
            "the name of a level can't contain `#` and `@`: they separate the parts of its articles";
        faults.add(spot, format!("{message}: `{example}#30@15`"));
    }
    let before = faults.count();
    let item = faults.needed(group, "base");
    let base_spot = item.as_ref().map(|item| item.spot.clone());
    let bases = faults.numbers(item, &(1..=MAX_QUANTITY));
    if let Some(spot) = base_spot.filter(|_| bases.is_empty() && faults.count() == before) {
        faults.add(&spot, "a level needs at least one base");
    }
    let texts = faults.texts(group.take("upgrade"));
    let upgrades: Vec<Placed<(u64, u64)>> = texts.iter().filter_map(|text| upgrade(faults, text)).collect();
    for base in &bases {
        check_article_length(faults, name, &format!("#{}", base.value), &base.spot);
    }
    for Placed { value: (from, to), spot } in &upgrades {
        check_article_length(faults, name, &format!("#{to}@{from}"), spot);
    }
    let no_faults = faults.count() == before;
    let bases: BTreeSet<u64> = bases.into_iter().map(|base| base.value).collect();
    let reached: BTreeSet<u64> =
        upgrades.iter().map(|upgrade| upgrade.value.1).chain(bases.clone()).collect();
    for Placed { value: (from, _), spot } in upgrades.iter().filter(|_| no_faults) {
        if !reached.contains(from) {
            let message =
                format!("no unit can be at level {from}: it is not a base, and no upgrade leads to it");
            faults.add(spot, message);
        }
    }
    FeatureKind::Level { bases, upgrades: upgrades.into_iter().map(|upgrade| upgrade.value).collect() }
}

/// Reads `30@15` as the upgrade from 15 to 30.
fn upgrade(faults: &Faults<'_>, text: &Placed<String>) -> Option<Placed<(u64, u64)>> {
    let Placed { value: text, spot } = text;
    let Some((to, from)) = text.split_once('@').and_then(|(to, from)| Some((level(to)?, level(from)?)))
    else {
        faults.add(spot, format!("`{text}` is not an upgrade; write \"30@15\" for the step to 30 from 15"));
        return None;
    };
    if to <= from {
        let meant = if to < from { format!("; did you mean `{from}@{to}`?") } else { String::new() };
        faults.add(spot, format!("an upgrade has to lead up, this one leads to {to} from {from}{meant}"));
        return None;
    }
    Some(Placed { value: (from, to), spot: spot.clone() })
}

/// A level in its only spelling, without sign or leading zeros: an article has one name.
fn level(text: &str) -> Option<u64> {
    let number = text.parse().ok().filter(|number| (1..=MAX_QUANTITY).contains(number))?;
    (number.to_string() == text).then_some(number)
}

/// Refuses a step whose article name would be longer than a feature name may be.
fn check_article_length(faults: &Faults<'_>, name: Option<&FeatureName>, step: &str, spot: &Spot) {
    let Some(name) = name else { return };
    let article = format!("{name}{step}");
    if !name.as_str().contains(['#', '@']) && article.parse::<FeatureName>().is_err() {
        faults.add(
            spot,
            format!("the article `{article}` would have {} characters, more than 64", article.len()),
        );
    }
}
