//! What a unit may get from the codes that were named, what it costs, and until when it holds.

mod baseline;
mod charged;
mod context;
mod inventory;
mod issue;
mod level;
mod limits;
mod not_charged;
mod offer;
mod periods;
mod plan;
mod requested;
mod say;
mod step;

pub use context::{ChargeContext, ChargeSource, Wanted};
pub use issue::{Applicant, Decision, bind, check_class, check_request, decide};
pub use plan::{Charge, ChargeLine, Offer};

use airlatch_core::model::Result;

use inventory::Inventory;

/// What the unit can have from the named codes, in the order of the catalog (rows I4, I16).
///
/// # Errors
/// As [`charge`], before anything is wanted: `wrong-product`, `cancelled`, `expired`, `not-sold`, `unknown-model`.
pub fn offers(context: &ChargeContext<'_>) -> Result<Vec<Offer>> {
    let mut inventory = Inventory::open(context, false)?;
    let rules = inventory.on_codes().map(|(_, article)| article.rule()).collect();
    inventory.know_model(rules)?;
    Ok(offer::offers(&inventory, &offer::everything(&inventory)))
}

/// Decides what the unit gets, what that costs, and until when it holds: rows A4 to A6, I4 to I6, I11, I16, O2, P1, P12, B10.
///
/// Deciding again after the takes were booked costs nothing. `may_overdraw` lets `These` and `Each` take beyond the order, as
/// far as the order allows it. What the unit holds already is never refused, only told in a note when it breaks a rule of
/// today's catalog.
///
/// # Errors
/// About the codes: `wrong-product`, `cancelled`, `expired`, `bad-time`, `short-pool`. About the catalog: `not-sold`,
/// `unknown-model`, `not-on-model`. About the unit: `over-limit`, `needs-feature`, `already-held`, `wrong-step`. About what
/// was said: `quantity-needed`, `bad-value`. `not-booked` when nothing is wanted and nothing held; `too-large` when the
/// license would have more than [`Period::MAX`](airlatch_core::model::Period::MAX) periods.
pub fn charge(context: &ChargeContext<'_>, wanted: &Wanted<'_>, may_overdraw: bool) -> Result<Charge> {
    let mut inventory = Inventory::open(context, may_overdraw)?;
    let asked = match wanted {
        Wanted::These(features) => requested::read(inventory.product, features)?,
        Wanted::Each(number) => requested::each(&inventory, *number)?,
        Wanted::Unsaid | Wanted::All => Vec::new(),
    };
    let rules = match wanted {
        Wanted::These(_) => asked.iter().map(|asked| asked.rule).collect(),
        _ => inventory.on_codes().map(|(_, article)| article.rule()).collect(),
    };
    inventory.know_model(rules)?;
    let mut plan = match wanted {
        Wanted::Unsaid => offer::unsaid(&inventory)?,
        Wanted::All => offer::all(&inventory)?,
        Wanted::These(_) => requested::these(&inventory, &asked)?,
        Wanted::Each(_) => requested::alike(&inventory, &asked)?,
    };
    let charged = charged::takes(&inventory, &plan.more)?;
    plan.notes.extend(charged::beyond(&charged));
    plan.notes.append(&mut inventory.left_out);
    plan.notes.extend(limits::stale(&inventory, &plan.more));
    periods::charge(&inventory, charged, plan)
}
