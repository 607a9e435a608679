//! An output file that exists already: kept if it holds the same license, refused otherwise.

use std::path::Path;

use airlatch_core::crypto::{PublicKey, TrustedSet, Verified};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Error, License, Reason, Result};
use airlatch_desk::catalog::Grant;
use airlatch_desk::desk::{self, Issued};

use super::session::Session;

/// Refuses an output file with other content, before the question and before anything is signed.
pub(super) fn refuse_other_content(
    license: &License,
    grant: &Grant,
    out: &Path,
    session: &Session,
) -> Result<()> {
    if !session.files.exists(out) {
        return Ok(());
    }
    let bytes = session.files.read(out, limits::DOCUMENT_FILE);
    if let Err(error) = &bytes
        && error.reason() == Reason::NotAFile
    {
        return Err(error.clone());
    }
    let existing = bytes.and_then(|bytes| format::open_one(&bytes));
    match existing.and_then(|(sealed, _)| format::read_unverified_license(&sealed)) {
        Ok(earlier) if desk::same_but_for_dates(&earlier, license, grant) => Ok(()),
        _ => Err(Error::new(Reason::Exists, "the file exists with other content").at(out.display())),
    }
}

/// The license in the output file, if it grants the same as `issued`: then the file is left as it is.
pub(super) fn unchanged_license(
    issued: &Issued,
    grant: &Grant,
    signer: PublicKey,
    out: &Path,
    session: &Session,
) -> Option<Verified<License>> {
    let bytes = session.files.read(out, limits::DOCUMENT_FILE).ok()?;
    let (sealed, _) = format::open_one(&bytes).ok()?;
    let earlier = format::read_license(&sealed, &TrustedSet::new([signer])).ok()?;
    desk::same_but_for_dates(earlier.get(), &issued.license, grant).then_some(earlier)
}
