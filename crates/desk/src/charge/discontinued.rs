//! What a unit holds that the catalog no longer sells: it was paid for, and stays as the previous license says it.

use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Quantity};

use super::inventory::{Inventory, add};

/// What these lines give of articles that the catalog no longer has, by feature; a switch counts 1, a level its number.
///
/// The catalog does not tell a count from a switch or a level any more; the previous license does.
pub(super) fn kept(inventory: &Inventory<'_>, lines: &Lines) -> Lines {
    let mut kept = Lines::new();
    for (name, quantity) in lines.iter().filter(|(name, _)| inventory.product.article(name).is_err()) {
        match signed(inventory, name) {
            None => {}
            // The steps of a level lead to the level that was signed.
            Some((level, Quantity::Count(reached))) if level != *name => _ = kept.insert(level, reached),
            Some((name, Quantity::Count(_))) => add(&mut kept, &name, *quantity),
            Some((name, _)) => _ = kept.insert(name, 1),
        }
    }
    kept
}

/// The feature of the previous license that came from this article, and how much of it.
fn signed(inventory: &Inventory<'_>, article: &FeatureName) -> Option<(FeatureName, Quantity)> {
    let of = |name: &FeatureName| inventory.signed.get(name).map(|quantity| (name.clone(), quantity));
    let level = || article.as_str().split_once('#').and_then(|(level, _)| level.parse().ok());
    of(article).or_else(|| of(&level()?))
}

/// Notes on what the unit keeps, and on what it can't keep since no license says how much it was.
pub(super) fn notes(inventory: &Inventory<'_>) -> Vec<String> {
    let note = |name: &FeatureName| match signed(inventory, name) {
        Some(_) => format!("`{name}` is no longer in the catalog: the unit keeps what it has"),
        None => format!("`{name}` is neither in the catalog nor in the previous license: it is left out"),
    };
    inventory.held_discontinued().into_iter().map(note).collect()
}
