//! Issues one license from a grant.

use crate::catalog::Grant;
use crate::charge;
use crate::charge::{Applicant, Decision};
use airlatch_core::crypto::{self, PrivateKey, Sealed};
use airlatch_core::format;
use airlatch_core::model::{Features, Kind, License, Result, Time};

/// A sealed license.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The license.
    pub license: License,
    /// Its sealed bytes.
    pub sealed: Sealed,
    /// Notes for the person who issues it.
    pub notes: Vec<String>,
}

impl Issued {
    /// The text of the license file: a readable summary, then the armor.
    pub fn text(&self) -> String {
        format::license_text(&self.license, &self.sealed)
    }
}

/// Decides about a license from a grant and seals it.
///
/// # Errors
/// Those of [`charge::decide`].
pub fn issue(
    grant: &Grant,
    applicant: Applicant<'_>,
    wanted: &Features,
    number: Option<&str>,
    key: &PrivateKey,
    now: Time,
) -> Result<Issued> {
    seal(charge::decide(grant, applicant, wanted, number, now)?, key)
}

/// Seals a license that was decided, so that exactly what was shown gets signed.
///
/// # Errors
/// `too-large` if the license exceeds the size limit of documents.
pub fn seal(decision: Decision, key: &PrivateKey) -> Result<Issued> {
    seal_license(decision.license, decision.notes, key)
}

/// Seals a license that is not charged.
pub(super) fn seal_license(license: License, notes: Vec<String>, key: &PrivateKey) -> Result<Issued> {
    let payload = format::write_license(&license)?;
    Ok(Issued { sealed: crypto::seal(Kind::License, &payload, key), license, notes })
}

/// Whether two licenses differ only in the day of issue and the term that follows from it; then the earlier one is kept.
pub fn same_but_for_dates(earlier: &License, later: &License, grant: &Grant) -> bool {
    // If the grant has another term by now, not only the day differs.
    let still_its_term = grant.term.starting_on_day(earlier.issued).is_ok_and(|term| term == earlier.term);
    let is_over = earlier.term.until.is_some_and(|end| end <= later.issued);
    if earlier.issued > later.issued || !still_its_term || is_over {
        return false;
    }
    let dated = License { issued: earlier.issued, term: earlier.term, ..later.clone() };
    *earlier == dated
}
