//! Why a license is for another host than this one, with both in the words of its lock.

use std::fmt::Display;

use crate::crypto;
use crate::model::{Cause, Comparison, Error, HostFacts, Lock, LockingId, Reason, Seen, Subject, Tolerance};

use super::compare::matching;
use super::match_outcome::distance;

/// Why this is not the host a license is locked to; none where it is.
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
                wrong_host("this license is for another installation", "system-id", here, &id.to_string())
                    .because(Cause::OtherInstallation)
            };
            other_id(facts.system_id, *id, "none yet", error)
        }
        Lock::Site(site) => {
            let error = |here: &str| {
                wrong_host("this license is for another site", "site", here, &site.to_string())
                    .because(Cause::OtherSite)
                    .about(Subject::Unit(site.to_string()))
            };
            other_id(facts.site, *site, "none told", error)
        }
        Lock::Starter(_) => None,
        Lock::Mac(mac) if facts.components.macs().any(|here| here == *mac) => None,
        Lock::Mac(mac) => {
            let here: Vec<_> = facts.components.macs().map(|mac| mac.to_string()).collect();
            let here = if here.is_empty() { "no physical network card".into() } else { here.join(", ") };
            let error = wrong_host("this license is for another device", "mac", &here, &mac.to_string());
            Some(error.because(Cause::OtherDevice))
        }
    }
}

fn other_hardware(
    then: &LockingId,
    tolerance: &Tolerance,
    facts: &HostFacts,
    rows: &[Comparison],
) -> Option<Error> {
    let same = matching(rows);
    if tolerance.is_met_by(&same) {
        return None;
    }
    let here = crypto::locking_id(&facts.components);
    let mut error =
        wrong_host("this license is for another host", "hashes", &here.to_string(), &then.to_string());
    for (seen, word) in [(Seen::Changed, "changed"), (Seen::AbsentHere, "not shown")] {
        let names: Vec<_> = rows.iter().filter(|row| row.seen == seen).map(|row| row.kind.name()).collect();
        if !names.is_empty() {
            error = error.detail(format!("{word:<9}  {}", names.join(", ")));
        }
    }
    let counting =
        same.iter().filter(|kind| tolerance.required().contains(kind) || tolerance.optional().contains(kind));
    let counting = counting.count();
    let word = if counting == 1 { "matches" } else { "match" };
    let error = error.detail(format!("needed     {tolerance}; {counting} {word}"));
    Some(error.detail(format!("enough     {}", distance(tolerance, &same).words())))
}

/// A host that has another id of one kind than the license names, or none, for which there is a word.
fn other_id<T: PartialEq + Display>(
    here: Option<T>,
    then: T,
    none: &str,
    error: impl FnOnce(&str) -> Error,
) -> Option<Error> {
    match here {
        Some(id) if id == then => None,
        Some(id) => Some(error(&id.to_string())),
        None => Some(error(none)),
    }
}

fn wrong_host(what: &str, field: &str, here: &str, then: &str) -> Error {
    let error = Error::new(Reason::WrongHost, what).at(format!("lock.{field}"));
    error.detail(format!("this host  {here}")).detail(format!("license    {then}"))
}
