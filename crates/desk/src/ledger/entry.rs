//! An entry: one act with its transfers, sealed into the chain by its hash.

use sha2::{Digest, Sha256};

use airlatch_core::model::{DocumentId, FeatureName, LedgerMark, Time};

use super::{Act, Holder};

/// So many of an article from one holder to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// What moves: a feature, or a step of a level.
    pub article: FeatureName,
    /// How many; 1 to [`MAX_QUANTITY`](airlatch_core::model::MAX_QUANTITY).
    pub quantity: u64,
    /// Who gives.
    pub from: Holder,
    /// Who takes.
    pub to: Holder,
}

/// An entry that isn't in the chain yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When; an entry is never earlier than the one before it.
    pub time: Time,
    /// Who did it, as the desk names the person or job.
    pub actor: String,
    /// What was done.
    pub act: Act,
    /// What moved.
    pub transfers: Vec<Transfer>,
    /// The license it pays for, or the receipt or clock reset it is about: its id and its sealed bytes.
    pub sealed: Option<(DocumentId, Vec<u8>)>,
}

/// An entry in the chain; never changed, never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number: 1 for the first, then one by one.
    pub number: u64,
    /// When.
    pub time: Time,
    /// Who.
    pub actor: String,
    /// What was done.
    pub act: Act,
    /// What moved.
    pub transfers: Vec<Transfer>,
    /// The document stored with it: the license it pays for, or the receipt or clock reset it is about.
    pub license: Option<LicenseRef>,
    /// The hash of the entry before; zeros for the first.
    pub previous: [u8; 32],
    /// The hash over all of the above.
    pub hash: [u8; 32],
}

impl Entry {
    /// The head of a chain that ends with this entry.
    pub fn head(&self) -> Head {
        Head { number: self.number, hash: self.hash, time: Some(self.time) }
    }
}

/// A license as an entry names it: by its id, and by the SHA-256 of its sealed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseRef {
    /// Its id.
    pub id: DocumentId,
    /// SHA-256 of the sealed bytes.
    pub digest: [u8; 32],
}

impl LicenseRef {
    /// The reference to a license with these sealed bytes.
    pub fn of(id: DocumentId, sealed: &[u8]) -> Self {
        Self { id, digest: Sha256::digest(sealed).into() }
    }

    /// Whether these are the bytes it means.
    pub fn fits(&self, sealed: &[u8]) -> bool {
        Self::of(self.id, sealed) == *self
    }
}

/// The end of the chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 for an empty ledger.
    pub number: u64,
    /// Its hash; zeros for an empty ledger.
    pub hash: [u8; 32],
    /// When it was made.
    pub time: Option<Time>,
}

impl Head {
    /// The mark that a license carries, in the ledger `ledger`.
    pub fn mark(&self, ledger: [u8; 16]) -> LedgerMark {
        LedgerMark { ledger, number: self.number, hash: self.hash }
    }
}

/// How much of an article somebody holds; only the source is below zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Who.
    pub holder: Holder,
    /// What.
    pub article: FeatureName,
    /// How many.
    pub quantity: i64,
}

/// A license as it was issued: its bytes, from which the same file can be made for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLicense {
    /// Its id.
    pub id: DocumentId,
    /// The entry that paid for it.
    pub entry: u64,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}
