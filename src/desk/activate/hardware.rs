//! Whether a host that asks again still is the host that was licensed, so that no copied installation gets a second license.

use std::collections::BTreeSet;

use crate::model::{ComponentKind, License, Lock, LockingId, Reason, Request, Result, Trouble};

/// Refuses a request from other hardware than the license before is locked to.
pub(super) fn refuse_other(request: &Request, before: &License, notes: &mut Vec<String>) -> Result<()> {
    let Lock::Fingerprint { locking_id, tolerance, .. } = &before.lock else { return Ok(()) };
    let same = same(locking_id, &request.locking_id);
    if tolerance.is_met_by(&same) {
        let held: BTreeSet<_> = locking_id.components().collect();
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

/// The components whose groups are the same; absent never is.
pub(super) fn same(then: &LockingId, now: &LockingId) -> BTreeSet<ComponentKind> {
    then.components().filter(|kind| then.group(*kind) == now.group(*kind)).collect()
}
