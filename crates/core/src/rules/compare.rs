//! How the components of a host compare with those a license was made for.

use std::collections::BTreeSet;

use crate::crypto;
use crate::model::{
    Comparison, ComponentKind, ComponentMatch, Components, Fingerprint, Lock, LockingId, Tolerance,
};

/// One row for each component that the license or this host shows; empty for locks without components.
pub fn compare(lock: &Lock, here: &Components) -> Vec<Comparison> {
    let see = |kind| match lock {
        Lock::Fingerprint { fingerprint, locking_id, .. } => by_hash(fingerprint, locking_id, kind, here),
        Lock::LockingId { locking_id, tolerance } if profile(tolerance).contains(&kind) => {
            by_group(locking_id, kind, here)
        }
        _ => None,
    };
    ComponentKind::ALL
        .into_iter()
        .filter_map(|kind| see(kind).map(|seen| Comparison { kind, result: seen }))
        .collect()
}

/// The kinds that a typed Locking ID has groups of: it doesn't say itself whether its host is virtual, its tolerance does.
fn profile(tolerance: &Tolerance) -> [ComponentKind; 5] {
    let mut named = tolerance.required().iter().chain(tolerance.optional());
    let is_virtual = named.any(|kind| !ComponentKind::HARDWARE.contains(kind));
    if is_virtual { ComponentKind::VIRTUAL } else { ComponentKind::HARDWARE }
}

/// The kinds that are the same.
pub fn matching(rows: &[Comparison]) -> BTreeSet<ComponentKind> {
    rows.iter().filter(|row| row.result == ComponentMatch::Same).map(|row| row.kind).collect()
}

/// The desk knows hardware again by its Locking ID alone, because each request has another salt. So a hash that stands alone
/// counts only together with its group: otherwise a request could name the hardware that was licensed, and hash another.
fn by_hash(
    then: &Fingerprint,
    id: &LockingId,
    kind: ComponentKind,
    here: &Components,
) -> Option<ComponentMatch> {
    let hashes = then.hashes.get(&kind).map_or(&[][..], Vec::as_slice);
    let fits = |value: &String| {
        hashes.contains(&crypto::component_hash(&then.salt, kind, value))
            && (hashes.len() > 1 || id.group(kind) == Some(crypto::locking_bits(kind, value)))
    };
    let same = || here.get(kind).iter().any(fits);
    seen(!hashes.is_empty(), !here.get(kind).is_empty(), same)
}

fn by_group(then: &LockingId, kind: ComponentKind, here: &Components) -> Option<ComponentMatch> {
    let group = then.group(kind);
    let same = || here.get(kind).iter().any(|value| Some(crypto::locking_bits(kind, value)) == group);
    seen(group.is_some(), !here.get(kind).is_empty(), same)
}

/// Absent never matches absent: a component neither side shows gives no row at all.
fn seen(then: bool, here: bool, same: impl FnOnce() -> bool) -> Option<ComponentMatch> {
    match (then, here) {
        (true, true) if same() => Some(ComponentMatch::Same),
        (true, true) => Some(ComponentMatch::Changed),
        (true, false) => Some(ComponentMatch::AbsentHere),
        (false, true) => Some(ComponentMatch::AbsentInLicense),
        (false, false) => None,
    }
}
