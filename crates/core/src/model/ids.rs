//! The ids of installations, hardware, keys, orders, sites and documents: one type for each kind of typed code.

use std::fmt;
use std::str::FromStr;

use super::{Code, CodeKind, ComponentKind, Error, Place, Profile, Result};

macro_rules! id {
    ($(#[doc = $doc:literal])+ $name:ident, $kind:ident) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Code);

        impl $name {
            /// The id made of the first 100 bits of a digest.
            pub fn from_digest(digest: &[u8; 32]) -> Self {
                Self(Code::from_digest(CodeKind::$kind, digest))
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                Code::parse(text, CodeKind::$kind).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// Names an installation: made from the host's public key, so it survives a change of hardware.
    SystemId, System
);
id!(
    /// Names the hardware an installation runs on, or the settings of a virtual host: one group for each component, in the
    /// order of [`Profile::kinds`].
    LockingId, Locking
);
id!(
    /// Names a public key.
    KeyId, Key
);
id!(
    /// The authorization code printed for an order.
    OrderCode, Order
);
id!(
    /// Names a site all of whose devices share a license.
    SiteSerial, Site
);
id!(
    /// Names a sealed document: made from its bytes, so it is the same in every copy.
    DocumentId, Document
);

impl From<OrderCode> for Place {
    fn from(code: OrderCode) -> Self {
        Self::Code(code.to_string())
    }
}

/// What kind of host a Locking ID is of: its check characters say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// A host identified by its hardware; in an id made before ids told their kind, any host.
    BareMetal,
    /// A virtual machine, identified by its settings.
    VirtualMachine,
    /// A container, identified by its settings.
    Container,
}

impl HostKind {
    /// The name people use, with its article.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BareMetal => "a bare-metal host",
            Self::VirtualMachine => "a virtual machine",
            Self::Container => "a container",
        }
    }

    const fn code_kind(self) -> CodeKind {
        match self {
            Self::BareMetal => CodeKind::Locking,
            Self::VirtualMachine => CodeKind::VirtualLocking,
            Self::Container => CodeKind::ContainerLocking,
        }
    }
}

impl LockingId {
    /// A Locking ID of hardware, from one 20-bit value for each component, 0 for one that is absent.
    pub fn from_groups(groups: [u32; 5]) -> Self {
        Self::of_host(HostKind::BareMetal, groups)
    }

    /// A Locking ID of a host of this kind.
    pub fn of_host(kind: HostKind, groups: [u32; 5]) -> Self {
        Self(Code::from_groups(kind.code_kind(), groups))
    }

    /// The kind of host it is of.
    pub fn host_kind(&self) -> HostKind {
        match self.0.kind() {
            CodeKind::VirtualLocking => HostKind::VirtualMachine,
            CodeKind::ContainerLocking => HostKind::Container,
            _ => HostKind::BareMetal,
        }
    }

    /// The same groups, as they were written before ids told their kind of host: so they stand in older licenses and ledgers.
    #[must_use]
    pub fn without_kind(&self) -> Self {
        Self::from_groups(self.0.groups())
    }

    /// The profile that it tells; `None` if it is of hardware, or was made before ids told it.
    pub fn told_profile(&self) -> Option<Profile> {
        (self.host_kind() != HostKind::BareMetal).then_some(Profile::Virtual)
    }

    /// The 20 bits of a component; `None` if it was absent, or is none of its kind of host.
    pub fn group(&self, kind: ComponentKind) -> Option<u32> {
        let is_of_host = self.told_profile().is_none_or(|profile| profile.kinds().contains(&kind));
        Some(self.0.groups()[kind.group()]).filter(|bits| *bits != 0 && is_of_host)
    }

    /// Whether it names nothing: the host it is of shows no component, so it is the id of no hardware.
    pub fn is_empty(&self) -> bool {
        self.0.groups() == [0; 5]
    }

    /// As people read it: `none` if it names nothing.
    pub fn shown(&self) -> String {
        if self.is_empty() { "none".into() } else { self.to_string() }
    }

    /// The components this id was made from.
    pub fn components(&self) -> impl Iterator<Item = ComponentKind> + '_ {
        let profile = self.told_profile().unwrap_or(Profile::Hardware);
        profile.kinds().into_iter().filter(|kind| self.group(*kind).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locking_id_tells_its_kind_of_host_and_an_old_one_is_still_read() {
        for kind in [HostKind::BareMetal, HostKind::VirtualMachine, HostKind::Container] {
            let id = LockingId::of_host(kind, [1, 2, 3, 4, 0]);
            let read: LockingId = id.to_string().to_lowercase().parse().unwrap();
            assert_eq!((read, read.host_kind()), (id, kind));
            assert_eq!(id.without_kind(), LockingId::from_groups([1, 2, 3, 4, 0]));
            let third = |kind| id.group(kind);
            let (board, name) = (third(ComponentKind::Board), third(ComponentKind::Name));
            match kind {
                // Before ids told their kind, those of virtual hosts were written this way too.
                HostKind::BareMetal => assert_eq!((board, name), (Some(3), Some(3))),
                _ => assert_eq!((board, name), (None, Some(3))),
            }
            assert_eq!(id.components().count(), 4);
        }
        assert!(LockingId::of_host(HostKind::Container, [0; 5]).is_empty());
    }
}
