//! Opens the ledger read-only, once for all queries of a use case.

use std::path::Path;

use airlatch_core::model::{Error, Reason, Result};

use crate::ledger::{Book, Head, Ledger};
use crate::store::Store;

use super::home::DeskHome;
use super::witness_file::WitnessFile;

/// A ledger opened read-only.
#[derive(Debug)]
pub struct LedgerReader<'a> {
    home: &'a DeskHome,
    store: Store,
}

impl DeskHome {
    /// Opens the ledger read-only and checks it against its witness. If its write-ahead log may belong to another copy, the whole
    /// ledger is audited.
    ///
    /// # Errors
    /// `busy` with the holder of the lock; `restored-ledger`, `forked-ledger`, `damaged-ledger`, `no-witness`; those of
    /// [`Store::open_read_only`].
    pub fn reader(&self) -> Result<LedgerReader<'_>> {
        let path = self.ledger_path()?;
        let file = WitnessFile::read(&self.files, &self.path)?;
        // The holder of the lock has checked the ledger, and is changing it now.
        let own = file.is_own_wal(&self.files, &self.path, &path) || self.lock_holder().is_some();
        let store = Store::open_read_only(&path).map_err(|error| self.name_lock_holder(error))?;
        let reader = LedgerReader { home: self, store };
        reader.read(|book| file.check(book, own))?;
        Ok(reader)
    }

    /// Opens the ledger read-only without checking its witness: for an audit, which has to read a damaged ledger too.
    ///
    /// # Errors
    /// Those of [`Store::open_read_only`].
    pub fn reader_without_witness(&self) -> Result<LedgerReader<'_>> {
        Ok(LedgerReader { home: self, store: Store::open_read_only(&self.ledger_path()?)? })
    }

    /// Opens the ledger and runs `work` on it, read-only.
    ///
    /// # Errors
    /// Those of [`reader`](Self::reader) and of `work`.
    pub fn read<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        self.reader()?.read(work)
    }

    /// Adds the holder of the lock to a `busy` error.
    fn name_lock_holder(&self, error: Error) -> Error {
        match self.lock_holder() {
            Some(holder) if error.reason() == Reason::Busy => error.detail(holder),
            _ => error,
        }
    }
}

impl LedgerReader<'_> {
    /// Runs `work` on one consistent state of the ledger.
    ///
    /// # Errors
    /// Those of `work`; `busy` with the holder of the lock.
    pub fn read<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        self.store.read(work).map_err(|error| self.home.name_lock_holder(error))
    }

    /// Copies the whole ledger into a new file while it is in use, and returns the head of the copy.
    ///
    /// # Errors
    /// Those of [`Store::backup_to`] and of writing a file.
    pub fn backup(&self, file: &Path) -> Result<Head> {
        self.home.files.write_by(file, |staged| self.store.backup_to(staged))
    }
}
