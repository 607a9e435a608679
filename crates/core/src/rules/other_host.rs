//! Why a license is for another host than this one, with both in the words of its lock.

use std::fmt::Display;

use crate::crypto;
use crate::model::{Comparison, ComponentMatch, Error, HostFacts, Lock, LockingId, Reason, Tolerance};

use super::compare::matching;
use super::match_outcome::distance;

/// Why this is not the host a license is locked to; none where it is.
pub(super) fn other_host(lock: &Lock, facts: &HostFacts, rows: &[Comparison]) -> Option<Error> {
    match lock {
        Lock::Fingerprint { locking_id, tolerance, .. } | Lock::LockingId { locking_id, tolerance } => {
            other_hardware(locking_id, tolerance, facts, rows)
        }
        Lock::SystemId(id) => {
            let what = "this license is for another installation";
            other_id(facts.system_id, *id, "none yet", what, "system-id")
        }
        Lock::Site(site) => {
            other_id(facts.site, *site, "none told", "this license is for another site", "site")
        }
        Lock::Starter(_) => None,
        Lock::Mac(mac) if facts.components.macs().any(|here| here == *mac) => None,
        Lock::Mac(mac) => {
            let here: Vec<_> = facts.components.macs().map(|mac| mac.to_string()).collect();
            let here = if here.is_empty() { "no physical network card".into() } else { here.join(", ") };
            Some(wrong_host("this license is for another device", "mac", &here, &mac.to_string()))
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
    for (seen, word) in [(ComponentMatch::Changed, "changed"), (ComponentMatch::AbsentHere, "not shown")] {
        let names: Vec<_> = rows.iter().filter(|row| row.result == seen).map(|row| row.kind.name()).collect();
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
    what: &str,
    field: &str,
) -> Option<Error> {
    let here = match here {
        Some(id) if id == then => return None,
        Some(id) => id.to_string(),
        None => none.to_owned(),
    };
    Some(wrong_host(what, field, &here, &then.to_string()))
}

fn wrong_host(what: &str, field: &str, here: &str, then: &str) -> Error {
    let error = Error::new(Reason::WrongHost, what).at(format!("lock.{field}"));
    error.detail(format!("this host  {here}")).detail(format!("license    {then}"))
}
