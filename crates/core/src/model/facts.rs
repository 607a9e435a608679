//! What a verdict knows of a host: its class, its components, and what it remembers.

use super::{Absence, ComponentKind, Components, HostClass, HostMemory, Profile, SiteSerial, SystemId};

/// Everything a verdict may depend on besides license and question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFacts {
    /// The installation, where it has a key of its own yet.
    pub system_id: Option<SystemId>,
    /// The site this installation was told it stands at.
    pub site: Option<SiteSerial>,
    /// What the hardware seems to be.
    pub class: HostClass,
    /// What identifies it.
    pub components: Components,
    /// Why the other components are absent.
    pub absent: Vec<(ComponentKind, Absence)>,
    /// What it remembers.
    pub memory: HostMemory,
}

impl HostFacts {
    /// A host of which nothing is known: real hardware for all anybody can tell, that shows nothing.
    pub fn unknown() -> Self {
        Self {
            system_id: None,
            site: None,
            class: HostClass::BareMetal,
            components: Components::default(),
            absent: Vec::new(),
            memory: HostMemory::default(),
        }
    }

    /// The profile by which it is told from others.
    pub fn profile(&self) -> Profile {
        Profile::of(self.components.kinds().chain(self.absent.iter().map(|(kind, _)| *kind)))
    }
}
