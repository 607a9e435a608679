//! Reads the one sealed document in a file.

use crate::crypto::Sealed;
use crate::model::{Error, Reason, Result};

use super::{Repair, armor};

/// Repairs and decodes the main document of a file; a key certificate behind a license is ignored.
///
/// # Errors
/// `empty`, `not-text`, `no-document`, `two-documents`, `truncated`, `bad-character`, `bad-base64`, `too-large`.
pub fn open_one(bytes: &[u8]) -> Result<(Sealed, Vec<Repair>)> {
    let opened = armor::open(bytes)?;
    let main = opened.blocks.into_iter().next();
    let block = main.ok_or_else(|| Error::new(Reason::NoDocument, "there is no document in this file"))?;
    Ok((Sealed::from_parts(block.kind, block.sealed)?, opened.repairs))
}

/// Refuses a text that is empty or longer than `limit` bytes.
///
/// # Errors
/// `bad-field`, with `name` as its place.
pub fn check_text(name: &str, text: Option<&str>, limit: u64) -> Result<()> {
    match text {
        Some("") => Err(Error::new(Reason::BadField, "the text is empty").at(name)),
        Some(text) if text.len() as u64 > limit => {
            Err(Error::new(Reason::BadField, format!("the text has {} bytes, more than {limit}", text.len()))
                .at(name))
        }
        _ => Ok(()),
    }
}
