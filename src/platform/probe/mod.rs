//! The host probe: what the machine shows of itself, read from files, with no other program started.

mod class;
mod disk;
mod ids;
#[cfg(not(target_os = "linux"))]
mod native;
mod nic;
mod placeholder;
mod tree;

use std::path::Path;

use crate::model::{Absence, ComponentKind, Components, HostClass};
use tree::Tree;

/// What a probe found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What kind of machine it seems to be.
    pub class: HostClass,
    /// The usable components.
    pub components: Components,
    /// Why each of the others is absent, in the order of their kinds.
    pub absent: Vec<(ComponentKind, Absence)>,
}

/// The values of one kind, or why there is none.
type Finding = std::result::Result<Vec<String>, Absence>;

/// Probes the host whose root folder is `root`: `/` is this machine, any other one a captured Linux host, whose
/// values are not read through links that lead out of it.
///
/// It reads a bounded amount from `etc`, `proc` and `sys`, and neither fails nor waits: what can't be had is absent,
/// with the cause. Only root may read the serial numbers on most hosts.
pub fn probe(root: &Path) -> Probe {
    #[cfg(not(target_os = "linux"))]
    if root == Path::new("/") {
        return native::probe();
    }
    let tree = Tree::new(root);
    let mut found =
        Probe { class: class::class(&tree), components: Components::default(), absent: Vec::new() };
    found.note(ComponentKind::Os, ids::os(&tree));
    found.note(ComponentKind::System, ids::system(&tree));
    found.note(ComponentKind::Board, ids::board(&tree));
    found.note(ComponentKind::Nic, nic::nics(&tree));
    found.note(ComponentKind::Disk, disk::disks(&tree));
    found
}

impl Probe {
    fn note(&mut self, kind: ComponentKind, finding: Finding) {
        match finding {
            Ok(values) => values.into_iter().for_each(|value| self.components.add(kind, value)),
            Err(absence) => self.absent.push((kind, absence)),
        }
    }
}

/// Of two reasons for absence the one that says more: that there is nothing says least.
fn telling(one: Absence, other: Absence) -> Absence {
    if one == Absence::Missing { other } else { one }
}
