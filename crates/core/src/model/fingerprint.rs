//! The hashed components behind a Locking ID, and how many of them have to match.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{ComponentKind, Error, Reason, Result};

/// The salt of every hash in a fingerprint. Each vendor and product has its own, so a precomputed table of hashes is of
/// use for one of them only.
pub type Salt = [u8; 16];

/// The first 16 bytes of a SHA-256 over salt, kind and value of a component.
pub type Hash16 = [u8; 16];

/// The salted hashes of a host's components; a kind that was absent has no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// The salt of the hashes.
    pub salt: Salt,
    /// One or more hashes for each kind, sorted.
    pub hashes: BTreeMap<ComponentKind, Vec<Hash16>>,
}

/// How many of several values of one component a host has to show, so that the component matches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ValueRule {
    /// One of them: licenses that don't say otherwise.
    #[default]
    Any,
    /// At least half of them, so that a request can't name the parts of many hosts.
    Half,
}

impl ValueRule {
    /// The rule for a new license. It is stated only where it makes a difference: half of two is one.
    pub fn for_new(fingerprint: &Fingerprint) -> Self {
        if fingerprint.hashes.values().any(|hashes| hashes.len() > 2) { Self::Half } else { Self::Any }
    }

    /// Whether a host that shows `found` of `all` values has the component.
    pub const fn is_met(self, found: usize, all: usize) -> bool {
        match self {
            Self::Any => found > 0,
            Self::Half => found > 0 && found >= all.div_ceil(2),
        }
    }
}

/// How many components have to match: all the required ones and at least `minimum` of the optional ones.
///
/// A component that was absent when the license was issued never matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tolerance {
    required: BTreeSet<ComponentKind>,
    optional: BTreeSet<ComponentKind>,
    minimum: usize,
}

impl Tolerance {
    /// A tolerance that some hosts meet, and not every host.
    ///
    /// # Errors
    /// `weak-lock` if nothing would have to match, if `minimum` is more than the optional kinds, or a kind is in both lists.
    pub fn new(
        required: impl IntoIterator<Item = ComponentKind>,
        optional: impl IntoIterator<Item = ComponentKind>,
        minimum: usize,
    ) -> Result<Self> {
        let tolerance = Self {
            required: required.into_iter().collect(),
            optional: optional.into_iter().collect(),
            minimum,
        };
        let weak = |message: String| Err(Error::new(Reason::WeakLock, message));
        if let Some(both) = tolerance.required.intersection(&tolerance.optional).next() {
            return weak(format!("`{both}` is both required and optional"));
        }
        if tolerance.required.is_empty() && minimum == 0 {
            return weak("nothing would have to match, so any host would do".into());
        }
        if minimum > tolerance.optional.len() {
            return weak(format!(
                "{minimum} of {} optional components can never match",
                tolerance.optional.len()
            ));
        }
        Ok(tolerance)
    }

    /// More than half of `kinds`: the default.
    ///
    /// # Errors
    /// `weak-lock` if `kinds` is empty.
    pub fn majority(kinds: impl IntoIterator<Item = ComponentKind>) -> Result<Self> {
        let optional: BTreeSet<_> = kinds.into_iter().collect();
        let minimum = optional.len() / 2 + 1;
        if optional.is_empty() {
            return Err(Error::new(Reason::WeakLock, "there is no component to lock to"));
        }
        Self::new([], optional, minimum)
    }

    /// The kinds that have to match.
    pub fn required(&self) -> &BTreeSet<ComponentKind> {
        &self.required
    }

    /// The kinds of which [`minimum`](Self::minimum) have to match.
    pub fn optional(&self) -> &BTreeSet<ComponentKind> {
        &self.optional
    }

    /// How many of the optional kinds have to match.
    pub fn minimum(&self) -> usize {
        self.minimum
    }

    /// Whether these matching kinds are enough.
    pub fn is_met_by(&self, matching: &BTreeSet<ComponentKind>) -> bool {
        self.required.is_subset(matching) && self.optional.intersection(matching).count() >= self.minimum
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |kinds: &BTreeSet<ComponentKind>| kinds.iter().map(|k| k.word()).collect::<Vec<_>>().join(", ");
        if !self.required.is_empty() {
            write!(f, "{}", list(&self.required))?;
        }
        if !self.required.is_empty() && !self.optional.is_empty() {
            f.write_str(" and ")?;
        }
        if !self.optional.is_empty() {
            write!(f, "{} of {}", self.minimum, list(&self.optional))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ComponentKind::*;
    use super::*;

    #[test]
    fn a_tolerance_that_fits_any_host_is_refused() {
        for (required, optional, minimum) in
            [(vec![], vec![Nic], 0), (vec![], vec![], 0), (vec![Os], vec![Nic], 2), (vec![Os], vec![Os], 1)]
        {
            assert_eq!(Tolerance::new(required, optional, minimum).unwrap_err().reason(), Reason::WeakLock);
        }
        assert!(Tolerance::majority([]).is_err());
    }

    #[test]
    fn half_of_several_values_is_enough() {
        for (all, needed) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (16, 8)] {
            for found in 0..=all {
                assert_eq!(ValueRule::Half.is_met(found, all), found >= needed, "{found} of {all}");
                assert_eq!(ValueRule::Any.is_met(found, all), found > 0, "{found} of {all}");
            }
        }
    }

    #[test]
    fn majority_is_more_than_half() {
        let minimum =
            |n: usize| Tolerance::majority(ComponentKind::ALL.into_iter().take(n)).unwrap().minimum();
        assert_eq!([1, 2, 3, 4, 5].map(minimum), [1, 2, 2, 3, 3]);
    }
}
