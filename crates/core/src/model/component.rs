//! What a host shows of itself: its components, and why one is absent.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Error, Mac, Reason, Result};

/// A part of a host that tells it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentKind {
    /// The id the operating system gave itself when it was installed.
    Os = 0,
    /// The UUID of the machine in its firmware.
    System = 1,
    /// The serial number of the main board.
    Board = 2,
    /// The burnt-in address of a physical network card.
    Nic = 3,
    /// The serial number of the disk that holds the system.
    Disk = 4,
    /// The host's name, and what else of its own settings takes part; on virtual hosts.
    Name = 5,
    /// A network card as a virtual host was given it, and what else of its network settings takes part.
    Net = 6,
    /// The id the operator gave this instance; on virtual hosts.
    Instance = 7,
}

impl ComponentKind {
    /// All kinds, in order.
    pub const ALL: [Self; 8] =
        [Self::Os, Self::System, Self::Board, Self::Nic, Self::Disk, Self::Name, Self::Net, Self::Instance];

    /// Those that a machine of its own shows, in the order of the groups of its Locking ID.
    pub const HARDWARE: [Self; 5] = [Self::Os, Self::System, Self::Board, Self::Nic, Self::Disk];

    /// Those that a virtual machine or a container shows, in the order of the groups of its Locking ID.
    pub const VIRTUAL: [Self; 5] = [Self::Os, Self::System, Self::Name, Self::Net, Self::Instance];

    /// The group of a Locking ID that it has, from 0; of two kinds with the same group a host shows one.
    pub const fn group(self) -> usize {
        match self {
            Self::Os => 0,
            Self::System => 1,
            Self::Board | Self::Name => 2,
            Self::Nic | Self::Net => 3,
            Self::Disk | Self::Instance => 4,
        }
    }

    /// The most values of this kind that one host has: a request with more would be a license for several hosts.
    pub const fn most(self) -> usize {
        match self {
            Self::Os | Self::System | Self::Board | Self::Name | Self::Instance => 1,
            Self::Nic | Self::Disk | Self::Net => 16,
        }
    }

    /// The word in files and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Os => "os",
            Self::System => "system",
            Self::Board => "board",
            Self::Nic => "nic",
            Self::Disk => "disk",
            Self::Name => "name",
            Self::Net => "net",
            Self::Instance => "instance",
        }
    }

    /// What it is, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Os => "operating system id",
            Self::System => "system UUID",
            Self::Board => "main board serial",
            Self::Nic => "network card",
            Self::Disk => "system disk serial",
            Self::Name => "host name",
            Self::Net => "virtual network card",
            Self::Instance => "instance id",
        }
    }
}

impl fmt::Display for ComponentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for ComponentKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == text).ok_or_else(|| {
            let words = Self::ALL.map(Self::word).join(", ");
            Error::new(Reason::BadField, format!("`{text}` is no component; there are {words}"))
        })
    }
}

/// Why a host shows no usable value of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// The system has none.
    Missing,
    /// It holds a maker's filler text or a constant, named here.
    Placeholder(String),
    /// This user may not read it.
    Denied,
    /// It belongs to what is named here, which other containers share.
    Shared(&'static str),
    /// The system makes it up anew at each start: what is named here.
    Passing(String),
    /// It can't be read: the cause.
    Unreadable(String),
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is none"),
            Self::Placeholder(value) => write!(f, "`{value}` is a placeholder"),
            Self::Denied => f.write_str("this user may not read it"),
            Self::Shared(owner) => write!(f, "it belongs to {owner}, which other containers share"),
            Self::Passing(what) => write!(f, "{what} is another one after each start"),
            Self::Unreadable(cause) => write!(f, "it can't be read: {cause}"),
        }
    }
}

/// The usable components of a host: for each kind one or more values in the canonical form of the specification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Components(BTreeMap<ComponentKind, Vec<String>>);

impl Components {
    /// Adds a value; empty and repeated ones are dropped, and the order in which they came has no effect.
    pub fn add(&mut self, kind: ComponentKind, value: impl Into<String>) {
        let value = value.into();
        let values = self.0.entry(kind).or_default();
        if let Err(place) = values.binary_search(&value)
            && !value.is_empty()
        {
            values.insert(place, value);
        }
        self.0.retain(|_, values| !values.is_empty());
    }

    /// The values of a kind, sorted; empty when it is absent.
    pub fn get(&self, kind: ComponentKind) -> &[String] {
        self.0.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The kinds that are present, in order.
    pub fn kinds(&self) -> impl Iterator<Item = ComponentKind> + '_ {
        self.0.keys().copied()
    }

    /// The physical addresses of this host's network cards.
    pub fn macs(&self) -> impl Iterator<Item = Mac> + '_ {
        self.get(ComponentKind::Nic).iter().filter_map(|text| text.parse().ok())
    }
}

/// What kind of machine a host seems to be, with the evidence: it is information, never proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostClass {
    /// Nothing speaks against real hardware.
    BareMetal,
    /// A virtual machine; the evidence.
    Virtual(String),
    /// A container; the evidence.
    Container(String),
}

impl HostClass {
    /// The word in files.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::BareMetal => "bare-metal",
            Self::Virtual(_) => "virtual",
            Self::Container(_) => "container",
        }
    }

    /// What speaks for it, if anything.
    pub fn evidence(&self) -> Option<&str> {
        match self {
            Self::BareMetal => None,
            Self::Virtual(evidence) | Self::Container(evidence) => Some(evidence),
        }
    }
}
