//! Input named on the command line: a file, or `-` for standard input.

use std::path::Path;

use airlatch_core::crypto::Sealed;
use airlatch_core::format::{self, Repair};
use airlatch_core::model::{Error, Place, Reason, Result};
use airlatch_machine::platform::{self, OpenFile};

use super::session::Session;

/// Said before a person at a terminal is waited for, who would see nothing happen.
const PASTE: &str = match cfg!(windows) {
    true => "paste the text, then press Ctrl-Z and Enter",
    false => "paste the text, then press Ctrl-D",
};

/// Whether a path means standard input or output.
pub(super) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What to call it in messages.
pub(super) fn name(path: &Path) -> String {
    if is_stream(path) { "standard input".into() } else { path.display().to_string() }
}

/// The same as the place of an error.
pub(super) fn place(path: &Path) -> Place {
    if is_stream(path) { Place::Input } else { path.into() }
}

/// Refuses to read standard input for two things.
pub(super) fn refuse_two_streams<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    if paths.into_iter().filter(|path| is_stream(path)).count() > 1 {
        return Err(Error::new(Reason::Usage, "standard input can be read once only"));
    }
    Ok(())
}

/// All bytes, at most `limit`.
pub(super) fn read(session: &mut Session, path: &Path, limit: u64) -> Result<Vec<u8>> {
    if is_stream(path) {
        if session.streams.input {
            session.screen.tell(PASTE);
        }
        return platform::read_limited(&mut session.input, limit, "standard input");
    }
    open_file(session, path)?.read_all(limit)
}

/// Opens a file; where there is none, what the path looks like is said.
pub(super) fn open_file(session: &Session, path: &Path) -> Result<OpenFile> {
    if path.as_os_str().is_empty() {
        return Err(Error::new(Reason::BadValue, "an empty name was given where a file belongs"));
    }
    session.files.open(path).map_err(|error| match odd_path(path) {
        Some(hint) if error.reason() == Reason::NotFound => error.detail(hint),
        _ => error,
    })
}

/// All bytes of a file that holds a document; a private key that came along with it is pointed out.
pub(super) fn document(session: &mut Session, path: &Path) -> Result<Vec<u8>> {
    let bytes = read(session, path, format::limits::DOCUMENT_FILE)?;
    warn_of_key(session, path, &bytes);
    Ok(bytes)
}

/// Points out a private key in a file that travels.
pub(super) fn warn_of_key(session: &mut Session, path: &Path, bytes: &[u8]) {
    if format::holds_key_beside_document(bytes) {
        session.screen.talk(&format!(
            "warning: a private key stands in {} too: it must never travel; replace it if others saw it",
            name(path)
        ));
    }
}

/// What kind of document these bytes hold, where something else was meant.
pub(super) fn document_word(bytes: &[u8]) -> Option<&'static str> {
    format::open_one(bytes).ok().map(|(sealed, _)| sealed.kind().word())
}

/// Repairs and opens a document, and says what was repaired.
pub(super) fn open(session: &mut Session, path: &Path) -> Result<(Sealed, Vec<Repair>)> {
    let bytes = document(session, path)?;
    let (sealed, repairs) = format::open_one(&bytes).map_err(|error| error.at(name(path)))?;
    say_repairs(session, path, &repairs);
    Ok((sealed, repairs))
}

/// Names what transfers had done to a file.
pub(super) fn say_repairs(session: &mut Session, path: &Path, repairs: &[Repair]) {
    if !session.screen.is_json() {
        let lines: Vec<_> =
            repairs.iter().map(|repair| format!("note: repaired {}: {repair}", name(path))).collect();
        lines.iter().for_each(|line| session.screen.talk(line));
    }
}

/// What a path that was not found looks like.
fn odd_path(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    let drive = text.as_bytes().get(1) == Some(&b':') && cfg!(unix);
    if text.contains("://") {
        Some("this looks like a network address: airlatch opens files only".into())
    } else if text.starts_with("~/") {
        Some("`~` was not replaced by the shell: leave it without quotes".into())
    } else if text.contains(['*', '?']) {
        Some("this looks like a pattern that matched nothing".into())
    } else if drive {
        Some("this looks like a Windows path".into())
    } else {
        None
    }
}
