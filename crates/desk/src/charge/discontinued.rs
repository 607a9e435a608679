//! What a unit holds that the catalog no longer sells: it was paid for, and stays as the previous license says it.

use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Quantity, Time};

use super::inventory::Inventory;

/// What these lines, in force at this time, give of articles that the catalog no longer has, by feature; a switch counts 1, a
/// level its number.
///
/// The catalog does not tell a count from a switch or a level any more; the previous license does.
pub(super) fn kept(inventory: &Inventory<'_>, lines: &Lines, time: Time) -> Lines {
    let mut kept = Lines::new();
    for (name, quantity) in lines.iter().filter(|(name, _)| inventory.product.article(name).is_err()) {
        match signed(inventory, name, time) {
            None => {}
            // The steps of a level lead to the level that was signed.
            Some((level, Quantity::Count(reached))) if level != *name => _ = kept.insert(level, reached),
            Some((name, Quantity::Count(_))) => {
                // A lowered count stays lowered.
                let number =
                    |(_, given)| if let Quantity::Count(number) = given { Some(number) } else { None };
                let most = given(inventory, &name).into_iter().filter_map(number).max();
                kept.insert(name, most.map_or(*quantity, |most| most.min(*quantity)));
            }
            Some((name, _)) => _ = kept.insert(name, 1),
        }
    }
    kept
}

/// The feature of the previous license that came from this article, and how much of it.
fn signed(inventory: &Inventory<'_>, article: &FeatureName, time: Time) -> Option<(FeatureName, Quantity)> {
    let of = |name: &FeatureName| signed_at(inventory, name, time).map(|quantity| (name.clone(), quantity));
    let level = || article.as_str().split_once('#').and_then(|(level, _)| level.parse().ok());
    of(article).or_else(|| of(&level()?))
}

/// How much of a feature the previous license gives at this time, or gave last before it, or else gives first after it.
pub(super) fn signed_at(inventory: &Inventory<'_>, name: &FeatureName, time: Time) -> Option<Quantity> {
    let given = given(inventory, name);
    let until_then = given.iter().rev().find(|(from, _)| *from <= time);
    until_then.or(given.first()).map(|(_, quantity)| *quantity).or_else(|| inventory.signed.get(name))
}

/// How much of a feature the previous license gives, and since when, period by period.
fn given(inventory: &Inventory<'_>, name: &FeatureName) -> Vec<(Time, Quantity)> {
    let periods = inventory.previous.iter().flat_map(|previous| &previous.periods);
    periods.filter_map(|(term, features)| Some((term.from, features.get(name)?))).collect()
}

/// Notes on what the unit keeps, and on what it can't keep since no license says how much it was.
pub(super) fn notes(inventory: &Inventory<'_>) -> Vec<String> {
    let note = |name: &FeatureName| match signed(inventory, name, inventory.today) {
        Some(_) => format!("`{name}` is no longer in the catalog: the unit keeps what it has"),
        None => format!("`{name}` is neither in the catalog nor in the previous license: it is left out"),
    };
    inventory.held_discontinued().into_iter().map(note).collect()
}
