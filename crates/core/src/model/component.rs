//! The components that identify a host, why one may be absent, and the class of a host.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Error, Mac, Reason, Result};

/// A property that identifies a host: an id, a serial number or a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentKind {
    /// The id the operating system gave itself when it was installed.
    Os = 0,
    /// The UUID of the machine in its firmware.
    System = 1,
    /// The serial number of the main board.
    Board = 2,
    /// The permanent MAC address of a physical network card.
    Nic = 3,
    /// The serial number of the disk that holds the system.
    Disk = 4,
    /// The settings of a virtual host that identify it: its name, and others if configured.
    Name = 5,
    /// The network settings of a virtual host that identify it: a card's MAC address, and others if configured.
    Net = 6,
    /// The instance id that the operator gave a virtual host.
    Instance = 7,
}

impl ComponentKind {
    /// All kinds, in order.
    pub const ALL: [Self; 8] =
        [Self::Os, Self::System, Self::Board, Self::Nic, Self::Disk, Self::Name, Self::Net, Self::Instance];

    /// The components of a bare-metal host, in the order of the groups of its Locking ID.
    pub const HARDWARE: [Self; 5] = [Self::Os, Self::System, Self::Board, Self::Nic, Self::Disk];

    /// The components of a virtual machine or a container, in the order of the groups of its Locking ID.
    pub const VIRTUAL: [Self; 5] = [Self::Os, Self::System, Self::Name, Self::Net, Self::Instance];

    /// How many components of hardware a physical machine has to show, so that its lock is not weak.
    pub const HARDWARE_NEEDED: usize = 3;

    /// Whether it is part of the hardware: not set by an operating system, an operator or a network.
    pub const fn is_hardware(self) -> bool {
        matches!(self, Self::System | Self::Board | Self::Nic | Self::Disk)
    }

    /// Its group in a Locking ID, counted from 0. Two kinds that share a group never occur on the same host.
    pub const fn group(self) -> usize {
        match self {
            Self::Os => 0,
            Self::System => 1,
            Self::Board | Self::Name => 2,
            Self::Nic | Self::Net => 3,
            Self::Disk | Self::Instance => 4,
        }
    }

    /// The most values of this kind that one host may have: a request with more would get one license for several hosts.
    pub const fn max_values(self) -> usize {
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

    /// The name people use.
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

/// Why a host has no usable value of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// The system has none.
    Missing,
    /// The manufacturer's filler text, or a constant: the value.
    Placeholder(String),
    /// This user has no permission to read it.
    Denied,
    /// It is shared with other containers: the name of its owner.
    Shared(&'static str),
    /// The system generates a new value at each start: the name of the value.
    Volatile(String),
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
            Self::Volatile(name) => write!(f, "{name} changes at each start"),
            Self::Unreadable(cause) => write!(f, "it can't be read: {cause}"),
        }
    }
}

/// The usable components of a host: for each kind one or more values in the canonical form of the specification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Components(BTreeMap<ComponentKind, Vec<String>>);

impl Components {
    /// Adds a value. Empty and repeated values are dropped; the order of adding has no effect.
    pub fn add(&mut self, kind: ComponentKind, value: impl Into<String>) {
        let value = value.into();
        let values = self.0.entry(kind).or_default();
        if let Err(index) = values.binary_search(&value)
            && !value.is_empty()
        {
            values.insert(index, value);
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

/// What kind of machine a host seems to be, with the evidence. It is a guess, not a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostClass {
    /// Real hardware: no evidence of a virtual machine or a container was found.
    BareMetal,
    /// A virtual machine: the evidence.
    Virtual(String),
    /// A container: the evidence.
    Container(String),
}

impl HostClass {
    /// Every word in files.
    pub const WORDS: [&str; 3] = ["bare-metal", "virtual", "container"];

    /// The word in files.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::BareMetal => "bare-metal",
            Self::Virtual(_) => "virtual",
            Self::Container(_) => "container",
        }
    }

    /// The evidence; `None` for bare metal.
    pub fn evidence(&self) -> Option<&str> {
        match self {
            Self::BareMetal => None,
            Self::Virtual(evidence) | Self::Container(evidence) => Some(evidence),
        }
    }
}
