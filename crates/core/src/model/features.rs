//! The features of a license: switches that are on, and counts.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::fmt;
use std::str::FromStr;

use super::{Error, Place, Reason, Result};

/// The largest quantity of a feature: 2^53 - 1, the largest integer that every JSON reader keeps exact (RFC 8259, §6).
pub const MAX_QUANTITY: u64 = 9_007_199_254_740_991;

/// The most features one document may name.
pub const MAX_FEATURES: usize = 256;

/// The name of a feature: 1 to 64 of `A-Z a-z 0-9 . _ - + # @`, compared byte by byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeatureName(String);

impl FeatureName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FeatureName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = |message: String| Err(Error::new(Reason::BadField, message));
        if text.is_empty() || text.len() > 64 {
            return bad("the name of a feature has 1 to 64 characters".into());
        }
        match text.chars().find(|c| !c.is_ascii_alphanumeric() && !"._-+#@".contains(*c)) {
            Some(c) => bad(format!("`{c}` (U+{:04X}) isn't allowed in the name of a feature", u32::from(c))),
            None => Ok(Self(text.into())),
        }
    }
}

impl From<&FeatureName> for Place {
    fn from(name: &FeatureName) -> Self {
        Self::Name(name.to_string())
    }
}

impl fmt::Display for FeatureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much of a feature: a switch that is on, or a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// A switch that is on.
    On,
    /// A count, at least 1.
    Count(u64),
}

impl Quantity {
    /// A count from 1 to [`MAX_QUANTITY`].
    ///
    /// # Errors
    /// `bad-field` outside that range.
    pub fn count(number: u64) -> Result<Self> {
        if (1..=MAX_QUANTITY).contains(&number) {
            return Ok(Self::Count(number));
        }
        Err(Error::new(Reason::BadField, format!("a quantity must be 1 to {MAX_QUANTITY}, not {number}")))
    }

    /// The feature with its quantity, as people read it: `voicemail`, `sessions 100`.
    pub fn with_name(self, name: &FeatureName) -> String {
        match self {
            Self::On => name.to_string(),
            Self::Count(number) => format!("{name} {number}"),
        }
    }

    /// Whether this quantity is at least `wanted`. Any count covers `On`.
    pub fn covers(self, wanted: Self) -> bool {
        match (self, wanted) {
            (_, Self::On) => true,
            (Self::Count(held), Self::Count(wanted)) => held >= wanted,
            (Self::On, Self::Count(_)) => false,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On => f.write_str("on"),
            Self::Count(number) => number.fmt(f),
        }
    }
}

/// Features by name; at most [`MAX_FEATURES`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features(BTreeMap<FeatureName, Quantity>);

impl Features {
    /// Adds a feature.
    ///
    /// # Errors
    /// `bad-field` if it is a duplicate, or there are too many.
    pub fn add(&mut self, name: FeatureName, quantity: Quantity) -> Result<()> {
        if self.0.len() >= MAX_FEATURES {
            return Err(Error::new(Reason::BadField, format!("more than {MAX_FEATURES} features")));
        }
        match self.0.entry(name) {
            btree_map::Entry::Vacant(entry) => {
                entry.insert(quantity);
                Ok(())
            }
            btree_map::Entry::Occupied(entry) => {
                Err(Error::new(Reason::BadField, format!("feature `{}` is named twice", entry.key())))
            }
        }
    }

    /// The quantity of a feature.
    pub fn get(&self, name: &FeatureName) -> Option<Quantity> {
        self.0.get(name).copied()
    }

    /// Each feature with the larger quantity of both; it may name more than [`MAX_FEATURES`].
    #[must_use]
    pub fn larger(mut self, other: &Self) -> Self {
        for (name, quantity) in other.iter() {
            let held = self.0.entry(name.clone()).or_insert(quantity);
            *held = if held.covers(quantity) { *held } else { quantity };
        }
        self
    }

    /// The features of which `other` has less.
    #[must_use]
    pub fn beyond(&self, other: Option<&Self>) -> Self {
        let covers = |name: &FeatureName, held: Quantity| {
            other.and_then(|other| other.get(name)).is_some_and(|there| there.covers(held))
        };
        let more = self.iter().filter(|(name, held)| !covers(name, *held));
        Self(more.map(|(name, held)| (name.clone(), held)).collect())
    }

    /// All features, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&FeatureName, Quantity)> {
        self.0.iter().map(|(name, quantity)| (name, *quantity))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.iter().map(|(name, quantity)| quantity.with_name(name)).collect();
        f.write_str(&words.join(", "))
    }
}
