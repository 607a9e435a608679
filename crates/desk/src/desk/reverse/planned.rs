//! A reversal, planned or booked: what moves back, what stays, and the license that is to be replaced.

use crate::ledger::{Entry, Reversal, Reversed, Transfer};
use crate::orders::Lines;
use airlatch_core::model::{DocumentId, OrderCode, Time, Unit};

/// A reversal, planned or booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedReversal {
    /// The entry that is reversed.
    pub entry: Entry,
    /// The facts of the reversal.
    pub reversal: Reversal,
    /// What moves back.
    pub transfers: Vec<Transfer>,
    /// What stays where it is, because it was used or passed on.
    pub remaining: Remaining,
    /// The license, if one is reversed.
    pub license: Option<WrongLicense>,
    /// Notes for the person who books it.
    pub notes: Vec<String>,
    /// Number and time of the entry that reverses; `None` if it isn't booked yet.
    pub booked: Option<(u64, Time)>,
}

/// What was taken from a code before its booking was reversed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remaining {
    /// The quantities that units hold.
    pub used: Lines,
    /// These units.
    pub units: Vec<Unit>,
    /// The quantities that were passed on.
    pub passed: Lines,
    /// The codes they were passed on to.
    pub codes: Vec<OrderCode>,
}

/// A license that should not have been issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongLicense {
    /// Its unit.
    pub unit: Unit,
    /// Its product.
    pub product: String,
    /// Its id.
    pub id: DocumentId,
    /// What the unit holds and goes on holding.
    pub held: Lines,
    /// Whether it may still be valid somewhere.
    pub may_be_valid: bool,
    /// The end of all licenses of the unit from this one on, with grace days; `None` if one has no end.
    pub end: Option<Time>,
    /// Whether the unit can release it with a receipt.
    pub is_releasable: bool,
}

/// What a plan adds to the entry and the reason.
pub(super) struct Undone {
    pub(super) of: Reversed,
    pub(super) transfers: Vec<Transfer>,
    pub(super) remaining: Remaining,
    pub(super) license: Option<WrongLicense>,
    pub(super) notes: Vec<String>,
}

impl Undone {
    pub(super) fn new(of: Reversed) -> Self {
        let (transfers, notes) = (Vec::new(), Vec::new());
        Self { of, transfers, remaining: Remaining::default(), license: None, notes }
    }
}
