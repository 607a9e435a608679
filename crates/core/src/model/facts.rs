//! What a verdict depends on at the host: its class, its components, and its memory.

use super::{
    Absence, ComponentKind, Components, HostClass, HostKind, HostMemory, Profile, SiteSerial, SystemId,
};

/// Everything a verdict may depend on besides the license and the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFacts {
    /// The installation; `None` as long as the host has no key.
    pub system_id: Option<SystemId>,
    /// The site configured for this installation.
    pub site: Option<SiteSerial>,
    /// Bare metal, virtual machine or container.
    pub class: HostClass,
    /// The components that were found.
    pub components: Components,
    /// The components that were not found, and why.
    pub absent: Vec<(ComponentKind, Absence)>,
    /// What the host remembers between runs.
    pub memory: HostMemory,
    /// What is stored of that, where the host can't store what it remembers now; `None` where it can.
    pub stored: Option<HostMemory>,
}

impl HostFacts {
    /// A host about which nothing is known: bare metal without components or memory.
    pub fn unknown() -> Self {
        Self {
            system_id: None,
            site: None,
            class: HostClass::BareMetal,
            components: Components::default(),
            absent: Vec::new(),
            memory: HostMemory::default(),
            stored: None,
        }
    }

    /// Whether nothing but one MAC is known: it is a device that was asked about, not this host. Of a host that was probed
    /// other components are present or known to be absent.
    pub fn is_device(&self) -> bool {
        let is_one_card =
            self.components.kinds().eq([ComponentKind::Nic]) && self.components.macs().count() == 1;
        is_one_card && self.system_id.is_none() && self.absent.is_empty()
    }

    /// The kind of host that its Locking ID tells.
    pub fn host_kind(&self) -> HostKind {
        match (self.profile(), &self.class) {
            (Profile::Hardware, _) => HostKind::BareMetal,
            (Profile::Virtual, HostClass::Container(_)) => HostKind::Container,
            (Profile::Virtual, _) => HostKind::VirtualMachine,
        }
    }

    /// The profile that identifies it.
    pub fn profile(&self) -> Profile {
        Profile::from_kinds(self.components.kinds().chain(self.absent.iter().map(|(kind, _)| *kind)))
    }
}
