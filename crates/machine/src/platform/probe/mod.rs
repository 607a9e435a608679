//! The host probe: what the machine shows of itself, read from files, with no other program started.

mod card;
mod class;
mod disk;
mod ids;
mod name;
#[cfg(not(target_os = "linux"))]
mod native;
mod net;
mod nic;
mod placeholder;
mod probed;
mod tree;

use std::path::Path;

use airlatch_core::model::{ComponentKind, Components, HostIdentity};
use tree::Tree;

pub use probed::Probe;

/// Probes the host whose root folder is `root`: `/` is this machine, any other one a captured Linux host, whose
/// values are not read through links that lead out of it. `identity` says by which components it is told from others.
///
/// It reads a bounded amount from `etc`, `proc` and `sys`, and neither fails nor waits: what can't be had is absent,
/// with the cause. Only root may read the serial numbers on most hosts.
pub fn probe(root: &Path, identity: &HostIdentity) -> Probe {
    #[cfg(not(target_os = "linux"))]
    if root == Path::new("/") {
        return native::probe(identity);
    }
    let tree = Tree::new(root);
    let class = class::class(&tree);
    let find = |kind| match kind {
        ComponentKind::Os => ids::os(&tree, &class),
        ComponentKind::System => ids::system(&tree, &class),
        ComponentKind::Board => ids::board(&tree),
        ComponentKind::Nic => nic::nics(&tree),
        ComponentKind::Disk => disk::disks(&tree),
        ComponentKind::Name => name::name(&tree, &identity.host),
        ComponentKind::Net => net::net(&tree, &class, &identity.net),
        ComponentKind::Instance => ids::instance(identity),
    };
    let (mut components, mut absent) = (Components::default(), Vec::new());
    for kind in identity.profile(&class).kinds() {
        match find(kind) {
            Ok(values) => values.into_iter().for_each(|value| components.add(kind, value)),
            Err(absence) => absent.push((kind, absence)),
        }
    }
    Probe { class, components, absent }
}
