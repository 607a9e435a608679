//! Whether a host that asks again still is the host that was licensed, so that no copied installation gets a second license.

use std::collections::BTreeSet;

use crate::model::{ComponentKind, Fingerprint, License, Lock, LockingId, Reason, Request, Result, Trouble};

/// Refuses a request from other hardware than the license before is locked to.
pub(super) fn refuse_other(request: &Request, before: &License, notes: &mut Vec<String>) -> Result<()> {
    let Lock::Fingerprint { locking_id, fingerprint, tolerance, .. } = &before.lock else { return Ok(()) };
    let same = same((fingerprint, locking_id), request);
    if tolerance.is_met_by(&same) {
        let held: BTreeSet<_> = fingerprint.hashes.keys().copied().collect();
        if same != held {
            let changed: Vec<_> = held.difference(&same).map(|kind| kind.word()).collect();
            notes.push(format!("changed since the license before: {}", changed.join(", ")));
        }
        return Ok(());
    }
    let what = "the request comes from other hardware than the license this installation holds";
    Err(Trouble::new(Reason::WrongHost, what)
        .at("fingerprint")
        .detail(format!("licensed  {locking_id}, {tolerance}"))
        .detail(format!("request   {}", request.locking_id)))
}

/// The components that are the same; absent never is.
///
/// Two requests of a host for one product have the same salt, and then their hashes tell, as they do on the host; with
/// another salt there are only the groups of the Locking ID.
pub(super) fn same((then, id): (&Fingerprint, &LockingId), now: &Request) -> BTreeSet<ComponentKind> {
    let groups = same_groups(id, &now.locking_id);
    let is_same = |kind: &ComponentKind| {
        let (before, after) = (&then.hashes[kind], now.fingerprint.hashes.get(kind));
        let Some(after) = after else { return false };
        let same_group = groups.contains(kind);
        if then.salt != now.fingerprint.salt {
            return same_group;
        }
        before.iter().any(|hash| after.contains(hash)) && (before.len() > 1 || same_group)
    };
    then.hashes.keys().copied().filter(is_same).collect()
}

/// The components whose groups are the same, whatever kind of host it is of; absent never is.
pub(super) fn same_groups(then: &LockingId, now: &LockingId) -> BTreeSet<ComponentKind> {
    let is_same = |kind: &ComponentKind| then.group(*kind).is_some() && then.group(*kind) == now.group(*kind);
    ComponentKind::ALL.into_iter().filter(is_same).collect()
}
