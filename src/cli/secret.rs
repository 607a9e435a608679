//! Reads a secret named on the command line: a key or passphrase from a file, `-`, `env:NAME` or an open descriptor.

use std::path::Path;

use zeroize::Zeroizing;

use airlatch_core::model::{Cause, Error, Reason, Result};

use super::input;
use super::session::Session;

/// What a secret was read from.
pub(super) enum Secret {
    /// A file; it is read by who needs it, with its mode.
    File,
    /// Standard input, a variable or a pipe, with its bytes.
    Given(Zeroizing<Vec<u8>>),
}

/// The name behind `env:`.
fn variable(path: &Path) -> Option<&str> {
    path.to_str()?.strip_prefix("env:")
}

/// Reads a secret of at most `limit` bytes, unless it is a file.
///
/// # Errors
/// `not-found` for a variable that is not set, `too-large`, and those of reading.
pub(super) fn read(session: &mut Session, path: &Path, limit: u64) -> Result<Secret> {
    if input::is_stream(path) {
        return input::read(session, path, limit).map(|bytes| Secret::Given(Zeroizing::new(bytes)));
    }
    if let Some(name) = variable(path) {
        let value = (session.variable)(name).filter(|value| !value.is_empty());
        let none = || {
            let message = format!("the environment variable {name} is not set");
            Error::new(Reason::NotFound, message).because(Cause::NoVariable)
        };
        let bytes = value.ok_or_else(none)?.into_encoded_bytes();
        if bytes.len() as u64 > limit {
            let message = format!("{} bytes are too many, the limit is {limit}", bytes.len());
            return Err(Error::new(Reason::TooLarge, message).at(input::place(path)));
        }
        return Ok(Secret::Given(Zeroizing::new(bytes)));
    }
    let piped = session.files.read_descriptor(path, limit)?;
    Ok(piped.map_or(Secret::File, |bytes| Secret::Given(Zeroizing::new(bytes))))
}
