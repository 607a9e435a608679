//! What a host remembers between runs, and the documents that carry it, repair it and give a license back.

use std::collections::BTreeMap;

use super::{DocumentId, License, Lock, SystemId, Time};

/// What a host remembers between runs; a verdict may depend on it, nothing else of an earlier run counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostMemory {
    /// The latest time that is known to have been: by this host's clock, or by something signed. `None` where nothing is
    /// remembered.
    pub latest: Option<Time>,
    /// When it was noticed that what was remembered is gone. What a license from before counts here is used up, and no
    /// activation period begins until a license holds here that was issued since.
    pub lost: Option<Time>,
    /// The licenses that have held here, with what each has used up of its days after a change of hardware.
    pub drifts: BTreeMap<DocumentId, Drift>,
    /// When each product was first installed here: its activation period counts from then.
    pub starts: BTreeMap<String, Time>,
    /// What was given back: it holds here no more.
    pub released: Vec<ReleasedLicense>,
}

/// How long a license has been working on hardware that changed too much.
///
/// Ordered by what was used, then by the last look: of two copies the larger one is the later.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// In seconds, all in all, of all the times.
    pub used: i64,
    /// When it was last seen so; `None` when the hardware was fine at the last look.
    pub last: Option<Time>,
}

/// A license that this host gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedLicense {
    /// The license.
    pub license: DocumentId,
    /// Its product.
    pub product: String,
    /// The ledger it was charged in, and the number in its mark: what the same ledger issued earlier for the product does
    /// not hold here either.
    pub ledger: Option<([u8; 16], u64)>,
    /// When it was given back.
    pub at: Time,
}

impl ReleasedLicense {
    /// Whether a license went along with this one: the same ledger had issued it for the product before, and for this
    /// installation. What is bound to a card, a site or typed hardware is another unit's, whose seats were not given back.
    pub fn takes_along(&self, license: &License) -> bool {
        let is_own = matches!(license.lock, Lock::Fingerprint { .. } | Lock::SystemId(_));
        let earlier = |(ledger, number)| {
            license.ledger.is_some_and(|mark| mark.ledger == ledger && mark.number < number)
        };
        is_own && self.product == license.product && self.ledger.is_some_and(earlier)
    }
}

/// The host's memory as it is kept: sealed with the host's own key, so that another host's is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockMark {
    /// Whose it is.
    pub system_id: SystemId,
    /// Random; changed by each reset of the clock, so that a reset works once.
    pub nonce: [u8; 16],
    /// How often the clock was reset: of two copies the one with more knows what is true of the time.
    pub resets: u64,
    /// What is remembered.
    pub memory: HostMemory,
}

/// What a host that asks for a reset of its clock tells the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockResetRequest {
    /// The one of its mark.
    pub nonce: [u8; 16],
    /// The latest time it remembers, which it says never was.
    pub latest: Time,
}

/// The vendor's repair of one host's clock mark; works once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockReset {
    /// When it was signed: the latest time that is known to have been, from then on.
    pub issued: Time,
    /// The product it was asked for.
    pub product: String,
    /// The host.
    pub system_id: SystemId,
    /// The one of the mark that it repairs.
    pub nonce: [u8; 16],
    /// The request it answers.
    pub request: DocumentId,
}

/// A host's statement that it gave a license back, and uses it no more; signed with the host's own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When the host's clock said it was made.
    pub made: Time,
    /// The host.
    pub system_id: SystemId,
    /// The product.
    pub product: String,
    /// The license that was given back.
    pub license: DocumentId,
    /// A word to the desk.
    pub note: Option<String>,
}
