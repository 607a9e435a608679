//! The ledger while one use case works on it: everybody else kept out, and witnessed at the end.

use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::FileLock;

use crate::ledger::{Book, Ledger, Witness};
use crate::store::Store;

use super::home::DeskHome;
use super::witness_file::{self, WitnessFile};

/// A ledger that is worked on, in one transaction or several.
#[derive(Debug)]
pub struct LedgerWriter<'a> {
    home: &'a DeskHome,
    store: Store,
    _guard: FileLock,
}

/// What came of work on the ledger.
#[derive(Debug)]
pub struct Committed<T> {
    /// What the work gave; it is committed.
    pub value: T,
    /// Why the witness could not be written, if so: it lags behind, and the next run mends it.
    pub witness: Option<Error>,
}

impl DeskHome {
    /// Opens the ledger for work; `verb` tells others who keeps them waiting.
    ///
    /// # Errors
    /// `busy` after some seconds; those of [`reader`](Self::reader), and of [`Store::open`].
    pub fn writer(&self, verb: &str) -> Result<LedgerWriter<'_>> {
        self.ledger_path()?;
        let guard = self.guard(verb)?;
        self.guarded_writer(guard)
    }

    /// Works on the ledger in one transaction.
    ///
    /// # Errors
    /// Those of [`writer`](Self::writer), and of the work: then nothing was written.
    pub fn transact<T>(
        &self,
        verb: &str,
        work: impl FnOnce(&mut dyn Book) -> Result<T>,
    ) -> Result<Committed<T>> {
        let mut writer = self.writer(verb)?;
        let value = writer.transact(work)?;
        Ok(Committed { value, witness: writer.close() })
    }

    /// Does work as if it counted, and undoes it: what it gives is what the work would give.
    ///
    /// # Errors
    /// Those of [`transact`](Self::transact).
    pub fn dry_run<T>(&self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        let mut writer = self.writer("try out")?;
        let mut done = None;
        let undo = || Error::new(Reason::Declined, "this was tried out only");
        let tried = writer.transact(|book| {
            done = Some(work(book)?);
            Err::<(), _>(undo())
        });
        done.ok_or_else(|| tried.err().unwrap_or_else(undo))
    }

    /// Lets the witness catch up where a run before ended between commit and witness, and says why it can't. Whoever is at
    /// work does so anyway, and a desk that can't be written can be looked at all the same.
    pub fn catch_up(&self, verb: &str) -> Option<Error> {
        let behind = self.read(|book| {
            let file = WitnessFile::read(&self.files, &self.path)?;
            Ok(file.witness.number < book.head()?.number)
        });
        if !matches!(behind, Ok(true)) {
            return None;
        }
        let guard = self.guard_within(verb, 0).ok()?;
        self.guarded_writer(guard).ok()?.close()
    }

    fn guarded_writer(&self, guard: FileLock) -> Result<LedgerWriter<'_>> {
        let path = self.ledger_path()?;
        let file = WitnessFile::read(&self.files, &self.path)?;
        let own = file.knows_log(&self.files, &self.path, &path);
        let mut store = Store::open(&path)?;
        store.transact(|book| file.check(book, own))?;
        Ok(LedgerWriter { home: self, store, _guard: guard })
    }
}

impl LedgerWriter<'_> {
    /// Works in one transaction.
    ///
    /// # Errors
    /// Those of the work, and of storage: then nothing of it was written.
    pub fn transact<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        self.store.transact(work)
    }

    /// Writes down where the ledger stands now, and says why it can't. What was committed stays committed then: the
    /// witness may lag behind, and the next run mends it.
    pub fn close(self) -> Option<Error> {
        let Self { home, mut store, _guard: guard } = self;
        let witness = store.transact(|book| Witness::of(book));
        // Closing it may move the log into the file, which then is another one than before.
        drop(store);
        let kept = witness.and_then(|witness| witness_file::keep(&home.files, &home.path, &witness));
        drop(guard);
        kept.err()
    }
}
