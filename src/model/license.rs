//! A desk's signed grant to one unit.

use super::{DocumentId, Features, Lock, Term, Time};

/// What one unit may do, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// When it was issued. Without a ledger that is midnight, UTC, of the day, so that issuing again on the same day gives
    /// the same bytes.
    pub issued: Time,
    /// The licensed product.
    pub product: String,
    /// Its version, where it matters.
    pub version: Option<String>,
    /// The vendor's license number, as it stands in a list of devices.
    pub number: Option<String>,
    /// Who bought it.
    pub customer: Option<String>,
    /// The vendor's order.
    pub order: Option<String>,
    /// Issued from a grant, not charged to any order.
    pub unmetered: bool,
    /// The request it answers.
    pub request: Option<DocumentId>,
    /// The hardware model it was issued for, where the product has models.
    pub model: Option<String>,
    /// From when to when `features` holds.
    pub term: Term,
    /// What it allows.
    pub features: Features,
    /// What it allows afterwards: each period begins where the one before ends. At most [`Period::MAX`].
    pub after: Vec<Period>,
    /// For how many days after its last end it still works.
    pub grace_days: u32,
    /// It may not move to another unit.
    pub not_transferable: bool,
    /// Where the ledger that it is charged in stood when it was issued.
    pub ledger: Option<LedgerMark>,
    /// What it is bound to.
    pub lock: Lock,
    /// Fields of a newer version, name and value as TOML; shown and otherwise ignored.
    pub unknown: Vec<(String, String)>,
}

impl License {
    /// Product and version, as people name them.
    pub fn title(&self) -> String {
        super::title(&self.product, self.version.as_deref())
    }
}

/// What a license allows after its first term has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The first second after it; `None` is permanent and only the last period's.
    pub until: Option<Time>,
    /// What it allows then; may be nothing, between two terms that don't meet.
    pub features: Features,
}

impl Period {
    /// The most periods one license may have after its first.
    pub const MAX: usize = 32;
}

/// The head of a ledger's chain: the proof of two files that a ledger was forked or put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerMark {
    /// The ledger: the first 16 bytes of the hash of its first entry.
    pub ledger: [u8; 16],
    /// The number of the last entry before this license's own; a later license of the same unit has a higher one.
    pub number: u64,
    /// The hash of that entry.
    pub hash: [u8; 32],
}
