//! How many components of a host have to match: the tolerance of the catalog or grant, or a default for the kind of host.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::GrantLock;
use airlatch_core::model::{
    Cause, ComponentKind, ComponentKind::Instance, ComponentKind::Name, ComponentKind::Net,
    ComponentKind::Os, ComponentKind::System,
};
use airlatch_core::model::{Error, HostKind, LockingId, Profile, Reason, Request, Result, Tolerance};

/// The components a host has, and the kind of host.
pub(super) struct ShownComponents {
    /// The kinds, each with the number of its values.
    values: BTreeMap<ComponentKind, usize>,
    kinds: BTreeSet<ComponentKind>,
    profile: Profile,
    host: HostKind,
}

impl ShownComponents {
    /// The components in a request.
    pub(super) fn of_request(request: &Request) -> Self {
        let values = request.fingerprint.hashes.iter().map(|(kind, hashes)| (*kind, hashes.len()));
        let host = match request.class.as_str() {
            "container" => HostKind::Container,
            "virtual" => HostKind::VirtualMachine,
            _ => HostKind::BareMetal,
        };
        let profile = Profile::from_kinds(request.fingerprint.hashes.keys().copied());
        Self::new(values.collect(), profile, host)
    }

    /// The components in a typed Locking ID. If it doesn't tell that its host is virtual, the components named in the rule may.
    pub(super) fn of_locking_id(rule: &GrantLock, id: &LockingId) -> Self {
        let named = rule.tolerance.iter().flat_map(|it| it.required().union(it.optional()));
        let profile = id.told_profile().unwrap_or_else(|| Profile::from_kinds(named.copied()));
        let kinds = profile.kinds().into_iter().filter(|kind| id.group(*kind).is_some());
        Self::new(kinds.map(|kind| (kind, 1)).collect(), profile, id.host_kind())
    }

    fn new(values: BTreeMap<ComponentKind, usize>, profile: Profile, host: HostKind) -> Self {
        Self { kinds: values.keys().copied().collect(), values, profile, host }
    }

    /// The kinds of component.
    pub(super) fn kinds(&self) -> &BTreeSet<ComponentKind> {
        &self.kinds
    }

    /// The kinds, each with the number of its values.
    pub(super) fn values(&self) -> impl Iterator<Item = (ComponentKind, usize)> + '_ {
        self.values.iter().map(|(kind, count)| (*kind, *count))
    }

    /// Whether it is a physical machine that shows its hardware.
    pub(super) fn is_bare_metal(&self) -> bool {
        self.host == HostKind::BareMetal && self.profile == Profile::Hardware
    }

    fn in_container(&self) -> bool {
        self.host == HostKind::Container
    }
}

/// The tolerance of the rule, or the default if it has none.
///
/// Adds a note for a host that can't be told from its copy.
///
/// # Errors
/// `weak-host` if the host has too few components.
pub(super) fn tolerance(
    rule: &GrantLock,
    shown: &ShownComponents,
    notes: &mut Vec<String>,
) -> Result<Tolerance> {
    let kinds = &shown.kinds;
    let weak = |message: String| {
        let words: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
        let words = if words.is_empty() { "none".into() } else { words.join(", ") };
        Err(Error::new(Reason::WeakHost, message)
            .at("fingerprint")
            .detail(format!("usable components  {words}")))
    };
    let tolerance = match &rule.tolerance {
        _ if kinds.is_empty() && !shown.in_container() => {
            return weak("the host has no usable component".into());
        }
        Some(wanted) if wanted.is_met_by(kinds) => wanted.clone(),
        Some(wanted) => {
            return weak(format!("the host has too few usable components: {wanted} are required"));
        }
        None if shown.in_container() && !kinds.contains(&Instance) => {
            let message =
                "the container has no instance id, and its other components change with every start";
            return weak(message.into()).map_err(|error| error.because(Cause::UnboundContainer));
        }
        None => default_tolerance(shown)?,
    };
    if shown.profile == Profile::Virtual {
        let machine = if shown.in_container() { "container" } else { "virtual machine" };
        notes.push(format!("a copy of this {machine} with the same settings can't be distinguished from it"));
    }
    Ok(tolerance)
}

/// The tolerance if catalog or grant don't state one.
///
/// Hardware: more than half of the components. A virtual machine: its UUID, which its user normally doesn't set, and more than
/// half of the others, which the user does; with an instance id that id in place of the UUID, which some hypervisors change at
/// every start, and more than half of the others. A container: its instance id and the OS id, because the rest changes with every
/// start.
fn default_tolerance(shown: &ShownComponents) -> Result<Tolerance> {
    let has = |wanted: &[ComponentKind]| -> Vec<ComponentKind> {
        wanted.iter().copied().filter(|kind| shown.kinds.contains(kind)).collect()
    };
    if shown.in_container() {
        return Tolerance::new(has(&[Os, Instance]), [], 0);
    }
    if shown.profile == Profile::Hardware || !shown.kinds.contains(&System) {
        return Tolerance::majority(shown.kinds.iter().copied());
    }
    let first = if shown.kinds.contains(&Instance) { Instance } else { System };
    let rest: Vec<_> = has(&[Os, System, Name, Net]).into_iter().filter(|kind| *kind != first).collect();
    let minimum = if rest.is_empty() { 0 } else { rest.len() / 2 + 1 };
    Tolerance::new([first], rest, minimum)
}

#[cfg(test)]
mod tests {
    use super::ComponentKind::{Board, Disk, Nic};
    use super::*;

    fn shown(kinds: &[ComponentKind], in_container: bool) -> ShownComponents {
        let profile = Profile::from_kinds(kinds.iter().copied());
        let host = if in_container { HostKind::Container } else { HostKind::BareMetal };
        ShownComponents::new(kinds.iter().map(|kind| (*kind, 1)).collect(), profile, host)
    }

    fn tolerance_text(kinds: &[ComponentKind], in_container: bool) -> String {
        match tolerance(&GrantLock::default(), &shown(kinds, in_container), &mut Vec::new()) {
            Ok(tolerance) => tolerance.to_string(),
            Err(error) => error.reason().to_string(),
        }
    }

    #[test]
    fn each_kind_of_host_has_a_default() {
        for (kinds, lock) in [
            (&[Os, System, Board, Nic, Disk][..], "3 of os, system, board, nic, disk"),
            (&[Os, Nic], "2 of os, nic"),
            (&[Os, System], "2 of os, system"),
            (&[Os, System, Name, Net, Instance], "instance and 3 of os, system, name, net"),
            (&[Os, System, Name, Net], "system and 2 of os, name, net"),
            (&[System, Net], "system and 1 of net"),
            (&[Os, Name, Net], "2 of os, name, net"),
            (&[], "weak-host"),
        ] {
            assert_eq!(tolerance_text(kinds, false), lock, "{kinds:?}");
        }
        for (kinds, lock) in [
            (&[Os, Name, Net, Instance][..], "os, instance"),
            (&[Name, Net, Instance], "instance"),
            (&[Instance], "instance"),
            (&[Os, Name, Net], "weak-host"),
            (&[], "weak-host"),
        ] {
            assert_eq!(tolerance_text(kinds, true), lock, "{kinds:?}");
        }
    }

    /// Components that a user can set with one command each must not be enough if the host has others.
    #[test]
    fn spoofable_components_alone_are_not_enough() {
        let spoofed = BTreeSet::from([Os, Nic, Name, Net]);
        let all = [Os, System, Name, Net, Instance];
        for mask in 0..1u32 << 5 {
            let kinds: Vec<_> = (0..5).filter(|at| mask >> at & 1 == 1).map(|at| all[at]).collect();
            let (virtual_one, system) = (kinds.contains(&Name), kinds.contains(&System));
            if virtual_one && system {
                let lock = tolerance(&GrantLock::default(), &shown(&kinds, false), &mut Vec::new()).unwrap();
                assert!(!lock.is_met_by(&spoofed), "{kinds:?}: {lock}");
            }
            if let Ok(lock) = tolerance(&GrantLock::default(), &shown(&kinds, true), &mut Vec::new()) {
                assert!(!lock.is_met_by(&spoofed), "{kinds:?}: {lock}");
            }
        }
        for stronger in [&[System, Board, Disk][..], &[System, Board], &[System, Disk], &[Board, Disk]] {
            let kinds: Vec<_> = [Os, Nic].iter().chain(stronger).copied().collect();
            let lock = tolerance(&GrantLock::default(), &shown(&kinds, false), &mut Vec::new()).unwrap();
            assert!(!lock.is_met_by(&spoofed), "{kinds:?}: {lock}");
        }
    }

    #[test]
    fn the_rule_gives_the_profile_of_a_typed_id() {
        let id = LockingId::from_groups([1, 2, 3, 0, 5]);
        let rule = |tolerance| GrantLock { tolerance, ..GrantLock::default() };
        let of = |rule: &GrantLock| {
            ShownComponents::of_locking_id(rule, &id).kinds.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(of(&rule(None)), [Os, System, Board, Disk]);
        assert_eq!(of(&rule(Some(Tolerance::new([System], [Os], 1).unwrap()))), [Os, System, Board, Disk]);
        let named = Tolerance::new([System], [Name, Net], 1).unwrap();
        assert_eq!(of(&rule(Some(named))), [Os, System, Name, Instance]);
    }
}
