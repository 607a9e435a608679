//! Checks the references between the features of a product.

use crate::catalog::{FeatureKind, FeatureRule};
use airlatch_core::format::toml_table::Placed;
use airlatch_core::model::FeatureName;

use super::faults::Faults;
use super::feature::Feature;
use super::shared::refuse_duplicates;

/// The feature with this name.
pub(super) fn find<'f>(features: &'f [Feature], name: &FeatureName) -> Option<&'f Feature> {
    features.iter().find(|feature| feature.rule.name == *name)
}

/// Adds a fault for the name of an unknown feature.
pub(super) fn unknown(faults: &Faults<'_>, name: &Placed<FeatureName>, features: &[Feature]) {
    let names = features.iter().map(|feature| feature.rule.name.as_str());
    let message = format!("there is no feature `{}`", name.value);
    faults.unknown(&name.spot, &message, names, name.value.as_str());
}

/// Checks names, `requires` and `bounded-by` of all features.
pub(super) fn check(features: &[Feature], faults: &Faults<'_>) {
    let name =
        |feature: &Feature| Placed { value: feature.rule.name.to_string(), spot: feature.spot.clone() };
    refuse_duplicates(faults, "feature", &features.iter().map(name).collect::<Vec<_>>());
    for feature in features {
        refuse_article_name(feature, features, faults);
        for needed in &feature.requires {
            if needed.value == feature.rule.name {
                faults.add(&needed.spot, "a feature can't require itself");
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
                        format!("`{}` is a switch: it has no amount that could bound another", bound.value),
                    );
                }
                Some(_) => {}
            }
        }
    }
    refuse_cycles(features, faults);
}

/// Refuses a feature whose name is that of an article of a level.
fn refuse_article_name(feature: &Feature, features: &[Feature], faults: &Faults<'_>) {
    let name = feature.rule.name.as_str();
    let Some((level, _)) = name.split_once('#') else { return };
    let level = features.iter().find(|other| other.rule.name.as_str() == level && other.rule.kind.is_level());
    let articles = level.map(|level| level.rule.articles()).unwrap_or_default();
    if articles.iter().any(|article| article.to_string() == name) {
        let message = format!("`{name}` is already the name of an article: a step of the level");
        faults.add(&feature.spot, message);
    }
}

/// Refuses features that bound each other in a cycle; each cycle is one fault.
fn refuse_cycles(features: &[Feature], faults: &Faults<'_>) {
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
        // Reported at the first feature of the cycle; one that bounds itself was refused above.
        if let Some(bound) =
            feature.bounded_by.as_ref().filter(|_| closes && path.iter().all(|at| *at > start))
        {
            let names = path.iter().filter_map(|at| features.get(*at));
            let names: Vec<String> = names.map(|feature| format!("`{}`", feature.rule.name)).collect();
            let own = &feature.rule.name;
            faults.add(
                &bound.spot,
                format!("a cycle: `{own}` is bounded by {}, and that by `{own}`", names.join(", that by ")),
            );
        }
    }
}
