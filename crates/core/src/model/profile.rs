//! How a host is told from others: by its hardware, or by its settings where it has none of its own.

use std::fmt;
use std::str::FromStr;

use super::{Cause, ComponentKind, Error, HostClass, Reason, Result};

/// Which components identify a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Those of a machine of its own.
    Hardware,
    /// Those of a virtual machine or a container: what its host and network are set to.
    Virtual,
}

impl Profile {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Virtual => "virtual",
        }
    }

    /// Its components, in the order of the groups of a Locking ID.
    pub const fn kinds(self) -> [ComponentKind; 5] {
        match self {
            Self::Hardware => ComponentKind::HARDWARE,
            Self::Virtual => ComponentKind::VIRTUAL,
        }
    }

    /// The one that these components are of: the virtual one as soon as one of them is of it alone.
    pub fn of(kinds: impl IntoIterator<Item = ComponentKind>) -> Self {
        let is_virtual = |kind| !ComponentKind::HARDWARE.contains(&kind);
        if kinds.into_iter().any(is_virtual) { Self::Virtual } else { Self::Hardware }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Profile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of([Self::Hardware, Self::Virtual], Self::word, text, "profile")
    }
}

/// A setting of the host that makes up its component `name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostSetting {
    /// The first part of its name.
    HostName,
    /// Its time zone.
    TimeZone,
    /// The domain it is in.
    Domain,
}

impl HostSetting {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HostName => "host-name",
            Self::TimeZone => "time-zone",
            Self::Domain => "domain",
        }
    }
}

impl FromStr for HostSetting {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of([Self::HostName, Self::TimeZone, Self::Domain], Self::word, text, "setting of a host")
    }
}

/// A setting of the network that makes up the component `net`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetSetting {
    /// The address of each card.
    Mac,
    /// The way out of the network.
    Gateway,
    /// Who is asked for names.
    Resolver,
}

impl NetSetting {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mac => "mac",
            Self::Gateway => "gateway",
            Self::Resolver => "resolver",
        }
    }
}

impl FromStr for NetSetting {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of([Self::Mac, Self::Gateway, Self::Resolver], Self::word, text, "setting of a network")
    }
}

fn one_of<T: Copy, const N: usize>(
    all: [T; N],
    word: fn(T) -> &'static str,
    text: &str,
    what: &str,
) -> Result<T> {
    all.into_iter().find(|one| word(*one) == text).ok_or_else(|| {
        let words = all.map(word).join(", ");
        Error::new(Reason::BadField, format!("`{text}` is no {what}; there are {words}"))
    })
}

/// What the operator decided about how the host is told from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostIdentity {
    /// The profile; `None` leaves it to what the host seems to be.
    pub profile: Option<Profile>,
    /// What makes up `name`, sorted.
    pub host: Vec<HostSetting>,
    /// What makes up `net`, sorted.
    pub net: Vec<NetSetting>,
    /// The operator's own id of this instance, as it was given.
    pub instance: Option<String>,
}

impl Default for HostIdentity {
    fn default() -> Self {
        Self { profile: None, host: vec![HostSetting::HostName], net: vec![NetSetting::Mac], instance: None }
    }
}

impl HostIdentity {
    /// The longest instance id, in characters.
    pub const LONGEST: usize = 64;

    /// The environment variable that names one.
    pub const VARIABLE: &str = "AIRLATCH_INSTANCE";

    /// With the instance id that the environment names, which goes before the one that is kept.
    #[must_use]
    pub fn with_instance(self, named: Option<String>) -> Self {
        Self { instance: named.or(self.instance), ..self }
    }

    /// Whether the environment names a usable instance id, or none.
    ///
    /// # Errors
    /// `bad-field`, at [`VARIABLE`](Self::VARIABLE).
    pub fn check_named(named: Option<&str>) -> Result<()> {
        named
            .map_or(Ok(()), Self::check_instance)
            .map_err(|error| error.at(Self::VARIABLE).because(Cause::InstanceVariable))
    }

    /// The profile of a host of this class.
    pub fn profile(&self, class: &HostClass) -> Profile {
        let by_class = if *class == HostClass::BareMetal { Profile::Hardware } else { Profile::Virtual };
        self.profile.unwrap_or(by_class)
    }

    /// Whether a text can be an instance id: 1 to 64 printable ASCII characters, no blank at either end.
    ///
    /// # Errors
    /// `bad-field`.
    pub fn check_instance(text: &str) -> Result<()> {
        let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if printable && (1..=Self::LONGEST).contains(&text.len()) && text.trim() == text {
            return Ok(());
        }
        let what = "an instance id is 1 to 64 printable ASCII characters, without a blank at either end";
        Err(Error::new(Reason::BadField, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_id_has_its_form() {
        for good in ["1", "pbx-3", "site 4 / node 2", "~", &"x".repeat(64)] {
            assert_eq!(HostIdentity::check_instance(good), Ok(()), "{good:?}");
        }
        for bad in ["", " ", " a", "a ", "a\tb", "a\n", "ä", "\u{7f}", &"x".repeat(65)] {
            assert!(HostIdentity::check_instance(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_class_decides_where_nobody_else_does() {
        let said = |profile| HostIdentity { profile, ..HostIdentity::default() };
        let container = HostClass::Container(String::new());
        for (identity, class, profile) in [
            (said(None), HostClass::BareMetal, Profile::Hardware),
            (said(None), HostClass::Virtual(String::new()), Profile::Virtual),
            (said(None), container.clone(), Profile::Virtual),
            (said(Some(Profile::Hardware)), container, Profile::Hardware),
            (said(Some(Profile::Virtual)), HostClass::BareMetal, Profile::Virtual),
        ] {
            assert_eq!(identity.profile(&class), profile, "{class:?}");
        }
    }
}
