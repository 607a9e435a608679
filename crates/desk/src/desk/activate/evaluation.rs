//! Trial licenses: once per unit and per hardware, and never for a unit for which something was charged.

use std::collections::BTreeSet;

use crate::catalog::{Evaluation, Product};
use crate::charge::{Applicant, Charge};
use crate::desk::{Operator, machines};
use crate::ledger::{self, Act, Book, Entry, Query};
use airlatch_core::model::{
    Cause, ComponentKind, Error, Features, Lock, LockingId, Quantity, Reason, Result, Term, Unit,
};

use super::hardware;
use super::planned::{KnownUnit, LicenseTarget};

/// The charge of a trial license. While the unit's trial lasts, it is the same again, so that the existing license is found.
///
/// # Errors
/// `not-sold`, `evaluation-used`, `already-held`.
pub(super) fn charge(
    operator: &Operator<'_>,
    book: &dyn Book,
    applicant: Applicant<'_>,
    known: &KnownUnit,
    target: &LicenseTarget<'_>,
) -> Result<Charge> {
    let product = target.product;
    let Some(evaluation) = &product.evaluation else {
        let message = format!("the catalog has no trial license for `{}`", product.id);
        return Err(Error::new(Reason::NotSold, message));
    };
    let days = |term: Term, features| Charge {
        charged: Vec::new(),
        term,
        features,
        after: Vec::new(),
        orders: Vec::new(),
        unavailable: Vec::new(),
        notes: vec![format!("trial license for {} days, not charged", evaluation.days)],
    };
    if let (Some((_, latest)), Some((before, _))) = (&known.latest, &known.before)
        && latest.evaluation
        && before.get().term.until.is_some_and(|end| end > operator.now)
    {
        return Ok(days(before.get().term, before.get().features.clone()));
    }
    if ledger::evaluated(book, known.unit, &product.id)? {
        return Err(already_used(known, product));
    }
    if ledger::charged(book, known.unit, &product.id)? {
        let message = format!("{} has a license of `{}` that was bought", known.unit, product.id);
        return Err(Error::new(Reason::AlreadyHeld, message)
            .because(Cause::BoughtAlready)
            .about(known.unit.into()));
    }
    if let Some(id) = hardware_of(applicant) {
        refuse_tried_hardware(operator, book, (applicant, id), product)?;
    }
    let from = operator.now.start_of_day();
    let until = from.plus_seconds(i64::from(evaluation.days) * 86_400);
    Ok(days(Term { from, until: Some(until) }, features(evaluation, target)?))
}

/// The features of the trial, and those that are free for the model, as every license has them.
fn features(evaluation: &Evaluation, target: &LicenseTarget<'_>) -> Result<Features> {
    let mut features = evaluation.features.clone();
    for rule in target.product.features.iter().filter(|rule| rule.is_free_on(target.model)) {
        if features.get(&rule.name).is_none() {
            features.add(rule.name.clone(), Quantity::On)?;
        }
    }
    Ok(features)
}

/// The error if the unit has already had its trial license.
pub(super) fn already_used(known: &KnownUnit, product: &Product) -> Error {
    let message = format!("{} has already had its trial license for `{}`", known.unit, product.id);
    let before = known.latest.as_ref().map(|(entry, _)| format!("at  {}", entry.time));
    before.into_iter().fold(Error::new(Reason::EvaluationUsed, message), Error::detail)
}

/// The Locking ID of the host that asks; none for what is no host or is named by its System ID.
pub(super) fn hardware_of(applicant: Applicant<'_>) -> Option<LockingId> {
    match applicant {
        Applicant::Request(request) => Some(request.get().locking_id),
        Applicant::LockingId(id) => Some(id),
        Applicant::SystemId(_) | Applicant::Mac(_) | Applicant::Site(_) => None,
    }
}

/// Refuses hardware on which another installation had a trial license for the product: hardware that this license would fit, or
/// that has parts of the machine it was for. So neither changing components helps, nor hiding some of them.
fn refuse_tried_hardware(
    operator: &Operator<'_>,
    book: &dyn Book,
    (applicant, id): (Applicant<'_>, LockingId),
    product: &Product,
) -> Result<()> {
    let query = Query { acts: vec!["evaluated"], product: Some(product.id.clone()), ..Query::default() };
    for entry in book.entries(&query)? {
        let Some(unit) = trial_host(&entry) else { continue };
        let (license, _) = operator.stored(book, &entry)?;
        if let Lock::Fingerprint { locking_id, tolerance, .. } | Lock::LockingId { locking_id, tolerance } =
            &license.get().lock
        {
            let same: BTreeSet<ComponentKind> = hardware::same_groups(locking_id, &id);
            let same_parts = || match (&license.get().lock, applicant) {
                (Lock::Fingerprint { fingerprint, .. }, Applicant::Request(request)) => {
                    machines::have_same_parts(fingerprint, &request.get().fingerprint)
                }
                _ => false,
            };
            if tolerance.is_met_by(&same) || machines::is_same(locking_id, &id) || same_parts() {
                let message = format!(
                    "this hardware has already had a trial license for `{}`, as another installation",
                    product.id
                );
                return Err(Error::new(Reason::EvaluationUsed, message)
                    .detail(format!("as  {unit}"))
                    .detail(format!("at  {}", entry.time)));
            }
        }
    }
    Ok(())
}

/// The host that got a trial license by this entry.
fn trial_host(entry: &Entry) -> Option<Unit> {
    match &entry.act {
        Act::Activated(it) if it.evaluation => {
            Some(it.unit).filter(|unit| matches!(unit, Unit::Host(_) | Unit::Hardware(_)))
        }
        _ => None,
    }
}
