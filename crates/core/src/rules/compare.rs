//! Compares the components of a host with those in a license.

use std::collections::BTreeSet;

use crate::crypto;
use crate::model::{
    Absence, Comparison, ComponentKind, ComponentMatch, Components, Fingerprint, HostFacts, Lock, LockingId,
    Profile, Tolerance, ValueRule,
};

/// One row for each component that the license or this host has; empty for locks without components.
pub fn compare(lock: &Lock, facts: &HostFacts) -> Vec<Comparison> {
    let here = &facts.components;
    let component_match = |kind| {
        let result = match lock {
            Lock::Fingerprint { fingerprint, locking_id, values, .. } => {
                by_hash((fingerprint, *values), locking_id, kind, here)
            }
            Lock::LockingId { locking_id, tolerance } if profile(locking_id, tolerance).contains(&kind) => {
                by_group(locking_id, kind, here)
            }
            _ => None,
        };
        match result {
            Some(ComponentMatch::AbsentHere) if facts.absent.contains(&(kind, Absence::Denied)) => {
                Some(ComponentMatch::Unreadable)
            }
            result => result,
        }
    };
    ComponentKind::ALL
        .into_iter()
        .filter_map(|kind| component_match(kind).map(|result| Comparison { kind, result }))
        .collect()
}

/// The component kinds of a typed Locking ID. If it does not tell that its host is virtual, the tolerance may.
fn profile(id: &LockingId, tolerance: &Tolerance) -> [ComponentKind; 5] {
    let named = tolerance.required().iter().chain(tolerance.optional()).copied();
    id.told_profile().unwrap_or_else(|| Profile::from_kinds(named)).kinds()
}

/// The components that match.
pub fn matching(rows: &[Comparison]) -> BTreeSet<ComponentKind> {
    rows.iter().filter(|row| row.result == ComponentMatch::Same).map(|row| row.kind).collect()
}

/// Whether it depends on components that this user may not read if enough components match: they never count as matching,
/// but it is unknown whether anything has changed.
pub(super) fn is_undecided(tolerance: &Tolerance, rows: &[Comparison]) -> bool {
    let is_possible =
        |row: &&Comparison| matches!(row.result, ComponentMatch::Same | ComponentMatch::Unreadable);
    let possible: BTreeSet<_> = rows.iter().filter(is_possible).map(|row| row.kind).collect();
    !tolerance.is_met_by(&matching(rows)) && tolerance.is_met_by(&possible)
}

/// Compares by hash. If the license has one hash of a kind, the group of the Locking ID has to match too: the desk
/// recognizes hardware by the Locking ID, and a request could claim the Locking ID of licensed hardware with the hashes of
/// other hardware. Of several hashes as many have to be here as the license says.
fn by_hash(
    (licensed, values): (&Fingerprint, ValueRule),
    id: &LockingId,
    kind: ComponentKind,
    here: &Components,
) -> Option<ComponentMatch> {
    let hashes = licensed.hashes.get(&kind).map_or(&[][..], Vec::as_slice);
    let here = here.get(kind);
    let same = || match hashes {
        [hash] => here.iter().any(|value| {
            *hash == crypto::component_hash(&licensed.salt, kind, value)
                && id.group(kind) == Some(crypto::locking_bits(kind, value))
        }),
        _ => {
            let here: BTreeSet<_> =
                here.iter().map(|value| crypto::component_hash(&licensed.salt, kind, value)).collect();
            values.is_met(hashes.iter().filter(|hash| here.contains(*hash)).count(), hashes.len())
        }
    };
    result(!hashes.is_empty(), !here.is_empty(), same)
}

fn by_group(licensed: &LockingId, kind: ComponentKind, here: &Components) -> Option<ComponentMatch> {
    let group = licensed.group(kind);
    let same = || here.get(kind).iter().any(|value| Some(crypto::locking_bits(kind, value)) == group);
    result(group.is_some(), !here.get(kind).is_empty(), same)
}

/// The result from whether license and host have the component; `None` if neither has it, since absent never matches
/// absent.
fn result(in_license: bool, here: bool, same: impl FnOnce() -> bool) -> Option<ComponentMatch> {
    match (in_license, here) {
        (true, true) if same() => Some(ComponentMatch::Same),
        (true, true) => Some(ComponentMatch::Changed),
        (true, false) => Some(ComponentMatch::AbsentHere),
        (false, true) => Some(ComponentMatch::AbsentInLicense),
        (false, false) => None,
    }
}
