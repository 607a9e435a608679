//! The host probe: reads the components of the machine from files, without starting other programs.

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

pub use ids::check_instance;
pub use probed::Probe;

/// The components of this host that are read, and that not every user may read.
pub fn restricted(root: &Path, identity: &HostIdentity) -> Vec<ComponentKind> {
    if identity.any_user {
        return Vec::new();
    }
    let open = HostIdentity { any_user: true, ..identity.clone() };
    let (all, open) = (probe(root, identity).components, probe(root, &open).components);
    all.kinds().filter(|kind| all.get(*kind) != open.get(*kind)).collect()
}

/// Probes the host with the root folder `root`: `/` is this machine, any other folder a captured Linux host, whose links are
/// not followed out of it. `identity` selects the components.
///
/// It reads a limited amount from `etc`, `proc` and `sys`, and neither fails nor blocks: a component that can't be read is
/// absent, with the cause. On most hosts only root may read the serial numbers.
pub fn probe(root: &Path, identity: &HostIdentity) -> Probe {
    #[cfg(not(target_os = "linux"))]
    if root == Path::new("/") {
        return native::probe(identity);
    }
    let tree = Tree::new(root);
    let class = class::class(&tree);
    let tree = tree.for_any_user(identity.any_user);
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
