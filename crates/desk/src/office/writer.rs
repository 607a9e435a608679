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
    /// Whether the witness says that entries may be in the write-ahead log only.
    is_marked: bool,
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
            Ok(file.has_entries_in_log() || file.witness != Witness::of(book)?)
        });
        if !matches!(behind, Ok(true)) {
            return None;
        }
        let guard = self.lock_within(verb, 0).ok()?;
        self.locked_writer(guard).ok()?.close()
    }

    fn locked_writer(&self, guard: FileLock) -> Result<LedgerWriter<'_>> {
        self.refuse_hidden_keys()?;
        let path = self.ledger_path()?;
        let file = WitnessFile::read(&self.files, &self.path)?;
        let own = file.is_own_wal(&self.files, &self.path, &path);
        if file.lost_its_log(&self.files, &self.path) {
            self.checked_reader(&path, &file, own)?;
        }
        let store = Store::open(&path)?;
        let mut writer =
            LedgerWriter { home: self, store, is_marked: file.has_entries_in_log(), _guard: guard };
        writer.transact(|book| file.check(book, own))?;
        Ok(writer)
    }
}

impl LedgerWriter<'_> {
    /// Runs `work` in one transaction.
    ///
    /// # Errors
    /// Those of `work` and of storage; then nothing was written.
    pub fn transact<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        let done = self.store.transact(work)?;
        if self.is_marked {
            // The witness still says that entries are there; `close` changes that.
            self.store.keep_log();
        }
        Ok(done)
    }

    /// Runs `work` in one of several transactions, and writes the witness. Before the first one the witness says that later
    /// entries are in the write-ahead log, so that its loss is noticed even if nothing was written after a commit.
    ///
    /// # Errors
    /// Those of [`transact`](Self::transact).
    pub fn transact_one_of_many<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        let home = self.home;
        // A witness that can't be written lags behind, and `close` says so.
        let write = |witness: &Witness| witness_file::write_between(&home.files, &home.path, witness).is_ok();
        if !self.is_marked {
            self.is_marked = true;
            self.store.keep_log();
            write(&self.store.read(|book| Witness::of(book))?);
        }
        let (done, witness) = self.transact(|book| Ok((work(book)?, Witness::of(book)?)))?;
        write(&witness);
        Ok(done)
    }

    /// Writes the witness and returns the error if that failed. Committed transactions stay committed then; the next run updates
    /// the witness.
    pub fn close(self) -> Option<Error> {
        let Self { home, mut store, is_marked, _guard: guard } = self;
        let witness = store.transact(|book| Witness::of(book));
        // While the log is there: once it is gone, a witness that still names it would tell of a loss.
        let early = match &witness {
            Ok(witness) if is_marked => witness_file::write(&home.files, &home.path, witness),
            _ => Ok(()),
        };
        if let Err(error) = early {
            // Closed without a checkpoint, the log stays.
            store.keep_log();
            return Some(error);
        }
        // Closing the store may change the ledger file, whose stamp is written with the witness.
        drop(store);
        let kept = witness.and_then(|witness| witness_file::write(&home.files, &home.path, &witness));
        drop(guard);
        kept.err()
    }
}
