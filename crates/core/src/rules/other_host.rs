//! Checks whether a license is for this host; the error shows the ids of both.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::crypto;
use crate::model::{
    Cause, Comparison, ComponentKind, ComponentMatch, Error, HostFacts, License, Lock, LockingId, Reason,
    Subject, Tolerance,
};

use super::compare::{is_undecided, matching};
use super::match_outcome::outcome_of;

/// The error if a license is for another host than this one; `denied` if this user may not read enough to tell.
pub(super) fn other_host(license: &License, facts: &HostFacts, rows: &[Comparison]) -> Option<Error> {
    let error = other_than(&license.lock, facts, rows)?;
    // Changed hardware or settings of the licensed installation: everybody knows whose it is.
    let is_own = matches!(
        error.cause(),
        Some(Cause::OtherHardware | Cause::UnreadableComponent | Cause::InstanceMissing)
    );
    let owner = (!is_own).then(|| issued_to(license)).flatten();
    Some(owner.into_iter().fold(error, |error, owner| error.detail(format!("issued to  {owner}"))))
}

/// Whose license it is: customer, order and the installation.
fn issued_to(license: &License) -> Option<String> {
    let order = license.order.as_ref().map(|order| format!("order {order}"));
    let number = license.number.as_ref().map(|number| format!("license {number}"));
    let host = match &license.lock {
        Lock::Fingerprint { system_id, .. } => Some(format!("System ID {system_id}")),
        _ => None,
    };
    let all: Vec<String> =
        license.customer.clone().into_iter().chain(order).chain(number).chain(host).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn other_than(lock: &Lock, facts: &HostFacts, rows: &[Comparison]) -> Option<Error> {
    match lock {
        Lock::Fingerprint { system_id, locking_id, tolerance, .. } => {
            // Only a license of this very installation can be moved to other hardware.
            let is_own = facts.system_id == Some(*system_id);
            let cause = if is_own { Cause::OtherHardware } else { Cause::OtherHost };
            other_hardware((locking_id, tolerance), facts, rows, cause, !is_own)
        }
        Lock::LockingId { locking_id, tolerance } => {
            other_hardware((locking_id, tolerance), facts, rows, Cause::OtherHost, false)
        }
        Lock::SystemId(id) => {
            let error = |here: &str| {
                wrong_host(
                    facts,
                    "this license is for another installation",
                    "system-id",
                    here,
                    &id.to_string(),
                )
                .because(Cause::OtherInstallation)
            };
            other_id(facts.system_id, *id, "none yet", error)
        }
        Lock::Site(site) => {
            let error = |here: &str| {
                wrong_host(facts, "this license is for another site", "site", here, &site.to_string())
                    .because(Cause::OtherSite)
                    .about(Subject::Unit(site.to_string()))
            };
            other_id(facts.site, *site, "none set", error)
        }
        Lock::Starter(_) => None,
        Lock::Mac(mac) if facts.components.macs().any(|here| here == *mac) => None,
        Lock::Mac(mac) => {
            let here: Vec<_> = facts.components.macs().map(|mac| mac.to_string()).collect();
            let here = if here.is_empty() { "no physical network card".into() } else { here.join(", ") };
            let error =
                wrong_host(facts, "this license is for another device", "mac", &here, &mac.to_string());
            Some(error.because(Cause::OtherDevice))
        }
    }
}

fn other_hardware(
    (licensed, tolerance): (&LockingId, &Tolerance),
    facts: &HostFacts,
    rows: &[Comparison],
    cause: Cause,
    is_of_other_installation: bool,
) -> Option<Error> {
    let matching = matching(rows);
    if tolerance.is_met_by(&matching) {
        return None;
    }
    let here = crypto::locking_id(facts);
    let is_undecided = is_undecided(tolerance, rows);
    let is_own = cause == Cause::OtherHardware;
    let what = if is_own {
        "the hardware of this host is not that of the license"
    } else {
        "this license is for another host"
    };
    let mut error = if is_undecided {
        let what = "this user may not read what the license is bound to";
        mismatch(Reason::Denied, facts, what, "hashes", &here.shown(), &licensed.shown())
            .because(Cause::UnreadableComponent)
    } else {
        wrong_host(facts, what, "hashes", &here.shown(), &licensed.shown())
            .because(if lacks_instance(tolerance, rows) { Cause::InstanceMissing } else { cause })
    };
    for (result, word) in [
        (ComponentMatch::Changed, "changed"),
        (ComponentMatch::AbsentHere, "absent"),
        (ComponentMatch::Unreadable, "unreadable"),
    ] {
        let names: Vec<_> =
            rows.iter().filter(|row| row.result == result).map(|row| row.kind.name()).collect();
        if !names.is_empty() {
            error = error.detail(format!("{word:<10} {}", names.join(", ")));
        }
    }
    let counted: Vec<_> = matching
        .iter()
        .filter(|kind| tolerance.required().contains(kind) || tolerance.optional().contains(kind))
        .map(|kind| kind.word())
        .collect();
    let counted = if counted.is_empty() { "none".into() } else { counted.join(", ") };
    let error = error.detail(format!("required   {tolerance}; matching: {counted}"));
    if is_undecided || matching.is_empty() || is_of_other_installation {
        // Nothing was changed back there: it is unknown, or it is another machine, which may have a part in common.
        return Some(error);
    }
    Some(error.detail(format!("to fix     {}", outcome_of(tolerance, &matching).phrase())))
}

/// Whether only the instance id is missing, and none is set here.
fn lacks_instance(tolerance: &Tolerance, rows: &[Comparison]) -> bool {
    let is_unset =
        |row: &Comparison| row.kind == ComponentKind::Instance && row.result == ComponentMatch::AbsentHere;
    let with_instance: BTreeSet<_> = matching(rows).into_iter().chain([ComponentKind::Instance]).collect();
    rows.iter().any(is_unset) && tolerance.is_met_by(&with_instance)
}

/// The error if the id of this host is not the licensed one; `none` is shown if the host has no id.
fn other_id<T: PartialEq + Display>(
    here: Option<T>,
    licensed: T,
    none: &str,
    error: impl FnOnce(&str) -> Error,
) -> Option<Error> {
    match here {
        Some(id) if id == licensed => None,
        Some(id) => Some(error(&id.to_string())),
        None => Some(error(none)),
    }
}

fn wrong_host(facts: &HostFacts, message: &str, field: &str, here: &str, licensed: &str) -> Error {
    mismatch(Reason::WrongHost, facts, message, field, here, licensed)
}

fn mismatch(
    reason: Reason,
    facts: &HostFacts,
    message: &str,
    field: &str,
    here: &str,
    licensed: &str,
) -> Error {
    let label = if facts.is_device() { "asked for" } else { "this host" };
    let error = Error::new(reason, message).at(format!("lock.{field}"));
    error.detail(format!("{label}  {here}")).detail(format!("license    {licensed}"))
}
