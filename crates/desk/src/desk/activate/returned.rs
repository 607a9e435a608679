//! Charges released articles: their term continues and doesn't start again.

use crate::charge;
use crate::charge::{Charge, ChargeContext, ChargeSource, Wanted};
use crate::ledger::Book;
use airlatch_core::model::{Error, Place, Reason, Result, Time};

use super::{ActivationRequest, Pools};

/// The charge, as [`charge::charge`], with terms that have started. Released articles whose term is over are not taken.
///
/// # Errors
/// Those of [`charge::charge`]; `expired` if only the released articles would be enough.
pub(super) fn charge(
    book: &dyn Book,
    context: ChargeContext<'_>,
    requested: &ActivationRequest<'_>,
    pools: &mut Pools,
) -> Result<Charge> {
    let mut usable = context.clone();
    let left_out = leave_out_ended(book, &mut usable, pools)?;
    match charge_with_started_terms(book, usable, requested, pools) {
        // With them, the error says what is the matter with them.
        Err(why) if why.reason() == Reason::ShortPool && !left_out.is_empty() => {
            charge_with_started_terms(book, context, requested, pools)
        }
        Ok(mut charge) if matches!(requested.wanted, Wanted::All | Wanted::Unspecified) => {
            charge.notes.extend(left_out);
            Ok(charge)
        }
        result => result,
    }
}

/// Lowers what is left on the named codes by the released articles whose term is over; returns a note on each.
fn leave_out_ended(
    book: &dyn Book,
    context: &mut ChargeContext<'_>,
    pools: &mut Pools,
) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    for source in &mut context.named {
        let code = source.pool.code;
        let Some(started) = pools.started_terms(book, code)? else { continue };
        for (article, left) in &mut source.pool.left {
            let Some(start) = started.start_of_released(article) else { continue };
            let ended = left.saturating_sub(started.unused(article));
            let end = source.pool.order.term.end_if_started(start)?;
            if let Some(end) = end.filter(|end| ended > 0 && *end <= context.now) {
                notes.push(format!(
                    "{ended} of `{article}` stay on {code}: released before, and their term ended at {end}"
                ));
                *left -= ended;
            }
        }
    }
    Ok(notes)
}

/// Whether released articles are taken depends on the quantities. So the charge is first computed as if none were released, and
/// again with an earlier start of the term for each code where some were. Each iteration moves at least one start back, so the
/// loop ends.
fn charge_with_started_terms(
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
