//! Entries, transfers, balances and stored documents of the ledger.

use sha2::{Digest, Sha256};

use airlatch_core::model::{DocumentId, FeatureName, LedgerMark, OrderCode, Time};

use super::{Act, Holder};

/// A quantity of an article that moves from one holder to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The article: a feature, or a step of a level.
    pub article: FeatureName,
    /// The quantity, 1 to [`MAX_QUANTITY`](airlatch_core::model::MAX_QUANTITY).
    pub quantity: u64,
    /// The giver.
    pub from: Holder,
    /// The taker.
    pub to: Holder,
}

impl Transfer {
    /// The transfer that undoes this one.
    pub(crate) fn back(&self) -> Self {
        Self { from: self.to, to: self.from, ..self.clone() }
    }
}

/// An entry that isn't posted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The time; never earlier than that of the entry before.
    pub time: Time,
    /// The person or job, 1 to 100 characters.
    pub actor: String,
    /// What was done.
    pub act: Act,
    /// What moved.
    pub transfers: Vec<Transfer>,
    /// The document stored with it, a license, release receipt or clock reset: its id and sealed bytes.
    pub sealed: Option<(DocumentId, Vec<u8>)>,
}

/// An entry of the chain; never changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number, consecutive from 1.
    pub number: u64,
    /// The time.
    pub time: Time,
    /// The person or job.
    pub actor: String,
    /// What was done.
    pub act: Act,
    /// What moved.
    pub transfers: Vec<Transfer>,
    /// The document stored with it: a license, release receipt or clock reset.
    pub license: Option<LicenseRef>,
    /// The hash of the entry before; zeros for the first.
    pub previous: [u8; 32],
    /// The hash of all fields above.
    pub hash: [u8; 32],
}

impl Entry {
    /// The head of a chain that ends with this entry.
    pub fn head(&self) -> Head {
        Head { number: self.number, hash: self.hash, time: Some(self.time) }
    }

    /// Whether something came back to this code from a unit.
    pub(crate) fn returns_to(&self, code: OrderCode) -> bool {
        let returns = |it: &Transfer| it.to == Holder::Pool(code) && matches!(it.from, Holder::Unit(..));
        self.transfers.iter().any(returns)
    }
}

/// The reference of an entry to its document: id and SHA-256 of the sealed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseRef {
    /// Its id.
    pub id: DocumentId,
    /// SHA-256 of the sealed bytes.
    pub digest: [u8; 32],
}

impl LicenseRef {
    /// The reference to a document with these sealed bytes.
    pub fn of(id: DocumentId, sealed: &[u8]) -> Self {
        Self { id, digest: Sha256::digest(sealed).into() }
    }

    /// Whether these are the bytes it refers to.
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
    /// Its time.
    pub time: Option<Time>,
}

impl Head {
    /// The mark of this head for a license; `ledger` is the id of the ledger.
    pub fn mark(&self, ledger: [u8; 16]) -> LedgerMark {
        LedgerMark { ledger, number: self.number, hash: self.hash }
    }
}

/// How much of an article a holder has; only that of the source is negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The holder.
    pub holder: Holder,
    /// The article.
    pub article: FeatureName,
    /// The quantity.
    pub quantity: i64,
}

/// A stored license; the same file can be written from its bytes at any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLicense {
    /// Its id.
    pub id: DocumentId,
    /// The number of its entry.
    pub entry: u64,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}
