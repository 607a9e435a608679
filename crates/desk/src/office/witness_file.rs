//! The witness in its file beside the ledger: the newest entry that is known to have been written.

use std::path::Path;

use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::{Access, Existing, Files};

use crate::ledger::{Book, Witness};

use super::home::{LEDGER, LOG};
use super::own_log;

/// The witness of a ledger, in the folder of a desk.
pub(super) const WITNESS: &str = "witness.toml";

/// What the file says.
pub(super) struct WitnessFile {
    pub(super) witness: Witness,
    text: String,
}

impl WitnessFile {
    /// Reads the witness of the desk in a folder.
    ///
    /// # Errors
    /// `no-witness` where it is gone or no witness.
    pub(super) fn read(files: &Files, home: &Path) -> Result<Self> {
        let path = home.join(WITNESS);
        let none = |what: &str| Error::new(Reason::NoWitness, what).at(path.display());
        let bytes = files.read(&path, limits::GRANT_FILE).map_err(|error| match error.reason() {
            Reason::NotFound => none("the witness of the ledger is gone"),
            _ => error,
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let witness = text.parse().map_err(|error: Error| none(error.message()))?;
        Ok(Self { witness, text })
    }

    /// Holds a ledger against the witness; where its log may be another one's, all of it is looked through.
    ///
    /// # Errors
    /// `restored-ledger`, `forked-ledger`, `damaged-ledger`.
    pub(super) fn check(&self, book: &dyn Book, log_is_own: bool) -> Result<()> {
        self.witness.check(book)?;
        if log_is_own { Ok(()) } else { own_log::look_through(book) }
    }

    /// Whether the log beside the ledger at `path` belongs to it.
    pub(super) fn knows_log(&self, files: &Files, home: &Path, path: &Path) -> bool {
        own_log::is_own(files, path, &home.join(LOG), &self.text)
    }
}

/// Writes down where the ledger stands, beside it.
pub(super) fn keep(files: &Files, home: &Path, witness: &Witness) -> Result<()> {
    let text = format!("{witness}{}", own_log::mark(files, &home.join(LEDGER)));
    files.write(&home.join(WITNESS), text.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
}
