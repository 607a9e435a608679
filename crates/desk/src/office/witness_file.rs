//! Reads and writes the witness file of the ledger, and checks a ledger against it.

use std::path::Path;

use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::{Access, Existing, Files};

use crate::ledger::{Act, Book, Query, Witness};

use super::home::{LEDGER, WAL};
use super::own_wal;

/// The witness file in the desk home.
pub(super) const WITNESS: &str = "witness.toml";
/// The line of a witness that was written while several transactions follow each other: entries may be in the write-ahead log
/// only. Readers of the witness see a comment.
const IN_LOG: &str = "# later entries may be in the write-ahead log";

/// The content of the file.
pub(super) struct WitnessFile {
    pub(super) witness: Witness,
    text: String,
}

/// What a ledger is to its witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Witnessed {
    /// It has the witnessed entry.
    Has,
    /// It replaced the witnessed state, and one of its entries says so: a restore was interrupted before it wrote its witness.
    Replaced,
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
    pub(super) fn check(&self, book: &dyn Book, wal_is_own: bool) -> Result<Witnessed> {
        let witnessed = match self.witness.check(book) {
            Err(error)
                if matches!(error.reason(), Reason::RestoredLedger | Reason::ForkedLedger)
                    && self.is_replaced(book)? =>
            {
                Witnessed::Replaced
            }
            checked => checked.map(|()| Witnessed::Has)?,
        };
        if !wal_is_own {
            own_wal::check_ledger(book)?;
        }
        Ok(witnessed)
    }

    /// Whether the ledger records that it replaced the state of the witness.
    fn is_replaced(&self, book: &dyn Book) -> Result<bool> {
        let restored = book.entries(&Query { acts: vec!["restored"], ..Query::default() })?;
        let replaces = |act: &Act| matches!(act, Act::Restored { number, hash, .. } if (*number, *hash) == (self.witness.number, self.witness.hash));
        Ok(book.id()? == self.witness.ledger && restored.iter().any(|entry| replaces(&entry.act)))
    }

    /// Whether entries may be in the write-ahead log only.
    pub(super) fn has_entries_in_log(&self) -> bool {
        self.text.lines().any(|line| line == IN_LOG)
    }

    /// Whether the write-ahead log that may have entries is gone. To be asked before the ledger is opened, which makes a new one.
    pub(super) fn lost_its_log(&self, files: &Files, home: &Path) -> bool {
        self.has_entries_in_log() && !files.exists(&home.join(WAL))
    }

    /// Whether the write-ahead log of the ledger at `path` belongs to it.
    pub(super) fn is_own_wal(&self, files: &Files, home: &Path, path: &Path) -> bool {
        own_wal::is_own(files, path, &home.join(WAL), &self.text)
    }

    /// Whether another file was written since this was read.
    pub(super) fn is_unchanged(&self, files: &Files, home: &Path) -> bool {
        Self::read(files, home).is_ok_and(|now| now.text == self.text)
    }
}

/// The error for a write-ahead log that is gone with the entries that may have been in it.
pub(super) fn lost_log() -> Error {
    let message = "the write-ahead log of the ledger is gone, and the last entries may be lost with it";
    Error::new(Reason::RestoredLedger, message)
}

/// Writes the witness file.
pub(super) fn write(files: &Files, home: &Path, witness: &Witness) -> Result<()> {
    write_text(files, home, format!("{witness}{}", own_wal::mark(files, &home.join(LEDGER))))
}

/// Writes the witness file between two of several transactions.
pub(super) fn write_between(files: &Files, home: &Path, witness: &Witness) -> Result<()> {
    let mark = own_wal::mark(files, &home.join(LEDGER));
    write_text(files, home, format!("{witness}{mark}{IN_LOG}\n"))
}

fn write_text(files: &Files, home: &Path, text: String) -> Result<()> {
    files.write(&home.join(WITNESS), text.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
}
