//! Decides what a unit gets from authorization codes, what is charged to them, and for which periods it is valid.

mod charged;
mod context;
mod details;
mod discontinued;
mod feature_limits;
mod held_steps;
mod in_force;
mod inventory;
mod issue;
mod level;
mod lowered_counts;
mod not_charged;
mod offer;
mod period_rules;
mod periods;
mod plan;
mod requested;
mod step;
mod tolerance;
mod weakness;

pub use context::{ChargeContext, ChargeSource, PreviousLicense, Wanted};
pub use issue::{Applicant, Bound, Decision, bind, check_class, check_request, decide};
pub use plan::{Charge, ChargeLine, Offer, Unavailable};

use airlatch_core::model::Result;

use inventory::Inventory;

/// What the unit can take from the named codes, in the order of the catalog.
///
/// # Errors
/// Those of [`charge`] about codes and model: `wrong-product`, `cancelled`, `expired`, `not-sold`, `unknown-model`.
pub fn offers(context: &ChargeContext<'_>) -> Result<Vec<Offer>> {
    let mut inventory = Inventory::open(context, false)?;
    let rules = inventory.on_codes().map(|(_, article)| article.rule()).collect();
    inventory.check_model(rules)?;
    Ok(offer::offers(&inventory, &offer::full_offer(&inventory)))
}

/// Decides what the unit gets, what is charged, and for which periods the license is valid.
///
/// Only what the unit doesn't hold yet is charged; deciding again after the charge was booked charges nothing. `may_overdraw`
/// lets `Features` and `PerUnit` take overdraft as far as the order allows it. What the unit already holds is never refused; if it
/// breaks a rule of today's catalog, there is a note.
///
/// # Errors
/// Codes: `wrong-product`, `cancelled`, `expired`, `bad-time`, `short-pool`. Catalog: `not-sold`, `unknown-model`,
/// `not-on-model`. Unit: `over-limit`, `needs-feature`, `already-held`, `wrong-step`. `wanted`: `quantity-needed`,
/// `bad-value`. `not-booked` if nothing is wanted and nothing held; `too-large` if the license would have more than [`Period::MAX`](airlatch_core::model::Period::MAX) periods.
pub fn charge(context: &ChargeContext<'_>, wanted: &Wanted<'_>, may_overdraw: bool) -> Result<Charge> {
    let mut inventory = Inventory::open(context, may_overdraw)?;
    let items = match wanted {
        Wanted::Features(features) => requested::resolve(inventory.product, features)?,
        Wanted::PerUnit(number) => requested::items_per_unit(&inventory, *number)?,
        Wanted::Unspecified | Wanted::All => Vec::new(),
    };
    let rules = match wanted {
        Wanted::Features(_) => items.iter().map(|item| item.rule).collect(),
        _ => inventory.on_codes().map(|(_, article)| article.rule()).collect(),
    };
    inventory.check_model(rules)?;
    let mut plan = match wanted {
        Wanted::Unspecified => offer::plan_default(&inventory)?,
        Wanted::All => offer::plan_all(&inventory)?,
        Wanted::Features(_) => requested::plan_items(&inventory, &items)?,
        Wanted::PerUnit(_) => requested::plan_per_unit(&inventory, &items)?,
    };
    let charged = charged::charge_lines(&inventory, &plan.added)?;
    plan.notes.extend(charged::overdraft_notes(&charged));
    plan.notes.append(&mut inventory.left_out);
    plan.notes.extend(feature_limits::notes_on_held(&inventory, &plan.added));
    periods::with_periods(&inventory, charged, plan)
}
