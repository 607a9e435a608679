//! What leaves the program: files, which replace no key, and texts on stdout exactly as they are.

use std::path::Path;

use serde_json::json;

use crate::format::limits;
use crate::model::{Reason, Result, Trouble};
use crate::platform::{self, Access, Existing};

use super::session::Session;

/// Writes a document; with `force` it replaces what is there, but never a private key.
pub(super) fn file(session: &Session, path: &Path, text: &str, force: bool) -> Result<()> {
    if force && is_private_key(session, path) {
        let trouble = Trouble::new(Reason::Exists, "a private key is there, and a key is never written over");
        return Err(trouble.at(path.display()));
    }
    let existing = if force { Existing::Replace } else { Existing::Keep };
    match session.files.write(path, text.as_bytes(), Access::Public, existing) {
        Err(trouble) if trouble.reason() == Reason::NotFound => {
            let folder = path.parent().unwrap_or(path);
            Err(Trouble::new(Reason::NotFound, "there is no such folder to write into").at(folder.display()))
        }
        written => written.map(|_| ()),
    }
}

fn is_private_key(session: &Session, path: &Path) -> bool {
    let Ok(bytes) = session.files.read(path, limits::KEY_FILE) else { return false };
    // A damaged key, or another tool's, is a key too.
    bytes.windows(11).any(|window| window == b"PRIVATE KEY")
}

/// Prints a document to stdout; a document may not get lost in a closed one.
pub(super) fn document(session: &mut Session, kind: &str, text: &str) -> Result<()> {
    let lost = || {
        let what = "nobody reads standard output, the document would be lost";
        Trouble::new(Reason::OutputClosed, what).at("standard output")
    };
    if platform::stdout_is_lost() {
        return Err(lost());
    }
    page(session, kind, text);
    if session.screen.is_cut_off() { Err(lost()) } else { Ok(()) }
}

/// Prints what can be printed again at any time.
pub(super) fn page(session: &mut Session, kind: &str, text: &str) {
    if session.screen.is_json() {
        session.screen.json(kind, json!({ "text": text }));
    } else {
        session.screen.raw(text);
    }
}
