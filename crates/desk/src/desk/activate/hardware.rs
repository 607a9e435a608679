//! Compares the hardware in a request with that of the previous license, so that a copied installation gets no second license.

use std::collections::BTreeSet;

use airlatch_core::crypto::Verified;
use airlatch_core::model::{
    Cause, ComponentKind, Error, Fingerprint, License, Lock, LockingId, Reason, Request, Result, ValueRule,
};

/// Refuses a request from other hardware than the previous license is locked to; adds a note if components changed within its
/// tolerance.
pub(super) fn refuse_other_hardware(
    request: &Request,
    before: &License,
    notes: &mut Vec<String>,
) -> Result<()> {
    let Lock::Fingerprint { locking_id, fingerprint, tolerance, values, .. } = &before.lock else {
        return Ok(());
    };
    let same = same_components((fingerprint, locking_id, *values), request);
    if tolerance.is_met_by(&same) {
        let held: BTreeSet<_> = fingerprint.hashes.keys().copied().collect();
        if same != held {
            let changed: Vec<_> = held.difference(&same).map(|kind| kind.word()).collect();
            notes.push(format!("changed since the previous license: {}", changed.join(", ")));
        }
        return Ok(());
    }
    let left_out = left_out(fingerprint, &same, request);
    let error = match left_out.is_empty() {
        true => Error::new(
            Reason::WrongHost,
            "the request comes from other hardware than this installation is licensed for",
        ),
        false => Error::new(
            Reason::WrongHost,
            format!("the request leaves out what the license is bound to: {}", left_out.join(", ")),
        )
        .because(Cause::FewerComponents),
    };
    Err(error
        .at("fingerprint")
        .detail(format!("licensed  {}, {tolerance}", locking_id.shown()))
        .detail(format!("request   {}", request.locking_id.shown())))
}

/// The components of the license that a request of the same hardware does not name; none if one that it names is another.
fn left_out(licensed: &Fingerprint, same: &BTreeSet<ComponentKind>, request: &Request) -> Vec<&'static str> {
    let named = |kind: &&ComponentKind| request.fingerprint.hashes.contains_key(*kind);
    let all_same = licensed.hashes.keys().filter(named).all(|kind| same.contains(kind));
    let missing = licensed.hashes.keys().filter(|kind| !named(kind)).map(|kind| kind.word());
    if all_same && !same.is_empty() { missing.collect() } else { Vec::new() }
}

/// Refuses other hardware of which no component is that of the previous license, which has to stay on its unit. Where the host
/// itself asks to move this license, it says so in its signed request.
pub(super) fn refuse_transfer(request: &Request, before: &Verified<License>, other: &Error) -> Result<()> {
    let Lock::Fingerprint { locking_id, fingerprint, values, .. } = &before.get().lock else {
        return Ok(());
    };
    if !before.get().not_transferable || request.replaces == Some(before.document_id()) {
        return Ok(());
    }
    if !same_components((fingerprint, locking_id, *values), request).is_empty() {
        return Ok(());
    }
    let message = "this license must stay on its unit, and no component of the hardware is the same";
    let error = Error::new(Reason::WrongHost, message).at("fingerprint").because(Cause::MustStay);
    Err(other.details().iter().cloned().fold(error, Error::detail))
}

/// The components that are unchanged; a missing component never counts as unchanged.
///
/// Requests of a host for one product have the same salt, so their hashes can be compared. With another salt only the groups
/// of the Locking IDs can.
pub(super) fn same_components(
    (then, id, values): (&Fingerprint, &LockingId, ValueRule),
    now: &Request,
) -> BTreeSet<ComponentKind> {
    let groups = same_groups(id, &now.locking_id);
    let is_same = |kind: &ComponentKind| {
        let (before, after) = (&then.hashes[kind], now.fingerprint.hashes.get(kind));
        let Some(after) = after else { return false };
        let same_group = groups.contains(kind);
        if then.salt != now.fingerprint.salt {
            return same_group;
        }
        let found = before.iter().filter(|hash| after.contains(hash)).count();
        values.is_met(found, before.len()) && (before.len() > 1 || same_group)
    };
    then.hashes.keys().copied().filter(is_same).collect()
}

/// The components with equal groups in two Locking IDs, for any kind of host; a missing group never counts as equal.
pub(super) fn same_groups(then: &LockingId, now: &LockingId) -> BTreeSet<ComponentKind> {
    let is_same = |kind: &ComponentKind| then.group(*kind).is_some() && then.group(*kind) == now.group(*kind);
    ComponentKind::ALL.into_iter().filter(is_same).collect()
}

#[cfg(test)]
mod tests {
    use super::ComponentKind::{Name, Net, Nic, Os};
    use super::*;
    use airlatch_core::crypto;
    use airlatch_core::model::{Components, Features, HostKind, SystemId, Time};

    /// What a host that shows these values asks with.
    fn request(salt: u8, values: &[(ComponentKind, &str)]) -> Request {
        let mut components = Components::default();
        values.iter().for_each(|(kind, value)| components.add(*kind, *value));
        let hash = |kind| {
            let values = components.get(kind).iter();
            (kind, values.map(|value| crypto::component_hash(&[salt; 16], kind, value)).collect())
        };
        Request {
            made: Time::from_seconds(0),
            tool: String::new(),
            product: "pbx".into(),
            version: None,
            model: None,
            codes: Vec::new(),
            wanted: Features::default(),
            note: None,
            system_id: SystemId::from_digest(&[1; 32]),
            locking_id: crypto::locking_id_of(HostKind::BareMetal, &components),
            class: "bare-metal".into(),
            site: None,
            fingerprint: Fingerprint { salt: [salt; 16], hashes: components.kinds().map(hash).collect() },
            replaces: None,
            clock: None,
            unknown: Vec::new(),
        }
    }

    fn kept(then: &Request, now: &Request) -> Vec<ComponentKind> {
        same_components((&then.fingerprint, &then.locking_id, ValueRule::for_new(&then.fingerprint)), now)
            .into_iter()
            .collect()
    }

    #[test]
    fn with_equal_salt_hashes_are_compared_otherwise_groups() {
        let then = request(1, &[(Os, "a"), (Nic, "1"), (Nic, "2")]);
        let card_swapped = [(Os, "a"), (Nic, "0"), (Nic, "2")];
        assert_eq!(kept(&then, &request(1, &card_swapped)), [Os, Nic]);
        assert_eq!(kept(&then, &request(2, &card_swapped)), [Os], "the group is that of the lowest card");
        assert_eq!(kept(&then, &request(2, &[(Os, "a"), (Nic, "1")])), [Os, Nic]);
        assert_eq!(kept(&then, &request(1, &[(Nic, "3")])), []);
    }

    #[test]
    fn settings_are_compared_like_hardware_and_never_with_it() {
        let then = request(1, &[(Os, "a"), (Name, "b"), (Net, "c")]);
        assert_eq!(kept(&then, &request(2, &[(Os, "a"), (Name, "b"), (Net, "d")])), [Os, Name]);
        assert_eq!(kept(&then, &request(2, &[(Os, "a"), (Nic, "c")])), [Os]);
    }

    /// Who takes the hash of the licensed host for his own has to take its group too, and the license is for that host again.
    #[test]
    fn a_hash_alone_does_not_make_other_hardware_the_licensed_one() {
        let then = request(1, &[(Os, "a")]);
        let mut forged = request(1, &[(Os, "b")]);
        forged.fingerprint = then.fingerprint.clone();
        assert_eq!(kept(&then, &forged), []);
        let mut forged = request(1, &[(Os, "b")]);
        forged.locking_id = then.locking_id;
        assert_eq!(kept(&then, &forged), []);
    }
}
