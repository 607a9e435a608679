//! Reads input named on the command line: a file, or `-` for standard input.

use std::path::Path;

use airlatch_core::crypto::Sealed;
use airlatch_core::format::{self, Repair};
use airlatch_core::model::{Error, Place, Reason, Result};
use airlatch_machine::platform::{self, OpenFile};

use super::session::Session;
use super::wrong_file;

/// Said before a person at a terminal is waited for, who would see nothing happen.
const PASTE: &str = match cfg!(windows) {
    true => "paste the text, then press Ctrl-Z and Enter",
    false => "paste the text, then press Ctrl-D",
};

/// Whether a path means standard input or output.
pub(super) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The name of the input in messages.
pub(super) fn name(path: &Path) -> String {
    if is_stream(path) { "standard input".into() } else { path.display().to_string() }
}

/// The same as the place of an error.
pub(super) fn place(path: &Path) -> Place {
    if is_stream(path) { Place::Input } else { path.into() }
}

/// Refuses a command line that names standard input twice.
pub(super) fn refuse_two_streams<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    if paths.into_iter().filter(|path| is_stream(path)).count() > 1 {
        return Err(Error::new(Reason::Usage, "standard input can be read only once"));
    }
    Ok(())
}

/// Reads all bytes.
///
/// # Errors
/// `too-large` beyond `limit` bytes; those of reading a file.
pub(super) fn read(session: &mut Session, path: &Path, limit: u64) -> Result<Vec<u8>> {
    if is_stream(path) {
        if session.streams.input {
            session.screen.tell(PASTE);
        }
        return platform::read_limited(&mut session.input, limit, "standard input");
    }
    open_file(session, path)?.read_all(limit)
}

/// Opens a file; if there is none, the error says what the path looks like, such as a URL.
pub(super) fn open_file(session: &Session, path: &Path) -> Result<OpenFile> {
    if path.as_os_str().is_empty() {
        return Err(Error::new(Reason::BadValue, "the file name is empty"));
    }
    session.files.open(path).map_err(|error| match describe_path(path) {
        Some(hint) if error.reason() == Reason::NotFound => error.detail(hint),
        _ => error,
    })
}

/// Reads a file that holds a document, and warns if it holds a private key too.
pub(super) fn document(session: &mut Session, path: &Path) -> Result<Vec<u8>> {
    let bytes = read(session, path, format::limits::DOCUMENT_FILE)?;
    warn_of_key(session, path, &bytes);
    wrong_file::not_a_document(&bytes).map_or(Ok(bytes), |error| Err(error.at(place(path))))
}

/// Warns of a private key in the file of a document: such files leave the machine.
pub(super) fn warn_of_key(session: &mut Session, path: &Path, bytes: &[u8]) {
    if format::holds_key_beside_document(bytes) {
        session.screen.talk(&format!(
            "warning: {} also holds a private key, which must not leave the desk; replace the key if others saw it",
            name(path)
        ));
    }
}

/// Reads, repairs and opens a document, and prints the repairs.
pub(super) fn open(session: &mut Session, path: &Path) -> Result<(Sealed, Vec<Repair>)> {
    let bytes = document(session, path)?;
    let (sealed, repairs) = format::open_one(&bytes).map_err(|error| error.at(name(path)))?;
    say_repairs(session, path, &repairs);
    Ok((sealed, repairs))
}

/// Tells the repairs made to a file, such as changed line ends.
pub(super) fn say_repairs(session: &mut Session, path: &Path, repairs: &[Repair]) {
    session.screen.repaired(&name(path), repairs);
}

/// What a path that was not found looks like: a URL, a pattern, a Windows path.
fn describe_path(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    let drive = text.as_bytes().get(1) == Some(&b':') && cfg!(unix);
    if text.contains("://") {
        Some("this looks like a URL: airlatch opens only files".into())
    } else if text.starts_with("~/") {
        Some("the shell did not expand `~`: write it without quotes".into())
    } else if text.contains(['*', '?']) {
        Some("this looks like a pattern that matches no file".into())
    } else if drive {
        Some("this looks like a Windows path".into())
    } else {
        None
    }
}
