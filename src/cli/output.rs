//! Writes results: files, which never replace a key or a ledger, and documents on stdout byte for byte.

use std::path::Path;

use serde_json::{Value, json};

use airlatch_core::format::limits;
use airlatch_core::model::{Cause, Error, Place, Reason, Result};
use airlatch_machine::platform::{self, Access, Existing};

use super::session::Session;

/// Writes a document to a file; `force` replaces an existing file, except those of [`refuse_irreplaceable`].
pub(super) fn file(session: &Session, path: &Path, text: &str, force: bool) -> Result<()> {
    if force {
        refuse_irreplaceable(session, path)?;
    }
    let existing = if force { Existing::Replace } else { Existing::Keep };
    refuse_missing_folder(session, path)?;
    session.files.write(path, text.as_bytes(), Access::Public, existing).map(|_| ())
}

/// Refuses to replace a private key, a ledger, its witness or a clock mark, even with `--force`: none of them can be restored.
pub(super) fn refuse_irreplaceable(session: &Session, path: &Path) -> Result<()> {
    let refuse = |what: &str| {
        let what = format!("this file is {what}, which is never written over");
        Err(Error::new(Reason::Exists, what).because(Cause::NeverReplaced).at(path.display()))
    };
    let beginning = session.files.beginning(path, limits::KEY_FILE).unwrap_or_default();
    let has = |mark: &[u8]| beginning.windows(mark.len()).any(|window| window == mark);
    match () {
        // This also matches a damaged key and a key of another tool.
        () if has(b"PRIVATE KEY") => refuse("a private key"),
        () if beginning.starts_with(b"SQLite format 3\0") => refuse("a ledger"),
        () if has(b"# The last entry of the ledger beside this file.") => refuse("the witness of a ledger"),
        () if has(b"BEGIN AIRLATCH CLOCK MARK") => refuse("a host's clock mark"),
        () => Ok(()),
    }
}

/// Refuses to write a document to a closed standard output.
pub(super) fn refuse_closed_stdout() -> Result<()> {
    if platform::stdout_is_lost() { Err(closed_stdout()) } else { Ok(()) }
}

fn closed_stdout() -> Error {
    let what = "standard output is closed, so the document would be lost";
    Error::new(Reason::OutputClosed, what).at(Place::Output)
}

/// Refuses a file in a folder that does not exist: a folder created in place of an unmounted stick would hide the mistake.
pub(super) fn refuse_missing_folder(session: &Session, path: &Path) -> Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !session.files.is_dir(folder) => {
            Err(Error::new(Reason::NotFound, "the folder to write into does not exist").at(folder.display()))
        }
        _ => Ok(()),
    }
}

/// Prints a document to stdout; with `--json`, as the field `text` beside the fields of `value`.
///
/// # Errors
/// `output-closed`: the document would be lost.
pub(super) fn document(session: &mut Session, kind: &str, text: &str, value: Value) -> Result<()> {
    refuse_closed_stdout()?;
    put(session, kind, text, value);
    if session.screen.is_cut_off() { Err(closed_stdout()) } else { Ok(()) }
}

/// Prints a text that can be printed again at any time, so a closed stdout is no error.
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
