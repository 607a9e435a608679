//! Counts of which the previous license shows less than the unit holds: somebody chose that, and it stays until it is changed.

use std::collections::BTreeSet;

use crate::catalog::FeatureKind;
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Quantity};

use super::in_force::{self, Amounts, CodeGrant};
use super::inventory::{Inventory, count};

/// The quantities of lowered counts: less than the unit holds, by the previous license.
#[derive(Default)]
pub(super) struct LoweredCounts {
    /// As in the previous license, out of all codes that were in force when it was issued.
    pub(super) kept: Lines,
    /// What the previous license shows of counts that are stated anew. Nothing tells of which code it shows less, so the other
    /// codes count in full again.
    restated: Lines,
    /// How much of these counts the unit holds.
    held: Lines,
}

impl LoweredCounts {
    /// Compares the previous license with what the unit held when it was issued; `stated` are the counts that are stated anew.
    pub(super) fn of(inventory: &Inventory<'_>, stated: &BTreeSet<FeatureName>) -> Self {
        let mut lowered = Self::default();
        let Some(issued) = inventory.issued else { return lowered };
        let grant = |active: &super::inventory::ActiveCode<'_>| CodeGrant {
            code: active.code(),
            term: active.term,
            lines: active.source.held.clone(),
        };
        let grants: Vec<CodeGrant> = inventory.active_codes.iter().map(grant).collect();
        let held = in_force::held_at(inventory, &grants, issued.at);
        let mut shown = held.clone();
        for rule in inventory.product.features.iter().filter(|rule| rule.kind == FeatureKind::Count) {
            if let (Some(amount), Some(Quantity::Count(number))) =
                (shown.get_mut(&rule.name), issued.features.get(&rule.name))
            {
                *amount = (*amount).min(number);
            }
        }
        for (name, number) in shown.iter().filter(|(name, number)| **number < count(&held, name)) {
            // What its bound leaves of it in any case is not a lowered quantity of this count.
            let whole: Amounts =
                shown.clone().into_iter().chain([(name.clone(), count(&held, name))]).collect();
            if in_force::after_rules(inventory, whole).get(name).is_some_and(|allowed| number < allowed) {
                let lines = if stated.contains(name) { &mut lowered.restated } else { &mut lowered.kept };
                lines.insert(name.clone(), *number);
                lowered.held.insert(name.clone(), count(&held, name));
            }
        }
        lowered
    }

    /// Notes on each choice: that it stays, or what it becomes. `now` is what the license gives first.
    pub(super) fn notes(&self, now: &Amounts) -> Vec<String> {
        let stays = self.kept.iter().map(|(name, number)| {
            format!(
                "`{name}` stays at {number} of the {} held, as in the previous license",
                count(&self.held, name)
            )
        });
        let changes = self.restated.iter().filter(|(name, number)| count(now, name) > **number);
        let changes = changes.map(|(name, number)| {
            format!(
                "`{name}` was lowered to {number} in the previous license, and is {} now",
                count(now, name)
            )
        });
        stays.chain(changes).collect()
    }
}
