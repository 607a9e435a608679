//! The ledger opened once to look at it, for all the questions of a use case.

use std::path::Path;

use airlatch_core::model::{Error, Reason, Result};

use crate::ledger::{Book, Head, Ledger};
use crate::store::Store;

use super::home::DeskHome;
use super::witness_file::WitnessFile;

/// A ledger that is looked at, and not changed.
#[derive(Debug)]
pub struct LedgerReader<'a> {
    home: &'a DeskHome,
    store: Store,
}

impl DeskHome {
    /// Opens the ledger to look at it: held against its witness, and looked through where its log may be another one's.
    ///
    /// # Errors
    /// `busy` with who is at work on it; `restored-ledger`, `forked-ledger`, `damaged-ledger`, `no-witness`, those of
    /// [`Store::open_read_only`].
    pub fn reader(&self) -> Result<LedgerReader<'_>> {
        let path = self.ledger_path()?;
        let file = WitnessFile::read(&self.files, &self.path)?;
        // Whoever is at work has looked through it, and changes it now.
        let own = file.knows_log(&self.files, &self.path, &path) || self.guarded_by().is_some();
        let store = Store::open_read_only(&path).map_err(|error| self.busy(error))?;
        let reader = LedgerReader { home: self, store };
        reader.read(|book| file.check(book, own))?;
        Ok(reader)
    }

    /// Opens the ledger to look at it without asking its witness: for an audit, which has to see what is wrong.
    ///
    /// # Errors
    /// Those of [`Store::open_read_only`].
    pub fn reader_without_witness(&self) -> Result<LedgerReader<'_>> {
        Ok(LedgerReader { home: self, store: Store::open_read_only(&self.ledger_path()?)? })
    }

    /// Looks at the ledger with one question.
    ///
    /// # Errors
    /// Those of [`reader`](Self::reader), and of the question.
    pub fn read<T>(&self, question: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        self.reader()?.read(question)
    }

    /// Names who is at work on a ledger that is busy.
    fn busy(&self, error: Error) -> Error {
        match self.guarded_by() {
            Some(holder) if error.reason() == Reason::Busy => error.detail(holder),
            _ => error,
        }
    }
}

impl LedgerReader<'_> {
    /// Looks at one state of the ledger.
    ///
    /// # Errors
    /// Those of the question; `busy` with who is at work.
    pub fn read<T>(&self, question: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        self.store.read(question).map_err(|error| self.home.busy(error))
    }

    /// Copies the whole ledger into a new file, while others may work on it; gives where the copy ends.
    ///
    /// # Errors
    /// Those of [`Store::backup_to`], and of writing a file.
    pub fn backup(&self, file: &Path) -> Result<Head> {
        self.home.files.write_by(file, |staged| self.store.backup_to(staged))
    }
}
