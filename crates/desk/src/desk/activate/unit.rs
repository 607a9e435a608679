//! The unit of an applicant, its lock, and its model.

use crate::catalog::{LockKind, Model, Product};
use crate::charge;
use crate::charge::Applicant;
use airlatch_core::model::{Cause, Error, License, Lock, Reason, Result, Unit};

/// The unit of an applicant in the ledger.
pub(super) fn unit(applicant: Applicant<'_>) -> Unit {
    match applicant {
        Applicant::Request(request) => Unit::Host(request.get().system_id),
        Applicant::SystemId(id) => Unit::Host(id),
        Applicant::LockingId(id) => Unit::Hardware(id),
        Applicant::Mac(mac) => Unit::Device(mac),
        Applicant::Site(serial) => Unit::Site(serial),
    }
}

/// The lock of the license. A host named only by its System ID keeps the lock of its previous license, so that features can be
/// added without a new request.
pub(super) fn lock(
    product: &Product,
    applicant: Applicant<'_>,
    before: Option<&License>,
    notes: &mut Vec<String>,
) -> Result<Lock> {
    let kinds = &product.lock.kinds;
    let kind = match applicant {
        Applicant::Request(_) if kinds.contains(&LockKind::Fingerprint) => LockKind::Fingerprint,
        Applicant::Request(_) | Applicant::SystemId(_) => LockKind::SystemId,
        Applicant::LockingId(_) => LockKind::LockingId,
        Applicant::Mac(_) => LockKind::Mac,
        Applicant::Site(_) => LockKind::Site,
    };
    if let (Applicant::SystemId(_), Some(before)) = (applicant, before) {
        return Ok(before.lock.clone());
    }
    if !kinds.contains(&kind) {
        let ways: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
        let message = format!("`{}` can't be licensed by {}", product.id, name_of_kind(kind));
        return Err(
            Error::new(Reason::WrongLock, message).detail(format!("it is licensed by  {}", ways.join(", ")))
        );
    }
    let mut rule = product.lock.rule.clone();
    rule.system_id_only |= kind == LockKind::SystemId;
    charge::bind(&rule, applicant, notes)
}

fn name_of_kind(kind: LockKind) -> &'static str {
    match kind {
        LockKind::Fingerprint => "a request",
        LockKind::LockingId => "a Locking ID",
        LockKind::SystemId => "a System ID",
        LockKind::Mac => "a MAC",
        LockKind::Site => "a site serial",
    }
}

/// The model: as stated, else from the request, else from the MAC, else from the previous license.
pub(super) fn model(
    product: &Product,
    applicant: Applicant<'_>,
    named: Option<&str>,
    before: Option<&License>,
) -> Result<Option<String>> {
    let of_mac = match applicant {
        Applicant::Mac(mac) => product.model_of(mac),
        _ => None,
    };
    let of_request = match applicant {
        Applicant::Request(request) => request.get().model.as_deref(),
        _ => None,
    };
    if let (Some(named), Some(of_mac)) = (named, of_mac)
        && named != of_mac.id
    {
        let message = format!("by its MAC this is a `{}`, not a `{named}`", of_mac.id);
        return Err(Error::new(Reason::UnknownModel, message).because(Cause::ModelFromMac));
    }
    let before = before.and_then(|license| license.model.as_deref());
    let model = named.or(of_request).or(of_mac.map(|model| model.id.as_str())).or(before);
    if let Some(unknown) = model.filter(|model| product.model(model).is_none()) {
        let models: Vec<_> = product.models.iter().map(|model: &Model| model.id.as_str()).collect();
        let ids = if models.is_empty() { "none".into() } else { models.join(", ") };
        let message = format!("the catalog has no model `{unknown}` of `{}`", product.id);
        return Err(Error::new(Reason::NotSold, message).detail(format!("it has  {ids}")));
    }
    Ok(model.map(ToOwned::to_owned))
}
