//! Issuing one license from a grant.

use crate::catalog::Grant;
use crate::charge;
use crate::charge::{Applicant, Decision};
use airlatch_core::crypto::{self, PrivateKey, Sealed};
use airlatch_core::format;
use airlatch_core::model::{Features, Kind, License, Result, Time};

/// A license that was sealed, with everything needed to write it anywhere.
#[derive(Debug, Clone)]
pub struct Issued {
    /// What was issued.
    pub license: License,
    /// Its bytes.
    pub sealed: Sealed,
    /// What a person should know.
    pub notes: Vec<String>,
}

impl Issued {
    /// The text of the file: a summary for people, then the armor.
    pub fn text(&self) -> String {
        format::license_text(&self.license, &self.sealed)
    }
}

/// Decides, writes and seals.
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

/// Writes and seals what was decided: so what a person was shown is what gets signed.
///
/// # Errors
/// `too-large` when the license would be larger than any document.
pub fn seal(decision: Decision, key: &PrivateKey) -> Result<Issued> {
    seal_license(decision.license, decision.notes, key)
}

/// Writes and seals a license that costs nothing.
pub(super) fn seal_license(license: License, notes: Vec<String>, key: &PrivateKey) -> Result<Issued> {
    let payload = format::write_license(&license)?;
    Ok(Issued { sealed: crypto::seal(Kind::License, &payload, key), license, notes })
}

/// Whether two licenses give the same to the same unit, whatever day they were issued on: then the earlier one stays.
pub fn same_but_for_dates(earlier: &License, later: &License, grant: &Grant) -> bool {
    // The grant may say another term by now: then it is not the day alone that differs.
    let still_its_term = grant.term.starting(earlier.issued).is_ok_and(|term| term == earlier.term);
    let is_over = earlier.term.until.is_some_and(|end| end <= later.issued);
    if earlier.issued > later.issued || !still_its_term || is_over {
        return false;
    }
    let dated = License { issued: earlier.issued, term: earlier.term, ..later.clone() };
    *earlier == dated
}
