//! What identifies a host: its hardware, or its settings if it is virtual.

use std::fmt;
use std::str::FromStr;

use super::{ComponentKind, Error, HostClass, Reason, Result};

/// Which components identify a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The hardware of a bare-metal host.
    Hardware,
    /// The settings of a virtual machine or a container, and of its network.
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

    /// The profile that these components belong to: the virtual one if any of them occurs only there.
    pub fn from_kinds(kinds: impl IntoIterator<Item = ComponentKind>) -> Self {
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
    /// The first label of its name.
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
    /// The MAC address of each card.
    Mac,
    /// The default gateway.
    Gateway,
    /// The DNS servers.
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
    noun: &str,
) -> Result<T> {
    all.into_iter().find(|one| word(*one) == text).ok_or_else(|| {
        let words = all.map(word).join(", ");
        Error::new(Reason::BadField, format!("`{text}` is no {noun}; there are {words}"))
    })
}

/// The operator's settings for identifying the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostIdentity {
    /// The profile; `None` chooses it by the class of the host.
    pub profile: Option<Profile>,
    /// The settings that make up the component `name`, sorted.
    pub host: Vec<HostSetting>,
    /// The settings that make up the component `net`, sorted.
    pub net: Vec<NetSetting>,
    /// The operator's id of this instance.
    pub instance: Option<String>,
    /// Components that not every user may read count as unreadable, for root too: the product runs as another user.
    pub any_user: bool,
}

impl Default for HostIdentity {
    fn default() -> Self {
        Self {
            profile: None,
            host: vec![HostSetting::HostName],
            net: vec![NetSetting::Mac],
            instance: None,
            any_user: false,
        }
    }
}

impl HostIdentity {
    /// The longest instance id, in characters.
    pub const MAX_INSTANCE_LENGTH: usize = 64;

    /// The environment variable that sets the instance id.
    pub const VARIABLE: &str = "AIRLATCH_INSTANCE";

    /// With the instance id from the environment, which has precedence over the stored one.
    #[must_use]
    pub fn with_instance(self, from_environment: Option<String>) -> Self {
        Self { instance: from_environment.or(self.instance), ..self }
    }

    /// The profile to use on a host of this class.
    pub fn profile(&self, class: &HostClass) -> Profile {
        let by_class = if *class == HostClass::BareMetal { Profile::Hardware } else { Profile::Virtual };
        self.profile.unwrap_or(by_class)
    }

    /// Checks an instance id: 1 to 64 printable ASCII characters, no blank at either end.
    ///
    /// # Errors
    /// `bad-field`.
    pub fn check_instance(text: &str) -> Result<()> {
        let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if printable && (1..=Self::MAX_INSTANCE_LENGTH).contains(&text.len()) && text.trim() == text {
            return Ok(());
        }
        let message = "an instance id is 1 to 64 printable ASCII characters, without a blank at either end";
        Err(Error::new(Reason::BadField, message))
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
    fn the_class_decides_if_no_profile_is_set() {
        let with = |profile| HostIdentity { profile, ..HostIdentity::default() };
        let container = HostClass::Container(String::new());
        for (identity, class, profile) in [
            (with(None), HostClass::BareMetal, Profile::Hardware),
            (with(None), HostClass::Virtual(String::new()), Profile::Virtual),
            (with(None), container.clone(), Profile::Virtual),
            (with(Some(Profile::Hardware)), container, Profile::Hardware),
            (with(Some(Profile::Virtual)), HostClass::BareMetal, Profile::Virtual),
        ] {
            assert_eq!(identity.profile(&class), profile, "{class:?}");
        }
    }
}
