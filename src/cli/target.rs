//! Where a document goes: a file, which replaces nothing unasked, or standard output.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use airlatch_core::model::{Error, Reason, Result};

use super::session::Session;
use super::{input, output};

/// The place of one document.
pub(super) struct Target {
    path: PathBuf,
    /// Replaces what is there.
    force: bool,
    /// Something was_there there when the run began: what comes later may be this very document, made by another desk.
    was_there: bool,
}

/// A document that was made, and what is said of it.
pub(super) struct Document {
    /// Its type, for programs.
    pub(super) kind: &'static str,
    /// The text of the file; none where the file stands there already and stays.
    pub(super) text: Option<String>,
    /// The rest of the object for programs.
    pub(super) value: Value,
    /// What is said once it is written.
    pub(super) line: String,
    /// What is said where it can't be written, though it was booked.
    pub(super) kept: Option<String>,
}

impl Target {
    /// The place at `path`, which may be none of the files that are read.
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
                let error = Error::new(Reason::SameFile, "the output would be written over an input");
                return Err(error.at(path.display()));
            }
        }
        let was_there = !stream && session.files.exists(&path);
        Ok(Self { path, force, was_there })
    }

    /// Whether it is standard output.
    pub(super) fn is_stream(&self) -> bool {
        input::is_stream(&self.path)
    }

    /// The path, as it was named.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it replaces what is there.
    pub(super) fn replaces(&self) -> bool {
        self.force
    }

    /// Refuses a place in a folder that is not there.
    ///
    /// # Errors
    /// `not-found`.
    pub(super) fn refuse_missing_folder(&self, session: &Session) -> Result<()> {
        if self.is_stream() { Ok(()) } else { output::refuse_missing_folder(session, &self.path) }
    }

    /// Refuses a place where something else stands: nothing is charged or signed while it does.
    ///
    /// # Errors
    /// `exists`.
    pub(super) fn refuse_taken(&self) -> Result<()> {
        if self.was_there && !self.force {
            let error = Error::new(Reason::Exists, "a file with other content is there already");
            return Err(error.at(self.path.display()));
        }
        Ok(())
    }

    /// Writes the document and says so.
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
            output::file(session, &self.path, &text, self.force).map_err(kept)?;
        }
        session.screen.line(&line);
        value["file"] = json!(input::name(&self.path));
        session.screen.json(kind, value);
        Ok(())
    }
}
