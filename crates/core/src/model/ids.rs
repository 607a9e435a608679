//! The ids of installations, hardware, keys, orders, sites and documents: one type for each kind of typed code.

use std::fmt;
use std::str::FromStr;

use super::{Code, CodeKind, ComponentKind, Error, Place, Result};

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
    /// Names the hardware an installation runs on: one group for each component, in the order of [`ComponentKind`].
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

impl LockingId {
    /// A Locking ID from one 20-bit value for each component, 0 for one that is absent.
    pub fn from_groups(groups: [u32; 5]) -> Self {
        Self(Code::from_groups(CodeKind::Locking, groups))
    }

    /// The 20 bits of a component; `None` if it was absent.
    pub fn group(&self, kind: ComponentKind) -> Option<u32> {
        Some(self.0.groups()[kind.group()]).filter(|bits| *bits != 0)
    }

    /// Whether it names nothing: the host it was made on shows no component, so it is the id of no hardware.
    pub fn is_empty(&self) -> bool {
        self.0.groups() == [0; 5]
    }

    /// As people read it: `none` if it names nothing.
    pub fn shown(&self) -> String {
        if self.is_empty() { "none".into() } else { self.to_string() }
    }

    /// The components this id was made from, if it is the id of a bare-metal host.
    pub fn components(&self) -> impl Iterator<Item = ComponentKind> + '_ {
        ComponentKind::HARDWARE.into_iter().filter(|kind| self.group(*kind).is_some())
    }
}
