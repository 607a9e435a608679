//! Finds the unit under which a host is licensed already: by a request, or by its typed Locking ID.

use crate::catalog::Product;
use crate::charge::Applicant;
use crate::ledger::{self, Book, Query};
use airlatch_core::model::{LockingId, Result, Unit};

use super::evaluation::hardware_of;
use super::{ActivationRequest, unit};

/// The unit of an applicant. An installation stays its unit when the Locking ID of its host is typed. A host that was licensed
/// by its typed Locking ID stays that unit when its request comes with the same id: the license of that unit runs there
/// already. So nothing is charged twice, and what was bought under one id rules out a trial under the other.
pub(super) fn unit(book: &dyn Book, requested: &ActivationRequest<'_>, product: &Product) -> Result<Unit> {
    let own = unit::unit(requested.applicant);
    let Some(id) = hardware_of(requested.applicant) else { return Ok(own) };
    if id.is_empty() || ledger::latest(book, own, &product.id)?.is_some() {
        return Ok(own);
    }
    for id in spellings(id) {
        if ledger::latest(book, Unit::Hardware(id), &product.id)?.is_some() {
            return Ok(Unit::Hardware(id));
        }
    }
    if matches!(requested.applicant, Applicant::LockingId(_))
        && let [host] = hosts(book, id, product)?[..]
    {
        return Ok(host);
    }
    Ok(own)
}

/// The Locking ID, and as it was written before ids told their kind of host.
pub(super) fn spellings(id: LockingId) -> Vec<LockingId> {
    let mut both = vec![id, id.without_kind()];
    both.dedup();
    both
}

/// The installations that have a license of the product for this hardware. Several are copies of a machine.
fn hosts(book: &dyn Book, id: LockingId, product: &Product) -> Result<Vec<Unit>> {
    let mut found = Vec::new();
    for id in spellings(id) {
        let query = Query { hardware: Some(id), product: Some(product.id.clone()), ..Query::default() };
        for (_, activation) in ledger::activations(book, query)? {
            let unit = activation.unit;
            let is_new = matches!(unit, Unit::Host(_)) && !found.contains(&unit);
            let latest = ledger::latest(book, unit, &product.id)?;
            // It may have released its license since, or moved to other hardware.
            if is_new && latest.is_some_and(|(_, latest)| latest.hardware == Some(id)) {
                found.push(unit);
            }
        }
    }
    Ok(found)
}
