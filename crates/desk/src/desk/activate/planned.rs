//! What came of a request: a license that is there already, or one that would be issued.

use crate::charge::ChargeLine;
use crate::ledger::{Activation, Entry};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::model::{License, Unit};

/// What came of a request.
#[derive(Debug, Clone)]
pub enum ActivationPlan {
    /// It was issued before: the same bytes, and no charge.
    Found(Box<ExistingLicense>),
    /// It would be issued.
    New(Box<PlannedLicense>),
}

/// A license that stands in the ledger.
#[derive(Debug, Clone)]
pub struct ExistingLicense {
    /// What it says.
    pub license: Verified<License>,
    /// Its bytes.
    pub sealed: Sealed,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// A license that would be issued, and its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLicense {
    /// For whom.
    pub unit: Unit,
    /// What it would say; when it is issued and where the ledger stands then is not in it yet.
    pub license: License,
    /// What would be taken from which code: only what the unit does not hold yet.
    pub charged: Vec<ChargeLine>,
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
pub(super) struct KnownUnit {
    pub(super) unit: Unit,
    pub(super) latest: Option<(Entry, Activation)>,
    pub(super) before: Option<(Verified<License>, Sealed)>,
}
