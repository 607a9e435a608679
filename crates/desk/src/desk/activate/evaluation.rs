//! A license for trying out: once for a unit and for its hardware, and never over one that was bought.

use std::collections::BTreeSet;

use crate::catalog::Product;
use crate::charge::{Applicant, Charge};
use crate::desk::Operator;
use crate::ledger::{self, Act, Book, Entry, Query};
use airlatch_core::model::{ComponentKind, Error, Lock, LockingId, Reason, Result, Term, Unit};

use super::hardware;
use super::planned::KnownUnit;

/// What trying out gives: what it gave before while that lasts, so that the same request finds the same license.
///
/// # Errors
/// `not-sold`, `evaluation-used`, `already-held`.
pub(super) fn charge(
    operator: &Operator<'_>,
    book: &dyn Book,
    applicant: Applicant<'_>,
    known: &KnownUnit,
    product: &Product,
) -> Result<Charge> {
    let Some(evaluation) = &product.evaluation else {
        let message = format!("the catalog gives no license for trying `{}` out", product.id);
        return Err(Error::new(Reason::NotSold, message));
    };
    let days = |term: Term, features| Charge {
        charged: Vec::new(),
        term,
        features,
        after: Vec::new(),
        notes: vec![format!("a license for trying out, {} days, charged to nobody", evaluation.days)],
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
    if known.latest.is_some() {
        let message = format!("{} has a license of `{}` that was bought", known.unit, product.id);
        return Err(Error::new(Reason::AlreadyHeld, message));
    }
    if let Some(id) = hardware_of(applicant) {
        refuse_tried_hardware(operator, book, id, product)?;
    }
    let from = operator.now.start_of_day();
    let until = from.plus_seconds(i64::from(evaluation.days) * 86_400);
    Ok(days(Term { from, until: Some(until) }, evaluation.features.clone()))
}

/// The unit has had its license for trying out.
pub(super) fn already_used(known: &KnownUnit, product: &Product) -> Error {
    let message = format!("{} has had its license for trying `{}` out", known.unit, product.id);
    let before = known.latest.as_ref().map(|(entry, _)| format!("at  {}", entry.time));
    before.into_iter().fold(Error::new(Reason::EvaluationUsed, message), Error::detail)
}

fn hardware_of(applicant: Applicant<'_>) -> Option<LockingId> {
    match applicant {
        Applicant::Request(request) => Some(request.get().locking_id),
        Applicant::LockingId(id) => Some(id),
        Applicant::SystemId(_) | Applicant::Mac(_) | Applicant::Site(_) => None,
    }
}

/// Refuses hardware on which the product was tried out under another name: a new installation is no new host, and nor is a
/// Locking ID of which a group or two are others.
fn refuse_tried_hardware(
    operator: &Operator<'_>,
    book: &dyn Book,
    id: LockingId,
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
            if tolerance.is_met_by(&same) {
                let message = format!("`{}` was tried out on this hardware, under another name", product.id);
                return Err(Error::new(Reason::EvaluationUsed, message)
                    .detail(format!("as  {unit}"))
                    .detail(format!("at  {}", entry.time)));
            }
        }
    }
    Ok(())
}

/// The host that got a license for trying out by this entry.
fn trial_host(entry: &Entry) -> Option<Unit> {
    match &entry.act {
        Act::Activated(it) if it.evaluation => {
            Some(it.unit).filter(|unit| matches!(unit, Unit::Host(_) | Unit::Hardware(_)))
        }
        _ => None,
    }
}
