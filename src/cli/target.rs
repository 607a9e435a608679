//! Where a document is written: to a file, which is replaced only with --force, or to standard output.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use airlatch_core::model::{Error, Reason, Result};

use super::session::Session;
use super::{input, output};

/// The output of one document.
pub(super) struct Target {
    path: PathBuf,
    /// Replaces an existing file.
    force: bool,
    /// Whether the file existed when the run began. A file that appears later may be this same license, written by another run.
    was_there: bool,
    /// It holds an earlier license of the same unit, which the new one supersedes.
    is_earlier: bool,
}

/// A finished document and its messages.
pub(super) struct Document {
    /// Its type in JSON.
    pub(super) kind: &'static str,
    /// The text of the file; `None` if the existing file is kept.
    pub(super) text: Option<String>,
    /// The other fields of the JSON object.
    pub(super) value: Value,
    /// The message after it was written.
    pub(super) line: String,
    /// A detail for the error if it was booked but can't be written.
    pub(super) kept: Option<String>,
}

impl Target {
    /// The output at `path`, which must not be one of `inputs`.
    ///
    /// # Errors
    /// `same-file`.
    pub(super) fn new<'a>(
        path: PathBuf,
        force: bool,
        inputs: impl IntoIterator<Item = &'a Path>,
        session: &Session,
    ) -> Result<Self> {
        let stream = input::is_stream(&path);
        for input in inputs {
            if !stream && !input::is_stream(input) && session.files.same_file(input, &path) {
                let error = Error::new(Reason::SameFile, "the output file is also an input file");
                return Err(error.at(path.display()));
            }
        }
        let was_there = !stream && session.files.exists(&path);
        Ok(Self { path, force, was_there, is_earlier: false })
    }

    /// The same, replaced if it holds an earlier license of the same unit.
    pub(super) fn replacing(self, is_earlier: bool) -> Self {
        Self { is_earlier, ..self }
    }

    /// What the person should know of an existing file before it is written.
    pub(super) fn note(&self) -> Option<String> {
        let path = self.path.display();
        match (self.was_there, self.is_earlier, self.force) {
            (false, ..) => None,
            (true, true, _) => Some(format!("{path} has an earlier license of this unit, and is replaced")),
            (true, false, true) => Some(format!("{path} exists, and is replaced")),
            (true, false, false) => Some(format!(
                "{path} exists with other content: name another file with --out, or replace it with --force"
            )),
        }
    }

    /// Whether it is standard output.
    pub(super) fn is_stream(&self) -> bool {
        input::is_stream(&self.path)
    }

    /// The path, as it was named.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether an existing file is replaced.
    pub(super) fn replaces(&self) -> bool {
        self.force
    }

    /// Refuses a folder that does not exist.
    ///
    /// # Errors
    /// `not-found`.
    pub(super) fn refuse_missing_folder(&self, session: &Session) -> Result<()> {
        if self.is_stream() { Ok(()) } else { output::refuse_missing_folder(session, &self.path) }
    }

    /// Refuses an existing file, before anything is charged or signed.
    ///
    /// # Errors
    /// `exists`.
    pub(super) fn refuse_existing(&self) -> Result<()> {
        if self.was_there && !self.force && !self.is_earlier {
            let error = Error::new(Reason::Exists, "the file exists with other content");
            return Err(error.at(self.path.display()));
        }
        Ok(())
    }

    /// Writes the document and prints its message.
    ///
    /// # Errors
    /// Those of writing a file; `output-closed`.
    pub(super) fn write(&self, document: Document, session: &mut Session) -> Result<()> {
        let Document { kind, text, mut value, line, kept } = document;
        let kept = |error: Error| kept.into_iter().fold(error, Error::detail);
        if self.is_stream() {
            return output::document(session, kind, &text.unwrap_or_default(), value).map_err(kept);
        }
        if let Some(text) = text {
            output::file(session, &self.path, &text, self.force || self.is_earlier).map_err(kept)?;
        }
        session.screen.line(&line);
        value["file"] = json!(input::name(&self.path));
        session.screen.json(kind, value);
        Ok(())
    }
}
