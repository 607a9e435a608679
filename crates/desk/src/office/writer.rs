//! Opens the ledger for writing, under its lock, and updates the witness at the end.

use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::FileLock;

use crate::ledger::{Book, Ledger, Witness};
use crate::store::Store;

use super::home::DeskHome;
use super::witness_file::{self, WitnessFile};

/// A ledger opened for writing, for one or several transactions.
#[derive(Debug)]
pub struct LedgerWriter<'a> {
    home: &'a DeskHome,
    store: Store,
    _guard: FileLock,
}

/// The result of a committed transaction.
#[derive(Debug)]
pub struct Committed<T> {
    /// The result.
    pub value: T,
    /// The error of writing the witness, if it failed. The witness then lags behind until the next run updates it.
    pub witness: Option<Error>,
}

impl DeskHome {
    /// Opens the ledger for writing; `verb` is shown to others that wait for the lock.
    ///
    /// # Errors
    /// `busy` after a timeout; those of [`reader`](Self::reader) and of [`Store::open`].
    pub fn writer(&self, verb: &str) -> Result<LedgerWriter<'_>> {
        self.ledger_path()?;
        let guard = self.lock(verb)?;
        self.locked_writer(guard)
    }

    /// Opens the ledger and runs `work` in one transaction.
    ///
    /// # Errors
    /// Those of [`writer`](Self::writer) and of `work`; then nothing was written.
    pub fn transact<T>(
        &self,
        verb: &str,
        work: impl FnOnce(&mut dyn Book) -> Result<T>,
    ) -> Result<Committed<T>> {
        let mut writer = self.writer(verb)?;
        let value = writer.transact(work)?;
        Ok(Committed { value, witness: writer.close() })
    }

    /// Runs `work` in a transaction that is rolled back, and returns its result.
    ///
    /// # Errors
    /// Those of [`transact`](Self::transact).
    pub fn dry_run<T>(&self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        let mut writer = self.writer("dry run")?;
        let mut done = None;
        let undo = || Error::new(Reason::Declined, "this was a dry run");
        let tried = writer.transact(|book| {
            done = Some(work(book)?);
            Err::<(), _>(undo())
        });
        done.ok_or_else(|| tried.err().unwrap_or_else(undo))
    }

    /// Updates a witness that lags behind because an earlier run was interrupted after its commit. Returns the error of writing
    /// it; other errors are ignored, because a ledger that is locked or read-only can still be read.
    pub fn catch_up(&self, verb: &str) -> Option<Error> {
        let behind = self.read(|book| {
            let file = WitnessFile::read(&self.files, &self.path)?;
            Ok(file.witness.number < book.head()?.number)
        });
        if !matches!(behind, Ok(true)) {
            return None;
        }
        let guard = self.lock_within(verb, 0).ok()?;
        self.locked_writer(guard).ok()?.close()
    }

    fn locked_writer(&self, guard: FileLock) -> Result<LedgerWriter<'_>> {
        let path = self.ledger_path()?;
        let file = WitnessFile::read(&self.files, &self.path)?;
        let own = file.is_own_wal(&self.files, &self.path, &path);
        let mut store = Store::open(&path)?;
        store.transact(|book| file.check(book, own))?;
        Ok(LedgerWriter { home: self, store, _guard: guard })
    }
}

impl LedgerWriter<'_> {
    /// Runs `work` in one transaction.
    ///
    /// # Errors
    /// Those of `work` and of storage; then nothing was written.
    pub fn transact<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        self.store.transact(work)
    }

    /// Writes the witness and returns the error if that failed. Committed transactions stay committed then; the next run updates
    /// the witness.
    pub fn close(self) -> Option<Error> {
        let Self { home, mut store, _guard: guard } = self;
        let witness = store.transact(|book| Witness::of(book));
        // Closing the store may change the ledger file, whose stamp is written with the witness.
        drop(store);
        let kept = witness.and_then(|witness| witness_file::write(&home.files, &home.path, &witness));
        drop(guard);
        kept.err()
    }
}
