//! What a unit may get from the codes that were named, what it costs, and until when it holds.

mod already;
mod ask;
mod baseline;
mod issue;
mod level;
mod limits;
mod offer;
mod periods;
mod plan;
mod say;
mod situation;
mod step;
mod stock;
mod take;

pub use issue::{Ask, Decision, bind, check_class, check_request, decide};
pub use plan::{Charge, Offer, Take};
pub use situation::{Situation, Source, Wanted};

use airlatch_core::model::Result;

use stock::Stock;

/// What the unit can have from the named codes, in the order of the catalog (rows I4, I16).
///
/// # Errors
/// As [`charge`], before anything is wanted: `wrong-product`, `cancelled`, `expired`, `not-sold`, `unknown-model`.
pub fn offers(situation: &Situation<'_>) -> Result<Vec<Offer>> {
    let mut stock = Stock::open(situation, false)?;
    let rules = stock.on_codes().map(|(_, article)| article.rule()).collect();
    stock.know_model(rules)?;
    Ok(offer::offers(&stock, &offer::everything(&stock)))
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
pub fn charge(situation: &Situation<'_>, wanted: &Wanted<'_>, may_overdraw: bool) -> Result<Charge> {
    let mut stock = Stock::open(situation, may_overdraw)?;
    let asked = match wanted {
        Wanted::These(features) => ask::read(stock.product, features)?,
        Wanted::Each(number) => ask::each(&stock, *number)?,
        Wanted::Unsaid | Wanted::All => Vec::new(),
    };
    let rules = match wanted {
        Wanted::These(_) => asked.iter().map(|asked| asked.rule).collect(),
        _ => stock.on_codes().map(|(_, article)| article.rule()).collect(),
    };
    stock.know_model(rules)?;
    let mut plan = match wanted {
        Wanted::Unsaid => offer::unsaid(&stock)?,
        Wanted::All => offer::all(&stock)?,
        Wanted::These(_) => ask::these(&stock, &asked)?,
        Wanted::Each(_) => ask::alike(&stock, &asked)?,
    };
    let takes = take::takes(&stock, &plan.more)?;
    plan.notes.extend(take::beyond(&takes));
    plan.notes.append(&mut stock.left_out);
    plan.notes.extend(limits::stale(&stock, &plan.more));
    periods::charge(&stock, takes, plan)
}
