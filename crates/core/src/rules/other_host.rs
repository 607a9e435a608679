//! Checks whether a license is for this host; the error shows the ids of both.

use std::fmt::Display;

use crate::crypto;
use crate::model::{
    Cause, Comparison, ComponentMatch, Error, HostFacts, Lock, LockingId, Reason, Subject, Tolerance,
};

use super::compare::matching;
use super::match_outcome::outcome_of;

/// The error if a license is for another host than this one.
pub(super) fn other_host(lock: &Lock, facts: &HostFacts, rows: &[Comparison]) -> Option<Error> {
    match lock {
        Lock::Fingerprint { system_id, locking_id, tolerance, .. } => {
            // Only a license of this very installation can be moved to other hardware.
            let cause =
                if facts.system_id == Some(*system_id) { Cause::OtherHardware } else { Cause::OtherHost };
            other_hardware(locking_id, tolerance, facts, rows).map(|error| error.because(cause))
        }
        Lock::LockingId { locking_id, tolerance } => {
            other_hardware(locking_id, tolerance, facts, rows).map(|error| error.because(Cause::OtherHost))
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
    licensed: &LockingId,
    tolerance: &Tolerance,
    facts: &HostFacts,
    rows: &[Comparison],
) -> Option<Error> {
    let matching = matching(rows);
    if tolerance.is_met_by(&matching) {
        return None;
    }
    let here = crypto::locking_id(facts);
    let mut error =
        wrong_host(facts, "this license is for another host", "hashes", &here.shown(), &licensed.shown());
    for (result, word) in [(ComponentMatch::Changed, "changed"), (ComponentMatch::AbsentHere, "absent")] {
        let names: Vec<_> =
            rows.iter().filter(|row| row.result == result).map(|row| row.kind.name()).collect();
        if !names.is_empty() {
            error = error.detail(format!("{word:<9}  {}", names.join(", ")));
        }
    }
    let counted: Vec<_> = matching
        .iter()
        .filter(|kind| tolerance.required().contains(kind) || tolerance.optional().contains(kind))
        .map(|kind| kind.word())
        .collect();
    let counted = if counted.is_empty() { "none".into() } else { counted.join(", ") };
    let error = error.detail(format!("required   {tolerance}; matching: {counted}"));
    if matching.is_empty() {
        // Nothing was changed back there: it is another machine.
        return Some(error);
    }
    Some(error.detail(format!("to fix     {}", outcome_of(tolerance, &matching).phrase())))
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
    let label = if facts.is_device() { "asked for" } else { "this host" };
    let error = Error::new(Reason::WrongHost, message).at(format!("lock.{field}"));
    error.detail(format!("{label}  {here}")).detail(format!("license    {licensed}"))
}
