//! Reads the grant named on the command line; if the file is something else of airlatch's, the error says what.

use airlatch_desk::catalog;
use std::path::Path;

use airlatch_core::crypto;
use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason, Result};
use airlatch_desk::catalog::Grant;

use super::input;
use super::session::Session;

/// Reads a grant file; `-` is standard input.
pub(super) fn read(session: &mut Session, path: &Path) -> Result<Grant> {
    let bytes = input::read(session, path, limits::GRANT_FILE)?;
    let other = |error| match describe_other_file(&bytes) {
        Some(what) => Error::new(Reason::BadGrant, format!("this is {what}, not a grant")),
        None => error,
    };
    catalog::read_grant(&bytes).map_err(|error| other(error).at(input::place(path)))
}

/// Names the document or key in a file that should have been a grant or a list.
pub(super) fn describe_other_file(bytes: &[u8]) -> Option<String> {
    input::document_kind(bytes)
        .or_else(|| crypto::read_key(bytes).is_ok().then_some("key"))
        .map(|word| format!("a {word}"))
}
