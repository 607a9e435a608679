//! Names what a file is that was given where something else belongs.

use crate::crypto::{self, KeyFile};
use crate::model::{Cause, Error, Reason};

use super::{is_fleet, no_text, open_key, open_one, sniff};

/// What the file is: a document, a key, a fleet file, a file of another program; with the cause, where that tells the next
/// step. `None` if it can't be told.
pub fn name_of(bytes: &[u8]) -> Option<(String, Cause)> {
    if let Some(what) = sniff::binary(bytes) {
        return Some((what.to_owned(), Cause::OtherFileGiven));
    }
    if no_text(bytes).is_some() {
        return None;
    }
    if let Ok((sealed, _)) = open_one(bytes) {
        let kind = sealed.kind();
        return Some((format!("a {}", kind.word()), Cause::DocumentGiven(kind)));
    }
    if is_fleet(bytes) {
        return Some(("a fleet file".into(), Cause::OtherFileGiven));
    }
    match open_key(bytes) {
        Ok((KeyFile::Public(_), _)) => return Some(("a public key".into(), Cause::PublicKeyGiven)),
        Ok(_) => return Some(("a private key".into(), Cause::PrivateKeyGiven)),
        Err(_) => {}
    }
    let text = String::from_utf8_lossy(bytes);
    if text.contains("BEGIN AIRLATCH ") {
        return Some(("a damaged document".into(), Cause::OtherFileGiven));
    }
    let what = crypto::foreign_file(text.trim_start_matches('\u{feff}').trim_start())?;
    Some((what, Cause::OtherFileGiven))
}

/// The error of a key file that can't be read: if it is something else, that is said.
pub fn not_a_key(bytes: &[u8], error: Error) -> Error {
    let is_other = matches!(error.reason(), Reason::BadKey | Reason::NotText | Reason::TooLarge)
        || error.reason() == Reason::ForeignKey && open_one(bytes).is_ok();
    if !is_other {
        return error;
    }
    match name_of(bytes) {
        None | Some((_, Cause::PublicKeyGiven | Cause::PrivateKeyGiven)) => error,
        Some((what, cause)) => {
            Error::new(Reason::BadKey, format!("the file is {what}, not a key")).because(cause)
        }
    }
}
