//! What a license is bound to, and the unit it is for.

use std::fmt;
use std::str::FromStr;

use super::{
    Error, Fingerprint, LockingId, Mac, Place, Reason, Result, SiteSerial, Subject, SystemId, Tolerance,
    ValueRule,
};

/// What has to match on a host for a license to be valid there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// The hashed components from the host's request, as many as the tolerance says.
    Fingerprint {
        /// The installation that made the request.
        system_id: SystemId,
        /// The same hardware, as people read it.
        locking_id: LockingId,
        /// The hashes.
        fingerprint: Fingerprint,
        /// How many have to match.
        tolerance: Tolerance,
        /// How many of several values of one component have to be there.
        values: ValueRule,
    },
    /// The groups of a typed Locking ID, as many as the tolerance says.
    LockingId {
        /// The hardware.
        locking_id: LockingId,
        /// How many groups have to match.
        tolerance: Tolerance,
    },
    /// The installation, whatever hardware it runs on.
    SystemId(SystemId),
    /// A network card.
    Mac(Mac),
    /// Any device at the site.
    Site(SiteSerial),
    /// Any host, for this many days after the first installation: the activation period.
    Starter(u32),
}

impl Lock {
    /// The word in files: `fingerprint`, `locking-id`, `system-id`, `mac`, `site`, `starter`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fingerprint { .. } => "fingerprint",
            Self::LockingId { .. } => "locking-id",
            Self::SystemId(_) => "system-id",
            Self::Mac(_) => "mac",
            Self::Site(_) => "site",
            Self::Starter(_) => "starter",
        }
    }

    /// The unit the license is for; `None` if it is for any host.
    pub fn unit(&self) -> Option<Unit> {
        Some(match self {
            Self::Fingerprint { system_id, .. } | Self::SystemId(system_id) => Unit::Host(*system_id),
            Self::LockingId { locking_id, .. } => Unit::Hardware(*locking_id),
            Self::Mac(mac) => Unit::Device(*mac),
            Self::Site(site) => Unit::Site(*site),
            Self::Starter(_) => return None,
        })
    }

    /// The Locking ID it is bound to: hardware, or the settings of a virtual host.
    pub fn hardware(&self) -> Option<LockingId> {
        match self {
            Self::Fingerprint { locking_id, .. } | Self::LockingId { locking_id, .. } => Some(*locking_id),
            Self::SystemId(_) | Self::Mac(_) | Self::Site(_) | Self::Starter(_) => None,
        }
    }

    /// The unit the license is for, as people read it.
    pub fn unit_name(&self) -> String {
        self.unit().map_or_else(|| "any host, for its first days".into(), |unit| unit.to_string())
    }
}

/// What a license can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// An installation.
    Host(SystemId),
    /// Hardware, known by its Locking ID only.
    Hardware(LockingId),
    /// A device.
    Device(Mac),
    /// All devices of a site.
    Site(SiteSerial),
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(id) => write!(f, "host {id}"),
            Self::Hardware(id) => write!(f, "hardware {id}"),
            Self::Device(mac) => write!(f, "device {mac}"),
            Self::Site(serial) => write!(f, "site {serial}"),
        }
    }
}

impl Unit {
    /// The key of the unit in a ledger: `host:ID`, `hardware:ID`, `device:` and twelve digits, `site:SERIAL`.
    pub fn key(&self) -> String {
        match self {
            Self::Host(id) => format!("host:{id}"),
            Self::Hardware(id) => format!("hardware:{id}"),
            Self::Device(mac) => format!("device:{}", mac.bare()),
            Self::Site(serial) => format!("site:{serial}"),
        }
    }
}

impl From<Unit> for Place {
    fn from(unit: Unit) -> Self {
        Self::Unit(unit.to_string())
    }
}

impl From<Unit> for Subject {
    fn from(unit: Unit) -> Self {
        Self::Unit(match unit {
            Unit::Host(id) => id.to_string(),
            Unit::Hardware(id) => id.to_string(),
            Unit::Device(mac) => mac.to_string(),
            Unit::Site(serial) => serial.to_string(),
        })
    }
}

impl FromStr for Unit {
    type Err = Error;

    /// Reads what [`key`](Unit::key) writes.
    fn from_str(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("host", id)) => id.parse().map(Self::Host),
            Some(("hardware", id)) => id.parse().map(Self::Hardware),
            Some(("device", mac)) => mac.parse().map(Self::Device),
            Some(("site", serial)) => serial.parse().map(Self::Site),
            _ => Err(Error::new(Reason::BadField, format!("`{text}` is not the key of a unit"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read_back_from_its_key() {
        let digest = [7; 32];
        for unit in [
            Unit::Host(SystemId::from_digest(&digest)),
            Unit::Hardware(LockingId::from_groups([1, 2, 3, 4, 5])),
            Unit::Device(Mac([0, 4, 0xf1, 0x14, 0x4b, 0xd4])),
            Unit::Site(SiteSerial::from_digest(&digest)),
        ] {
            assert_eq!(unit.key().parse(), Ok(unit));
        }
        assert!("host".parse::<Unit>().is_err());
        assert!("rack:1".parse::<Unit>().is_err());
    }
}
