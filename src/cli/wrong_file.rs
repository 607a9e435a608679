//! Names what a file is that was given where something else belongs: what every reader knows, and the files of a desk.

use std::path::Path;

use airlatch_core::format::{self, limits};
use airlatch_core::model::{Cause, Error, Reason};
use airlatch_desk::catalog::{self, MacRule};
use airlatch_desk::lists;

use super::session::Session;

/// The error for a file that is not the one wanted, if it can be told what it is.
pub(super) fn error(bytes: &[u8], reason: Reason, wanted: &str) -> Option<Error> {
    let of_desk = || Some((of_desk(bytes)?.to_owned(), Cause::OtherFileGiven));
    let (what, cause) = format::name_of(bytes).or_else(of_desk).filter(|(what, _)| what != wanted)?;
    Some(Error::new(reason, format!("this is {what}, not {wanted}")).because(cause))
}

/// The error for a text that people wrote for a desk or a host, where a document belongs. Most documents have a marker, and
/// need no more than the search for it.
pub(super) fn not_a_document(bytes: &[u8]) -> Option<Error> {
    const MARKER: &[u8] = b"BEGIN AIRLATCH ";
    let is_marked = bytes.windows(MARKER.len()).any(|window| window == MARKER);
    let what = if is_marked { None } else { of_desk(bytes) }?;
    let error = Error::new(Reason::NoDocument, format!("this is {what}, not a document"));
    Some(error.because(Cause::OtherFileGiven))
}

/// The error of a key file; if people wrote it for a desk or a host, that is said.
pub(super) fn of_key(session: &Session, path: &Path, error: Error) -> Error {
    if error.reason() != Reason::BadKey || error.cause().is_some() {
        return error;
    }
    let bytes = session.files.read(path, limits::GRANT_FILE).unwrap_or_default();
    let other = |what| Error::new(Reason::BadKey, format!("the file is {what}, not a key"));
    let other = of_desk(&bytes).map(|what| other(what).because(Cause::OtherFileGiven).at(path));
    other.unwrap_or(error)
}

/// A file that people write for a desk or a host.
fn of_desk(bytes: &[u8]) -> Option<&'static str> {
    let fits = |limit: u64| bytes.len() as u64 <= limit;
    if fits(limits::GRANT_FILE) && catalog::read_grant(bytes).is_ok() {
        return Some("a grant");
    }
    if fits(limits::CATALOG_FILE) && catalog::read_catalog(bytes).is_ok() {
        return Some("a catalog");
    }
    let is_settings = |settings: format::HostSettings| settings != format::HostSettings::default();
    if fits(limits::GRANT_FILE) && format::read_settings(bytes).is_ok_and(is_settings) {
        return Some("a host's settings");
    }
    let any = MacRule { allow_local: true, ..MacRule::default() };
    lists::read_list(bytes, &any).is_ok_and(|list| !list.rows.is_empty()).then_some("a list of devices")
}
