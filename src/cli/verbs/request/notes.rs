//! What is noted before a request leaves the site: a host that shows too little, or what the product may not read.

use std::path::Path;

use anyhow::Result;

use crate::cli::session::Session;
use airlatch_core::model::{ComponentKind, HostClass, HostFacts, Profile, near};
use airlatch_machine::here::Home;

/// Notes a product that is nearly one of those licensed here: it may be a typing mistake, which the desk can't correct.
pub(super) fn of_product<'a>(product: &str, licensed: impl Iterator<Item = &'a str>, session: &mut Session) {
    let licensed: Vec<&str> = licensed.collect();
    let near = near::nearest(licensed.iter().copied(), product).filter(|_| !licensed.contains(&product));
    if let Some(near) = near {
        session.screen.talk(&format!(
            "note: this host is licensed for `{near}`: did you mean that? The desk can't correct a signed request"
        ));
    }
}

/// Warns of a host with too few components before the request leaves the site.
pub(super) fn of_weak_host(facts: &HostFacts, session: &mut Session) {
    let hardware = facts.components.kinds().filter(|kind| kind.is_hardware()).count();
    let is_container = matches!(facts.class, HostClass::Container(_));
    if is_container && facts.components.get(ComponentKind::Instance).is_empty() {
        session.screen.talk(
            "note: this container has no instance id (see airlatch id): the desk refuses it, unless it accepts a weak lock",
        );
    } else if facts.profile() == Profile::Hardware && hardware < ComponentKind::HARDWARE_NEEDED {
        session.screen.talk(&format!(
            "note: this host shows {hardware} components of hardware, where a lock needs {} (see airlatch id, as root): the desk refuses it, unless it accepts a weak lock",
            ComponentKind::HARDWARE_NEEDED
        ));
    }
}

/// Warns that the license will not hold for a product of another user, who may not read all components.
pub(super) fn of_restricted(home: &Home, root: &Path, session: &mut Session) -> Result<()> {
    let names: Vec<_> = home.restricted(root)?.into_iter().map(ComponentKind::name).collect();
    if !names.is_empty() {
        session.screen.talk(&format!(
            "note: not every user of this host may read: {}; if the product runs as another user than root, leave them out first: airlatch id --any-user",
            names.join(", ")
        ));
    }
    Ok(())
}
