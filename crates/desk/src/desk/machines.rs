//! Groups the Locking IDs of a ledger into machines: ids with enough equal components, whatever their installations are called.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{Activation, Entry};
use airlatch_core::model::{ComponentKind, Fingerprint, Hash16, LockingId, Time};

/// How many components of hardware have to be equal: 40 bits of serial numbers, which two machines do not share by chance.
const EQUAL_HARDWARE: usize = 2;
/// How many of all components, where they are settings of a virtual host.
const EQUAL_SETTINGS: usize = 3;

/// Components with their groups which, if equal, make two ids those of one machine.
type Mark = Vec<(ComponentKind, u32)>;

fn marks(id: &LockingId) -> BTreeSet<Mark> {
    let all: Mark = id.components().filter_map(|kind| Some((kind, id.group(kind)?))).collect();
    let (size, counted): (_, Mark) = match id.told_profile() {
        Some(_) => (EQUAL_SETTINGS, all.clone()),
        None => (EQUAL_HARDWARE, all.iter().copied().filter(|(kind, _)| kind.is_hardware()).collect()),
    };
    if counted.len() < size {
        // It shows too little: only the same id is the same machine.
        return [all].into_iter().filter(|all| !all.is_empty()).collect();
    }
    let chosen = |mask: u32| -> Mark {
        counted.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|(_, group)| *group).collect()
    };
    (0..1u32 << counted.len()).filter(|mask| mask.count_ones() as usize == size).map(chosen).collect()
}

/// Whether two ids are those of one machine.
pub(super) fn is_same(one: &LockingId, other: &LockingId) -> bool {
    !marks(one).is_disjoint(&marks(other))
}

/// Whether two fingerprints with one salt have the parts of one machine, whatever else they show or hide.
pub(super) fn have_same_parts(one: &Fingerprint, other: &Fingerprint) -> bool {
    let is_same = |(kind, hashes): &(&ComponentKind, &Vec<Hash16>)| {
        let others = other.hashes.get(kind).map_or(&[][..], Vec::as_slice);
        kind.is_hardware() && hashes.iter().any(|hash| others.contains(hash))
    };
    one.salt == other.salt && one.hashes.iter().filter(is_same).count() >= EQUAL_HARDWARE
}

/// The machines behind many Locking IDs.
pub(super) struct Machines(BTreeMap<LockingId, usize>);

impl Machines {
    /// Groups these ids. An id that two others have components of makes all three one machine.
    pub(super) fn of(ids: BTreeSet<LockingId>) -> Self {
        let (mut machines, mut owners) = (BTreeMap::new(), BTreeMap::<Mark, usize>::new());
        for (number, id) in ids.into_iter().enumerate() {
            let marks = marks(&id);
            let known: BTreeSet<usize> = marks.iter().filter_map(|mark| owners.get(mark).copied()).collect();
            let machine = known.first().copied().unwrap_or(number);
            if known.len() > 1 {
                let joined =
                    |owner: &mut usize| *owner = if known.contains(owner) { machine } else { *owner };
                owners.values_mut().for_each(joined);
                machines.values_mut().for_each(joined);
            }
            owners.extend(marks.into_iter().map(|mark| (mark, machine)));
            machines.insert(id, machine);
        }
        Self(machines)
    }

    /// The machine that an id belongs to.
    pub(super) fn machine(&self, id: &LockingId) -> Option<usize> {
        self.0.get(id).copied()
    }
}

/// When the license of a unit moved to another machine, from its activations for one product in order.
pub(super) fn moves<'a>(activations: impl IntoIterator<Item = (&'a Entry, &'a Activation)>) -> Vec<Time> {
    let (mut before, mut found) = (None::<LockingId>, Vec::new());
    for (entry, activation) in activations {
        let Some(now) = activation.hardware else { continue };
        if before.is_some_and(|before| !is_same(&before, &now)) {
            found.push(entry.time);
        }
        before = Some(now);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use airlatch_core::model::HostKind;

    fn id(groups: [u32; 5]) -> LockingId {
        LockingId::from_groups(groups)
    }

    #[test]
    fn two_equal_components_of_hardware_are_the_same_machine() {
        let machine = id([1, 2, 3, 4, 5]);
        for (other, same) in [
            ([1, 2, 3, 4, 5], true),
            ([9, 2, 3, 0, 0], true),
            ([9, 9, 3, 9, 5], true),
            ([1, 9, 9, 9, 5], false),
            ([1, 0, 0, 0, 0], false),
            ([0, 0, 0, 0, 0], false),
        ] {
            assert_eq!(is_same(&machine, &id(other)), same, "{other:?}");
        }
        let (thin, guest) =
            (id([1, 0, 0, 0, 5]), LockingId::of_host(HostKind::VirtualMachine, [1, 2, 3, 4, 5]));
        assert!(is_same(&thin, &thin) && !is_same(&thin, &id([1, 0, 0, 0, 6])));
        assert!(!is_same(&guest, &machine), "settings are no hardware");
        assert!(is_same(&guest, &LockingId::of_host(HostKind::VirtualMachine, [1, 2, 9, 4, 9])));
        assert!(!is_same(&guest, &LockingId::of_host(HostKind::VirtualMachine, [1, 2, 9, 9, 9])));
    }

    #[test]
    fn an_id_between_two_others_joins_them() {
        let ids = [[1, 2, 3, 0, 0], [1, 0, 0, 4, 5], [1, 2, 3, 4, 5], [1, 6, 7, 8, 9]].map(id);
        let machines = Machines::of(ids.into());
        let of = ids.map(|id| machines.machine(&id));
        assert!(of[0] == of[1] && of[1] == of[2] && of[2] != of[3], "{of:?}");
    }
}
