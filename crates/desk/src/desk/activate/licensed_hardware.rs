//! Finds the unit that is licensed for the hardware of a new one, by its parts: a copied or reinstalled machine, or a typed id.

use std::collections::BTreeSet;

use crate::charge::Applicant;
use crate::desk::{Operator, machines};
use crate::ledger::{self, Book, Query};
use airlatch_core::model::{Cause, ComponentKind, Error, License, Lock, LockingId, Reason, Result, Subject};

use super::evaluation::hardware_of;
use super::hardware::{same_components, same_groups};
use super::planned::{KnownUnit, LicensedHardware};
use super::same_unit::spellings;

/// The units other than `unit` whose license of the product the host that asks would meet by its parts, with the tolerance of
/// that license. Hosts can't detect this offline, but the desk that issued both licenses can.
///
/// None for a unit that is licensed already: it is not charged a second time.
pub(super) fn find(
    operator: &Operator<'_>,
    book: &dyn Book,
    known: &KnownUnit,
    product: &str,
    applicant: Applicant<'_>,
) -> Result<Vec<LicensedHardware>> {
    let Some(id) = hardware_of(applicant).filter(|_| known.latest.is_none()) else { return Ok(Vec::new()) };
    let alike = |other: &LockingId| !same_groups(other, &id).is_empty();
    let query = Query { any_hardware: true, product: Some(product.to_owned()), ..Query::default() };
    let mut units = BTreeSet::new();
    for (_, activation) in ledger::activations(book, query)? {
        units.extend(activation.hardware.as_ref().is_some_and(alike).then_some(activation.unit));
    }
    units.remove(&known.unit);
    let mut found = Vec::new();
    for unit in units {
        // It may have released its license since, or moved to other hardware.
        let Some((entry, latest)) = ledger::latest(book, unit, product)? else { continue };
        if !latest.hardware.as_ref().is_some_and(alike) {
            continue;
        }
        let (license, sealed) = operator.stored(book, &entry)?;
        if let Some((same, other)) = compare(license.get(), applicant, id) {
            let (issued, license) = (license.get().issued, sealed.document_id());
            found.push(LicensedHardware { unit, license, issued, same, other });
        }
    }
    Ok(found)
}

type Kinds = BTreeSet<ComponentKind>;

/// The components of a license that are the same and that differ, if the same ones are enough for it, or to know the machine again.
fn compare(license: &License, applicant: Applicant<'_>, id: LockingId) -> Option<(Kinds, Kinds)> {
    let (locking_id, tolerance, same, all): (_, _, _, Kinds) = match (&license.lock, applicant) {
        (
            Lock::Fingerprint { locking_id, fingerprint, tolerance, values, .. },
            Applicant::Request(request),
        ) => {
            let all = fingerprint.hashes.keys().copied().collect();
            let same = same_components((fingerprint, locking_id, *values), request.get());
            (locking_id, tolerance, same, all)
        }
        (Lock::Fingerprint { locking_id, tolerance, .. } | Lock::LockingId { locking_id, tolerance }, _) => {
            let all: Kinds = locking_id.components().collect();
            let same = same_groups(locking_id, &id).intersection(&all).copied().collect();
            (locking_id, tolerance, same, all)
        }
        _ => return None,
    };
    let is_same_id = spellings(id).contains(locking_id) || spellings(*locking_id).contains(&id);
    let other = all.difference(&same).copied().collect();
    (is_same_id || tolerance.is_met_by(&same) || machines::is_same(locking_id, &id)).then_some((same, other))
}

/// Names the unit in the error of a code with too little left: its license may be all that is needed.
pub(super) fn explain(error: Error, found: &[LicensedHardware]) -> Error {
    let Some(first) = found.first().filter(|_| error.reason() == Reason::ShortPool) else { return error };
    let error = error
        .detail("the same hardware is licensed already".to_owned())
        .detail(format!("unit     {}", first.unit))
        .detail(format!("license  {}, issued {}", first.license, first.issued));
    error.because(Cause::HardwareLicensed).about(Subject::License(first.license.to_string()))
}
