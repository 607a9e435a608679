//! The set of trusted keys.

use super::PublicKey;

/// The trusted keys, in the order of their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedSet(Vec<PublicKey>);

impl TrustedSet {
    /// A set of these keys, without duplicates.
    pub fn new(keys: impl IntoIterator<Item = PublicKey>) -> Self {
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        Self(keys)
    }

    /// The keys, in the order of their bytes.
    pub fn iter(&self) -> impl Iterator<Item = PublicKey> + '_ {
        self.0.iter().copied()
    }

    /// Whether this key is in the set.
    pub fn contains(&self, key: &PublicKey) -> bool {
        self.find(key.as_bytes()).is_some()
    }

    /// The key with these bytes, if it is in the set.
    pub(super) fn find(&self, bytes: &[u8; 32]) -> Option<PublicKey> {
        let at = self.0.binary_search_by(|key| key.as_bytes().cmp(bytes));
        at.ok().and_then(|at| self.0.get(at)).copied()
    }

    /// Whether no key is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<PublicKey> for TrustedSet {
    fn from_iter<I: IntoIterator<Item = PublicKey>>(keys: I) -> Self {
        Self::new(keys)
    }
}
