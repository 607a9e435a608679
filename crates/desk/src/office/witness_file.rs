//! Reads and writes the witness file of the ledger.

use std::path::Path;

use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::{Access, Existing, Files};

use crate::ledger::{Book, Witness};

use super::home::{LEDGER, WAL};
use super::own_wal;

/// The witness file in the desk home.
pub(super) const WITNESS: &str = "witness.toml";

/// The content of the file.
pub(super) struct WitnessFile {
    pub(super) witness: Witness,
    text: String,
}

impl WitnessFile {
    /// Reads the witness of the desk in a folder.
    ///
    /// # Errors
    /// `no-witness` if it is missing or invalid.
    pub(super) fn read(files: &Files, home: &Path) -> Result<Self> {
        let path = home.join(WITNESS);
        let none = |message: &str| Error::new(Reason::NoWitness, message).at(path.display());
        let bytes = files.read(&path, limits::GRANT_FILE).map_err(|error| match error.reason() {
            Reason::NotFound => none("the witness of the ledger is missing"),
            _ => error,
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let witness = text.parse().map_err(|error: Error| none(error.message()))?;
        Ok(Self { witness, text })
    }

    /// Checks a ledger against the witness, and audits it if its write-ahead log may belong to another copy.
    ///
    /// # Errors
    /// `restored-ledger`, `forked-ledger`, `damaged-ledger`.
    pub(super) fn check(&self, book: &dyn Book, wal_is_own: bool) -> Result<()> {
        self.witness.check(book)?;
        if wal_is_own { Ok(()) } else { own_wal::check_ledger(book) }
    }

    /// Whether the write-ahead log of the ledger at `path` belongs to it.
    pub(super) fn is_own_wal(&self, files: &Files, home: &Path, path: &Path) -> bool {
        own_wal::is_own(files, path, &home.join(WAL), &self.text)
    }
}

/// Writes the witness file.
pub(super) fn write(files: &Files, home: &Path, witness: &Witness) -> Result<()> {
    let text = format!("{witness}{}", own_wal::mark(files, &home.join(LEDGER)));
    files.write(&home.join(WITNESS), text.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
}
