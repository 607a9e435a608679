//! What the features of a product say of each other.

use crate::catalog::{FeatureKind, FeatureRule};
use airlatch_core::format::toml_table::Placed;
use airlatch_core::model::FeatureName;

use super::faults::Faults;
use super::feature::Feature;
use super::shared::no_twins;

/// The feature with this name.
pub(super) fn find<'f>(features: &'f [Feature], name: &FeatureName) -> Option<&'f Feature> {
    features.iter().find(|feature| feature.rule.name == *name)
}

/// Refuses a name that no feature has.
pub(super) fn unknown(faults: &Faults<'_>, name: &Placed<FeatureName>, features: &[Feature]) {
    let names = features.iter().map(|feature| feature.rule.name.as_str());
    let what = format!("there is no feature `{}`", name.value);
    faults.unknown(&name.spot, &what, names, name.value.as_str());
}

/// Checks all that the features say of each other.
pub(super) fn check(features: &[Feature], faults: &Faults<'_>) {
    let name =
        |feature: &Feature| Placed { value: feature.rule.name.to_string(), spot: feature.spot.clone() };
    no_twins(faults, "feature", &features.iter().map(name).collect::<Vec<_>>());
    for feature in features {
        not_an_article(feature, features, faults);
        for needed in &feature.requires {
            if needed.value == feature.rule.name {
                faults.add(&needed.spot, "a feature can't need itself");
            } else if find(features, &needed.value).is_none() {
                unknown(faults, needed, features);
            }
        }
        if let Some(bound) = &feature.bounded_by {
            match find(features, &bound.value) {
                _ if bound.value == feature.rule.name => {
                    faults.add(&bound.spot, "a feature can't bound itself");
                }
                None => unknown(faults, bound, features),
                Some(found) if found.rule.kind == FeatureKind::Switch => {
                    faults.add(
                        &bound.spot,
                        format!("`{}` is a switch: there is no amount to keep within", bound.value),
                    );
                }
                Some(_) => {}
            }
        }
    }
    circles(features, faults);
}

/// Refuses another feature that has the name of a level's article.
fn not_an_article(feature: &Feature, features: &[Feature], faults: &Faults<'_>) {
    let name = feature.rule.name.as_str();
    let Some((level, _)) = name.split_once('#') else { return };
    let level = features.iter().find(|other| other.rule.name.as_str() == level && other.rule.kind.is_level());
    let articles = level.map(|level| level.rule.articles()).unwrap_or_default();
    if articles.iter().any(|article| article.to_string() == name) {
        let what = format!("`{name}` is the name of an article already: a step of the level");
        faults.add(&feature.spot, what);
    }
}

/// Refuses features that bound each other in a circle, each circle once.
fn circles(features: &[Feature], faults: &Faults<'_>) {
    let bound = |rule: &FeatureRule| {
        let name = rule.bounded_by.as_ref()?;
        features.iter().position(|feature| feature.rule.name == *name)
    };
    let next: Vec<Option<usize>> = features.iter().map(|feature| bound(&feature.rule)).collect();
    for (start, feature) in features.iter().enumerate() {
        let follow = |at: &usize| next.get(*at).copied().flatten();
        let path: Vec<usize> = std::iter::successors(follow(&start), follow)
            .take_while(|at| *at != start)
            .take(features.len())
            .collect();
        let closes = path.last().and_then(follow) == Some(start);
        // The first of a circle speaks for it; one that bounds itself was refused before.
        if let Some(bound) =
            feature.bounded_by.as_ref().filter(|_| closes && path.iter().all(|at| *at > start))
        {
            let names = path.iter().filter_map(|at| features.get(*at));
            let names: Vec<String> = names.map(|feature| format!("`{}`", feature.rule.name)).collect();
            let own = &feature.rule.name;
            faults.add(
                &bound.spot,
                format!("a circle: `{own}` is bounded by {}, and that by `{own}`", names.join(", that by ")),
            );
        }
    }
}
