//! A request that was already answered: the same license again, unless something else is wanted now.

use crate::catalog::{Article, FeatureKind, Product};
use crate::charge;
use crate::charge::{Applicant, ChargeContext, Wanted};
use crate::desk::Operator;
use crate::desk::operator::released;
use crate::ledger::{self, Activation, Book, Entry, Query};
use airlatch_core::model::{
    Cause, Error, FeatureName, Features, License, Quantity, Reason, Result, Subject, Time, Unit,
};

use super::ActivationRequest;
use super::notes::{new_note, note_of_reversal};
use super::planned::{ActivationPlan, ExistingLicense};
use super::renewal;

/// The existing answer to a request; `context` is the unit's current one, if its codes can still be used, and `newest` the
/// license that it has now.
///
/// # Errors
/// `released` if the license was released, `already-issued` if something else is wanted now, `damaged-ledger`.
pub(super) fn earlier_answer(
    operator: &Operator<'_>,
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    (entry, answer): &(Entry, Activation),
    product: &Product,
    context: Result<ChargeContext<'_>>,
    newest: Option<&License>,
) -> Result<ActivationPlan> {
    if let Some(back) = ledger::release_entry(book, entry, answer)? {
        return Err(released(
            "this request was answered by a license that was released",
            &product.id,
            entry,
            &back,
        ));
    }
    let (license, sealed) = operator.stored(book, entry)?;
    let same_quantities = match &requested.wanted {
        // The features of a trial license come from the catalog; `wanted` has no effect.
        Wanted::Features(wanted) if !answer.evaluation => {
            same_as_answered(book, requested, entry, answer, product, license.get(), wanted)?
                || context.as_ref().is_ok_and(|context| same_today(context, requested, license.get()))
        }
        _ => true,
    };
    if same_quantities && same_notes(requested, answer, license.get()) {
        let mut notes =
            vec![format!("this request was already answered at {}: the same license, no charge", entry.time)];
        let newer = ledger::latest(book, answer.unit, &answer.product)?;
        if let Some((newer, _)) = newer.filter(|(newer, _)| newer.number > entry.number) {
            notes.push(format!(
                "this unit has a newer license, issued {}: a host with that one refuses this one",
                newer.time
            ));
        }
        notes.extend(note_of_reversal(book, entry)?);
        notes.extend(context.ok().and_then(|context| {
            note_of_term(&context, requested, answer.unit, (license.get(), newest), operator.now)
        }));
        let noted = ledger::current_notes(book, answer.unit, &answer.product)?;
        return Ok(ActivationPlan::Found(Box::new(ExistingLicense {
            license,
            sealed,
            unavailable: Vec::new(),
            note: new_note(requested, answer.unit, &noted),
            notes,
        })));
    }
    let message = "this request was already answered with another license";
    let error = match answer.unit {
        Unit::Hardware(_) => Error::new(Reason::AlreadyIssued, message).because(Cause::AnsweredByLockingId),
        _ => Error::new(Reason::AlreadyIssued, message),
    };
    Err(error
        .about(Subject::License(license.document_id().to_string()))
        .about(answer.unit.into())
        .detail(format!("license  {}, issued {}", license.document_id(), license.get().issued))
        .detail(format!("it gives {}", license.get().features))
        .detail(format!("unit     {}", answer.unit)))
}

/// The note that what the unit has ends later by now, or that it ends soon and was not renewed.
fn note_of_term(
    context: &ChargeContext<'_>,
    requested: &ActivationRequest<'_>,
    unit: Unit,
    (answer, newest): (&License, Option<&License>),
    now: Time,
) -> Option<String> {
    let newest = newest.unwrap_or(answer);
    let charge = charge::charge(context, &requested.wanted, requested.may_overdraw);
    let longer = charge.ok().and_then(|charge| renewal::renewed(&charge, requested, unit, newest));
    longer.or_else(|| renewal::not_renewed(&renewal::ends(context), newest, newest, now))
}

/// Whether an activation of this unit had the same codes and notes and the same request, so that the current license, if it
/// grants no less, answers this request too.
pub(super) fn asked_before(
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    unit: Unit,
    product: &Product,
) -> Result<bool> {
    let query = Query { unit: Some(unit), product: Some(product.id.clone()), ..Query::default() };
    let request = match requested.applicant {
        Applicant::Request(request) => Some(request.document_id()),
        _ => None,
    };
    let now = &requested.notes;
    Ok(ledger::activations(book, query)?.iter().any(|(_, then)| {
        then.codes == requested.codes
            && then.request == request
            && then.number == now.number
            && (now.end_user.is_none() || then.end_user == now.end_user)
    }))
}

/// Whether codes, model, license number and end user, as far as they are stated, are those of the answer.
fn same_notes(requested: &ActivationRequest<'_>, answer: &Activation, license: &License) -> bool {
    let said = |now: &Option<String>, then: &Option<String>| now.is_none() || now == then;
    requested.codes.iter().all(|code| answer.codes.contains(code))
        && answer.evaluation == requested.codes.is_empty()
        && requested.model.named.is_none_or(|model| license.model.as_deref() == Some(model))
        && said(&requested.notes.number, &answer.number)
        && said(&requested.notes.end_user, &answer.end_user)
}

/// Whether the unit held exactly the wanted quantities from these codes when the request was answered, and the license has
/// them.
fn same_as_answered(
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    entry: &Entry,
    answer: &Activation,
    product: &Product,
    license: &License,
    wanted: &Features,
) -> Result<bool> {
    let holdings = ledger::holdings_at(book, answer.unit, &product.id, entry.number)?;
    let held = |name: &FeatureName| -> u64 {
        let named = holdings.iter().filter(|holding| requested.codes.contains(&holding.code));
        named.filter_map(|holding| holding.lines.get(name)).copied().fold(0, u64::saturating_add)
    };
    let same = |(name, quantity): (&FeatureName, Quantity)| {
        let Ok(article) = product.feature(name).map_or_else(|| product.article(name).map(|it| it.rule()), Ok)
        else {
            return false;
        };
        let given = license.features.get(&article.name);
        match (&article.kind, quantity, given) {
            (FeatureKind::Count, Quantity::Count(number), Some(_)) => held(name) == number,
            (FeatureKind::Switch, _, given) => given.is_some(),
            (FeatureKind::Level { .. }, quantity, Some(Quantity::Count(level))) => {
                let step = product.article(name).ok();
                match (step, quantity) {
                    (Some(Article::Base(_, to) | Article::Upgrade { to, .. }), _) => to <= level,
                    (_, Quantity::Count(wanted)) => wanted <= level,
                    _ => false,
                }
            }
            _ => false,
        }
    };
    Ok(wanted.iter().all(same))
}

/// Whether the request would result in the same license today, without a charge.
fn same_today(context: &ChargeContext<'_>, requested: &ActivationRequest<'_>, license: &License) -> bool {
    charge::charge(context, &requested.wanted, requested.may_overdraw).is_ok_and(|charge| {
        charge.charged.is_empty() && charge.features == license.features && charge.after == license.after
    })
}
