//! What a host remembers between runs, and the documents about it: clock mark, clock reset and release receipt.

use std::collections::BTreeMap;

use super::{DocumentId, License, Lock, SystemId, Time};

/// What a host remembers between runs. A verdict depends on nothing else of an earlier run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostMemory {
    /// The latest time known to have passed, by this host's clock or a signed document; the clock must not be behind it.
    /// `None` if nothing is remembered.
    pub latest_time: Option<Time>,
    /// The latest signed time that arrived: the issue of a license, or of a clock reset.
    pub signed_time: Option<Time>,
    /// What the clocks showed when the memory was kept last; `None` before, and after a clock reset.
    pub seen: Option<ClockReading>,
    /// How far the clock was set back in all, in seconds: so much time may have passed beyond `latest_time`. Nothing gives it
    /// back but the same boot, a later signed time or a clock reset.
    pub set_back_seconds: i64,
    /// When a loss of the memory was noticed. Licenses issued before then have no drift days left, and no activation period
    /// begins until a license issued after it is valid here.
    pub lost_at: Option<Time>,
    /// The licenses that were valid here, each with the hardware drift it has used.
    pub drifts: BTreeMap<DocumentId, Drift>,
    /// The last jump of this host's clock; `None` if it went on evenly since.
    pub jump: Option<ClockJump>,
    /// The licenses that were used while the clock was behind, each with the grace for the clock it has used.
    pub clock_graces: BTreeMap<DocumentId, Drift>,
    /// When each product was first installed here: its activation period begins then.
    pub first_installed: BTreeMap<String, Time>,
    /// The licenses that were released here; they are not valid any more.
    pub released: Vec<ReleasedLicense>,
}

/// What a host's clocks show at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockReading {
    /// The clock, which can be set.
    pub time: Time,
    /// The time since the machine was started, which can't; `None` where the system has no such clock.
    pub boot: Option<BootClock>,
}

impl From<Time> for ClockReading {
    /// A reading without the time since the start.
    fn from(time: Time) -> Self {
        Self { time, boot: None }
    }
}

/// The time since a machine was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BootClock {
    /// Random, another one at each start.
    pub boot_id: [u8; 16],
    /// The seconds since then, those in which the machine slept included.
    pub seconds: u64,
}

/// Hardware drift: how long a license has been in use on hardware that changed more than its lock allows; or likewise while
/// the clock was behind.
///
/// Ordered by the time used, then by the last check: of two copies the larger one is the later.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// The seconds used in all.
    pub used_seconds: i64,
    /// When the last check found it so; `None` if the last check found the hardware, or the clock, in order.
    pub last_seen: Option<Time>,
}

/// A jump of the host's clock ahead, by more than a day between two checks: the host was off, or its clock is wrong. If the
/// clock is behind the latest known time, but not behind the time before the jump, it may be right again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockJump {
    /// The latest known time before it.
    pub from: Time,
    /// The latest known time after it.
    pub to: Time,
}

/// A license that this host released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedLicense {
    /// The license.
    pub license: DocumentId,
    /// Its product.
    pub product: String,
    /// The ledger it was charged in, and the number in its ledger mark. Earlier licenses from that ledger for the product
    /// are not valid here either.
    pub ledger: Option<([u8; 16], u64)>,
    /// When it was released.
    pub at: Time,
}

impl ReleasedLicense {
    /// Whether releasing this license also released `license`: the same ledger had issued that earlier, for the product
    /// and this installation. A license for a card, a site or typed hardware is for another unit, whose seats are still held.
    pub fn also_releases(&self, license: &License) -> bool {
        let is_own = matches!(license.lock, Lock::Fingerprint { .. } | Lock::SystemId(_));
        let is_earlier = |(ledger, number)| {
            license.ledger.is_some_and(|mark| mark.ledger == ledger && mark.number < number)
        };
        is_own && self.product == license.product && self.ledger.is_some_and(is_earlier)
    }
}

/// The clock mark: the host's memory as a document, signed with the host's own key. A mark of another host is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockMark {
    /// The host.
    pub system_id: SystemId,
    /// Random; changed by each clock reset, so a reset works once.
    pub nonce: [u8; 16],
    /// How often the clock was reset. Of two copies, the one with more resets has the right time.
    pub resets: u64,
    /// What is remembered.
    pub memory: HostMemory,
}

/// What a host sends to the desk to ask for a clock reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockResetRequest {
    /// The nonce of its clock mark.
    pub nonce: [u8; 16],
    /// The latest time in its clock mark, which it claims is wrong.
    pub latest_time: Time,
}

/// The vendor's repair of one host's clock mark; works once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockReset {
    /// When it was signed; it becomes the latest time known to the host.
    pub issued: Time,
    /// The product it was asked for.
    pub product: String,
    /// The host.
    pub system_id: SystemId,
    /// The nonce of the clock mark that it repairs.
    pub nonce: [u8; 16],
    /// The request it answers.
    pub request: DocumentId,
}

/// A release receipt: a host's statement that it uses a license no more; signed with the host's own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When it was made, by the host's clock.
    pub made: Time,
    /// The host.
    pub system_id: SystemId,
    /// The product.
    pub product: String,
    /// The license that was released.
    pub license: DocumentId,
    /// A note for the desk.
    pub note: Option<String>,
}
