//! A request that was answered before: the same answer, unless something else is wanted by now.

use crate::catalog::{Article, FeatureKind, Product};
use crate::charge;
use crate::charge::{Applicant, ChargeContext, Wanted};
use crate::desk::Operator;
use crate::desk::operator::released;
use crate::ledger::{self, Activation, Book, Entry, Query};
use airlatch_core::model::{Error, FeatureName, Features, License, Quantity, Reason, Result, Unit};

use super::ActivationRequest;
use super::planned::{ActivationPlan, ExistingLicense};

/// The answer there is; `situation` is the one of the unit by now, if its codes can still be used.
///
/// # Errors
/// `released` when the answer was given back, `already-issued` when the request is not the one that was answered,
/// `damaged-ledger`.
pub(super) fn earlier_answer(
    operator: &Operator<'_>,
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    (entry, answer): &(Entry, Activation),
    product: &Product,
    context: Result<ChargeContext<'_>>,
) -> Result<ActivationPlan> {
    if let Some(back) = ledger::release_entry(book, entry, answer)? {
        return Err(released("this request was answered by a license that was given back", entry, &back));
    }
    let (license, sealed) = operator.stored(book, entry)?;
    let same_quantities = match &requested.wanted {
        // A license for trying out gives what the catalog says, whatever is wanted.
        Wanted::Features(wanted) if !answer.evaluation => {
            same_as_answered(book, requested, entry, answer, product, license.get(), wanted)?
                || context.is_ok_and(|context| same_today(&context, requested, license.get()))
        }
        _ => true,
    };
    if same_quantities && same_particulars(requested, answer, license.get()) {
        let mut notes =
            vec![format!("this request was answered before, at {}: the same license, no charge", entry.time)];
        let newer = ledger::latest(book, answer.unit, &answer.product)?;
        if let Some((newer, _)) = newer.filter(|(newer, _)| newer.number > entry.number) {
            let message = "a newer license of this unit is in the ledger";
            notes.push(format!("{message}, issued {}: a host that has it won't take this one", newer.time));
        }
        return Ok(ActivationPlan::Found(Box::new(ExistingLicense { license, sealed, notes })));
    }
    let message = "this request was answered already, with another license";
    Err(Error::new(Reason::AlreadyIssued, message)
        .detail(format!("license  {}, issued {}", license.document_id(), license.get().issued))
        .detail(format!("it gives {}", license.get().features))
        .detail(format!("unit     {}", answer.unit)))
}

/// Whether the unit was licensed by this very request: then a license that came later, and gives no less, answers it too.
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
    let now = &requested.particulars;
    Ok(ledger::activations(book, query)?.iter().any(|(_, then)| {
        then.codes == requested.codes
            && then.request == request
            && then.number == now.number
            && (now.end_user.is_none() || then.end_user == now.end_user)
    }))
}

/// Whether codes, and what would stand in the license in words, are those of the answer, as far as they were said.
fn same_particulars(requested: &ActivationRequest<'_>, answer: &Activation, license: &License) -> bool {
    let said = |now: &Option<String>, then: &Option<String>| now.is_none() || now == then;
    requested.codes.iter().all(|code| answer.codes.contains(code))
        && answer.evaluation == requested.codes.is_empty()
        && requested.model.is_none_or(|model| license.model.as_deref() == Some(model))
        && said(&requested.particulars.number, &answer.number)
        && said(&requested.particulars.end_user, &answer.end_user)
}

/// Whether the unit had just what is wanted from these codes when the request was answered, and has it in the license.
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

/// Whether the request would give the same license by now, for nothing.
fn same_today(context: &ChargeContext<'_>, requested: &ActivationRequest<'_>, license: &License) -> bool {
    charge::charge(context, &requested.wanted, requested.may_overdraw).is_ok_and(|charge| {
        charge.charged.is_empty() && charge.features == license.features && charge.after == license.after
    })
}
