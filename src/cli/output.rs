//! What leaves the program: files, which replace no key, and texts on stdout exactly as they are.

use std::path::Path;

use serde_json::{Value, json};

use airlatch_core::format::limits;
use airlatch_core::model::{Cause, Error, Place, Reason, Result};
use airlatch_machine::platform::{self, Access, Existing};

use super::session::Session;

/// Writes a document; with `force` it replaces what is there, but never a private key.
pub(super) fn file(session: &Session, path: &Path, text: &str, force: bool) -> Result<()> {
    if force {
        refuse_precious(session, path)?;
    }
    let existing = if force { Existing::Replace } else { Existing::Keep };
    refuse_missing_folder(session, path)?;
    session.files.write(path, text.as_bytes(), Access::Public, existing).map(|_| ())
}

/// Refuses to write over a private key, a ledger, or what a host remembers, whatever was forced: none of them comes back.
pub(super) fn refuse_precious(session: &Session, path: &Path) -> Result<()> {
    let precious = |what: &str| {
        let what = format!("{what} is there, and is never written over");
        Err(Error::new(Reason::Exists, what).because(Cause::NeverReplaced).at(path.display()))
    };
    let beginning = session.files.beginning(path, limits::KEY_FILE).unwrap_or_default();
    let has = |mark: &[u8]| beginning.windows(mark.len()).any(|window| window == mark);
    match () {
        // A damaged key, or another tool's, is a key too.
        () if has(b"PRIVATE KEY") => precious("a private key"),
        () if beginning.starts_with(b"SQLite format 3\0") => precious("a ledger"),
        () if has(b"# The last entry of the ledger beside this file.") => precious("the witness of a ledger"),
        () if has(b"BEGIN AIRLATCH CLOCK MARK") => precious("what a host remembers"),
        () => Ok(()),
    }
}

/// Refuses an output that nobody reads.
pub(super) fn refuse_lost() -> Result<()> {
    if platform::stdout_is_lost() { Err(lost()) } else { Ok(()) }
}

fn lost() -> Error {
    let what = "nobody reads standard output, the document would be lost";
    Error::new(Reason::OutputClosed, what).at(Place::Output)
}

/// Refuses a file in a folder that is not there: where a stick should be mounted, no folder is made.
pub(super) fn refuse_missing_folder(session: &Session, path: &Path) -> Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !session.files.is_dir(folder) => {
            Err(Error::new(Reason::NotFound, "there is no such folder to write into").at(folder.display()))
        }
        _ => Ok(()),
    }
}

/// Prints a document to stdout, with JSON beside the fields of `value`; a document may not get lost in a closed one.
pub(super) fn document(session: &mut Session, kind: &str, text: &str, value: Value) -> Result<()> {
    refuse_lost()?;
    put(session, kind, text, value);
    if session.screen.is_cut_off() { Err(lost()) } else { Ok(()) }
}

/// Prints what can be printed again at any time.
pub(super) fn page(session: &mut Session, kind: &str, text: &str) {
    put(session, kind, text, json!({}));
}

fn put(session: &mut Session, kind: &str, text: &str, mut value: Value) {
    if session.screen.is_json() {
        value["text"] = json!(text);
        session.screen.json(kind, value);
    } else {
        session.screen.raw(text);
    }
}
