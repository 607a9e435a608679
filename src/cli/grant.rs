//! Reads the grant named on the command line; if the file is something else of airlatch's, the error says what.

use airlatch_desk::catalog;
use std::path::Path;

use airlatch_core::crypto::{self, KeyFile};
use airlatch_core::format::limits;
use airlatch_core::model::{Cause, Error, Reason, Result};
use airlatch_desk::catalog::Grant;

use super::input;
use super::session::Session;

/// Reads a grant file; `-` is standard input.
pub(super) fn read(session: &mut Session, path: &Path) -> Result<Grant> {
    let bytes = input::read(session, path, limits::GRANT_FILE)?;
    let other = |error| match other_file(&bytes) {
        Some((what, cause)) => {
            Error::new(Reason::BadGrant, format!("this is {what}, not a grant")).because(cause)
        }
        None => error,
    };
    catalog::read_grant(&bytes).map_err(|error| other(error).at(input::place(path)))
}

/// The document or key in a file that should have been a grant or a list.
pub(super) fn other_file(bytes: &[u8]) -> Option<(String, Cause)> {
    if let Some(kind) = input::document_kind(bytes) {
        return Some((format!("a {}", kind.word()), Cause::DocumentGiven(kind)));
    }
    let cause = match crypto::read_key(bytes).ok()? {
        KeyFile::Public(_) => Cause::PublicKeyGiven,
        _ => Cause::PrivateKeyGiven,
    };
    Some(("a key".to_owned(), cause))
}
