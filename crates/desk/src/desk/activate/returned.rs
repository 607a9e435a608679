//! Charges released articles: their term continues and doesn't start again.

use crate::charge;
use crate::charge::{Charge, ChargeContext, ChargeSource};
use crate::ledger::Book;
use airlatch_core::model::{Error, Place, Reason, Result, Time};

use super::{ActivationRequest, Pools};

/// The charge, as [`charge::charge`], with terms that have started.
///
/// Whether released articles are taken depends on the quantities. So the charge is first computed as if none were released, and
/// again with an earlier start of the term for each code where some were. Each iteration moves at least one start back, so the
/// loop ends.
///
/// # Errors
/// Those of [`charge::charge`]; `expired` if the term of released articles is over.
pub(super) fn charge(
    book: &dyn Book,
    mut context: ChargeContext<'_>,
    requested: &ActivationRequest<'_>,
    pools: &mut Pools,
) -> Result<Charge> {
    let decide =
        |context: &ChargeContext<'_>| charge::charge(context, &requested.wanted, requested.may_overdraw);
    let own = |source: &ChargeSource| source.held.is_empty() && source.since.is_some();
    let mut charge = decide(&context).map_err(|why| explain_expiry(why, &context, own))?;
    let mut notes = Vec::new();
    loop {
        let mut earlier = Vec::new();
        for source in &mut context.named {
            let Some((start, articles)) = start_of_released(book, source, &charge, pools)? else { continue };
            if start < source.since.unwrap_or(context.now) {
                source.since = Some(start);
                let code = source.pool.code;
                earlier.push(code);
                let also = if source.held.is_empty() { "" } else { ", also for what the unit has from it" };
                notes.push(format!(
                    "{articles} from {code} was released before: its term started on {start} and continues{also}"
                ));
            }
        }
        if earlier.is_empty() {
            charge.notes.extend(notes);
            return Ok(charge);
        }
        charge = decide(&context)
            .map_err(|why| explain_expiry(why, &context, |source| earlier.contains(&source.pool.code)))?;
    }
}

/// The start of the term of released articles that are taken from a code, and the names of these articles.
fn start_of_released(
    book: &dyn Book,
    source: &ChargeSource,
    charge: &Charge,
    pools: &mut Pools,
) -> Result<Option<(Time, String)>> {
    let Some(started) = pools.started_terms(book, source.pool.code)? else { return Ok(None) };
    let charged = charge.charged.iter().filter(|take| take.code == source.pool.code);
    let returned: Vec<_> = charged
        .filter_map(|take| {
            Some((started.start_of_next(&take.article, take.quantity - take.overdrawn)?, &take.article))
        })
        .collect();
    let articles: Vec<_> = returned.iter().map(|(_, article)| format!("`{article}`")).collect();
    let first = returned.iter().map(|(start, _)| *start).min();
    Ok(first.map(|start| (start, articles.join(", "))))
}

/// Explains an expired term that started earlier because of a release.
fn explain_expiry(error: Error, context: &ChargeContext<'_>, about: impl Fn(&ChargeSource) -> bool) -> Error {
    let named = |source: &&ChargeSource| error.places() == [Place::from(source.pool.code)];
    match context.named.iter().find(named) {
        Some(source) if error.reason() == Reason::Expired && about(source) => {
            let message = format!("released articles keep their term: {}", error.message());
            Error::new(Reason::Expired, message).at(source.pool.code)
        }
        _ => error,
    }
}
