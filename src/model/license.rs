//! A desk's signed grant to one unit.

use super::{DocumentId, Features, Lock, Term, Time};

/// What one unit may do, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// When it was issued: midnight, UTC, of that day, so that issuing again on the same day gives the same bytes.
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
    /// From when to when.
    pub term: Term,
    /// What it allows.
    pub features: Features,
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
