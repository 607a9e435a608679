//! What came of a wish: a license that is there already, or one that would be issued.

use crate::charge::Take;
use crate::ledger::{Activation, Entry};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::model::{License, Unit};

/// What came of a wish.
#[derive(Debug, Clone)]
pub enum Plan {
    /// It was issued before: the same bytes, and no charge.
    Found(Box<Found>),
    /// It would be issued.
    New(Box<Planned>),
}

/// A license that stands in the ledger.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it says.
    pub license: Verified<License>,
    /// Its bytes.
    pub sealed: Sealed,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// A license that would be issued, and its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// For whom.
    pub unit: Unit,
    /// What it would say; when it is issued and where the ledger stands then is not in it yet.
    pub license: License,
    /// What would be taken from which code: only what the unit does not hold yet.
    pub takes: Vec<Take>,
    /// A license for trying out.
    pub evaluation: bool,
    /// The end user: as named now, else as before.
    pub end_user: Option<String>,
    /// Where the unit stands: as named now, else as before.
    pub location: Option<String>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What is known of the unit before anything is planned.
pub(super) struct Known {
    pub(super) unit: Unit,
    pub(super) latest: Option<(Entry, Activation)>,
    pub(super) before: Option<(Verified<License>, Sealed)>,
}
