//! Reading the grant and the list named on the command line, and saying what was named instead.

use airlatch_desk::catalog;
use std::path::Path;

use airlatch_core::crypto;
use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason, Result};
use airlatch_desk::catalog::Grant;

use super::input;
use super::session::Session;

/// The grant in a file.
pub(super) fn read(session: &mut Session, path: &Path) -> Result<Grant> {
    let bytes = input::read(session, path, limits::GRANT_FILE)?;
    let other = |error| match instead(&bytes) {
        Some(what) => Error::new(Reason::BadGrant, format!("this is {what}, not a grant")),
        None => error,
    };
    catalog::read_grant(&bytes).map_err(|error| other(error).at(input::place(path)))
}

/// What bytes are that were meant as something written by a person.
pub(super) fn instead(bytes: &[u8]) -> Option<String> {
    input::document_word(bytes)
        .or_else(|| crypto::read_key(bytes).is_ok().then_some("key"))
        .map(|word| format!("a {word}"))
}
