//! Reads the grant named on the command line; if the file is something else of airlatch's, the error says what.

use airlatch_desk::catalog;
use std::path::Path;

use airlatch_core::format::limits;
use airlatch_core::model::{Reason, Result};
use airlatch_desk::catalog::Grant;

use super::input;
use super::session::Session;
use super::wrong_file;

/// Reads a grant file; `-` is standard input.
pub(super) fn read(session: &mut Session, path: &Path) -> Result<Grant> {
    let bytes = input::read(session, path, limits::GRANT_FILE)?;
    catalog::read_grant(&bytes).map_err(|error| {
        wrong_file::error(&bytes, Reason::BadGrant, "a grant").unwrap_or(error).at(input::place(path))
    })
}
