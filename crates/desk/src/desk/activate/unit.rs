//! The unit of an applicant, its lock, and its model.

use super::{ActivationRequest, ModelInput};
use crate::catalog::{LockKind, Model, Product};
use crate::charge;
use crate::charge::{Applicant, Bound};
use airlatch_core::model::{Cause, Error, License, Reason, Result, Unit};

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
/// added without a new request. For a new host a System ID is a lock only where the product is never locked to hardware.
pub(super) fn lock(
    product: &Product,
    applicant: Applicant<'_>,
    accepts_weak: bool,
    before: Option<&License>,
    notes: &mut Vec<String>,
) -> Result<Bound> {
    let kinds = &product.lock.kinds;
    let kind = match applicant {
        Applicant::Request(_) if kinds.contains(&LockKind::Fingerprint) => LockKind::Fingerprint,
        Applicant::Request(_) | Applicant::SystemId(_) => LockKind::SystemId,
        Applicant::LockingId(_) => LockKind::LockingId,
        Applicant::Mac(_) => LockKind::Mac,
        Applicant::Site(_) => LockKind::Site,
    };
    if let (Applicant::SystemId(_), Some(before)) = (applicant, before) {
        return Ok(Bound { lock: before.lock.clone(), is_weak: before.weak_lock });
    }
    if !kinds.contains(&kind) {
        let ways: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
        let message = format!("`{}` can't be licensed by {}", product.id, name_of_kind(kind));
        return Err(
            Error::new(Reason::WrongLock, message).detail(format!("it is licensed by  {}", ways.join(", ")))
        );
    }
    let mut rule = product.lock.rule.clone();
    rule.system_id_only |= kind == LockKind::SystemId && !kinds.contains(&LockKind::Fingerprint);
    rule.accepts_weak = accepts_weak;
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

/// The model: as named, else from the request, else from the previous license, else from the MAC, else `otherwise`.
///
/// What is stated must not contradict the previous license, unless that one's model is corrected or the hardware is other
/// hardware: the unit would be charged by the rules of a model that it is not.
pub(super) fn model(
    product: &Product,
    requested: &ActivationRequest<'_>,
    before: Option<&License>,
    notes: &mut Vec<String>,
) -> Result<Option<String>> {
    let (applicant, ModelInput { named, otherwise, corrects }) = (requested.applicant, requested.model);
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
    let of_mac = of_mac.map(|model| model.id.as_str());
    let before = before.and_then(|license| license.model.as_deref());
    let stated = named.or(of_request);
    let model = match corrects {
        true => stated.or(of_mac).or(otherwise).or(before),
        false => stated.or(before).or(of_mac).or(otherwise),
    };
    model.map_or(Ok(()), |model| refuse_unsold(product, model))?;
    if let (None, Some(model), Some(otherwise)) = (stated, model, otherwise)
        && model != otherwise
    {
        let source = if of_mac == Some(model) { "its MAC" } else { "the ledger" };
        notes.push(format!("by {source} the model is {model}, not {otherwise}"));
    }
    if let (Some(before), Some(model)) = (before, model)
        && before != model
    {
        if !corrects && !requested.other_hardware {
            return Err(other_model(unit(applicant), before, model));
        }
        notes.push(format!("the model is {model} now; the license before was for {before}"));
    }
    if let (Some(of_mac), Some(model)) = (of_mac, model)
        && of_mac != model
    {
        notes.push(format!("by its MAC this is a {of_mac}, but the ledger has the model {model}"));
    }
    Ok(model.map(ToOwned::to_owned))
}

fn refuse_unsold(product: &Product, model: &str) -> Result<()> {
    if product.model(model).is_some() {
        return Ok(());
    }
    let models: Vec<_> = product.models.iter().map(|model: &Model| model.id.as_str()).collect();
    let ids = if models.is_empty() { "none".into() } else { models.join(", ") };
    let message = format!("the catalog has no model `{model}` of `{}`", product.id);
    Err(Error::new(Reason::NotSold, message).detail(format!("it has  {ids}")))
}

/// The error if a unit is stated to be another model than the ledger has.
fn other_model(unit: Unit, before: &str, stated: &str) -> Error {
    let message = format!("in the ledger this unit is a `{before}`, not a `{stated}`");
    Error::new(Reason::UnknownModel, message).at(unit).because(Cause::ModelInLedger)
}
