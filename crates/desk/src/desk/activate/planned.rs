//! The result of planning: an existing license, or one to be issued.

use std::collections::BTreeSet;

use crate::catalog::Product;
use crate::charge::{ChargeLine, Unavailable};
use crate::ledger::{Activation, Entry, UnitNote};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::model::{ComponentKind, DocumentId, License, Time, Unit};

/// The result of planning an activation.
#[derive(Debug, Clone)]
pub enum ActivationPlan {
    /// The license exists already: the same bytes, no charge.
    Found(Box<ExistingLicense>),
    /// A new license would be issued.
    New(Box<PlannedLicense>),
}

/// A license that is in the ledger.
#[derive(Debug, Clone)]
pub struct ExistingLicense {
    /// The license.
    pub license: Verified<License>,
    /// Its sealed bytes.
    pub sealed: Sealed,
    /// What stays on the codes because the model can't have it.
    pub unavailable: Vec<Unavailable>,
    /// What is stated now about the unit and is not noted yet.
    pub note: Option<UnitNote>,
    /// Notes for the person who confirms.
    pub notes: Vec<String>,
}

/// A license that would be issued, and its charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLicense {
    /// The licensed unit.
    pub unit: Unit,
    /// The license; its time of issue and ledger mark are set when it is signed.
    pub license: License,
    /// What is taken from which code: only what the unit doesn't hold yet.
    pub charged: Vec<ChargeLine>,
    /// Whether it is a trial license.
    pub evaluation: bool,
    /// The end user: as stated now, else as it was noted last.
    pub end_user: Option<String>,
    /// The location: as stated now, else as it was noted last.
    pub location: Option<String>,
    /// What stays on the codes because the model can't have it.
    pub unavailable: Vec<Unavailable>,
    /// The unit that is licensed for the same hardware, if this one is new: it would be charged a second time.
    pub second_of: Option<LicensedHardware>,
    /// Notes for the person who confirms.
    pub notes: Vec<String>,
}

/// Another unit with a license for the hardware that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicensedHardware {
    /// The unit.
    pub unit: Unit,
    /// Its license.
    pub license: DocumentId,
    /// When that was issued.
    pub issued: Time,
    /// The components that are the same.
    pub same: BTreeSet<ComponentKind>,
    /// The components that differ.
    pub other: BTreeSet<ComponentKind>,
}

/// The unit with its latest activation and license.
pub(super) struct KnownUnit {
    pub(super) unit: Unit,
    pub(super) latest: Option<(Entry, Activation)>,
    pub(super) before: Option<(Verified<License>, Sealed)>,
}

/// What the license is for.
#[derive(Clone, Copy)]
pub(super) struct LicenseTarget<'a> {
    pub(super) product: &'a Product,
    pub(super) version: Option<&'a str>,
    pub(super) model: Option<&'a str>,
}
