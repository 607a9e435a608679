//! Opens the ledger read-only, once for all queries of a use case.

use std::path::Path;

use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::Files;

use crate::ledger::{Book, Head, Ledger, Witness};
use crate::store::Store;

use super::home::DeskHome;
use super::own_wal;
use super::witness_file::{self, WitnessFile, Witnessed};

/// A ledger opened read-only.
#[derive(Debug)]
pub struct LedgerReader<'a> {
    home: &'a DeskHome,
    store: Store,
    /// The stamp of the ledger file if it is read without locks, as on a read-only medium.
    unlocked: Option<String>,
}

impl DeskHome {
    /// Opens the ledger read-only and checks it against its witness. If its write-ahead log may belong to another copy, the whole
    /// ledger is audited, and the witness records that, so that the next run need not do it again.
    ///
    /// # Errors
    /// `busy` with the holder of the lock; `restored-ledger`, `forked-ledger`, `damaged-ledger`, `no-witness`; those of
    /// [`Store::open_read_only`].
    pub fn reader(&self) -> Result<LedgerReader<'_>> {
        let path = self.ledger_path()?;
        let file = WitnessFile::read(&self.files, &self.path)?;
        // The holder of the lock has checked the ledger, and is changing it now.
        let own = file.is_own_wal(&self.files, &self.path, &path) || self.lock_holder().is_some();
        let stamp = self.files.stamp(&path);
        let (reader, _) = self.checked_reader(&path, &file, own)?;
        if !own {
            self.remember_audit(&path, &file, &reader, stamp);
        }
        Ok(reader)
    }

    /// Opens the ledger at `path` and checks it against `file`; with its audit, unless its log is its own.
    pub(super) fn checked_reader(
        &self,
        path: &Path,
        file: &WitnessFile,
        wal_is_own: bool,
    ) -> Result<(LedgerReader<'_>, Witnessed)> {
        let log_is_lost = file.lost_its_log(&self.files, &self.path);
        let opened = if log_is_lost { self.unlocked_reader(path) } else { self.open_reader(path) };
        let reader = opened.map_err(|error| self.name_lock_holder(error))?;
        let witnessed = reader.read(|book| file.check(book, wal_is_own))?;
        if log_is_lost && witnessed == Witnessed::Has {
            return Err(witness_file::lost_log().at(path.display()));
        }
        Ok((reader, witnessed))
    }

    /// Opens the ledger read-only without checking its witness: for an audit, which has to read a damaged ledger too.
    ///
    /// # Errors
    /// Those of [`Store::open_read_only`].
    pub fn reader_without_witness(&self) -> Result<LedgerReader<'_>> {
        let path = self.ledger_path()?;
        // An ordinary connection would make a new log, and nobody would notice any more that the old one is gone.
        match WitnessFile::read(&self.files, &self.path) {
            Ok(file) if file.lost_its_log(&self.files, &self.path) => self.unlocked_reader(&path),
            _ => self.open_reader(&path),
        }
    }

    /// Opens the ledger and runs `work` on it, read-only.
    ///
    /// # Errors
    /// Those of [`reader`](Self::reader) and of `work`.
    pub fn read<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        self.reader()?.read(work)
    }

    fn open_reader(&self, path: &Path) -> Result<LedgerReader<'_>> {
        let stamp = self.files.stamp(path).unwrap_or_default();
        let (store, is_unlocked) = open_store(&self.files, path)?;
        Ok(LedgerReader { home: self, store, unlocked: is_unlocked.then_some(stamp) })
    }

    fn unlocked_reader(&self, path: &Path) -> Result<LedgerReader<'_>> {
        let unlocked = Some(self.files.stamp(path).unwrap_or_default());
        Ok(LedgerReader { home: self, store: Store::open_unlocked(path)?, unlocked })
    }

    /// Writes the witness of a ledger that was audited because of its log, if nobody wrote it meanwhile. Whatever prevents it
    /// costs another audit only.
    fn remember_audit(
        &self,
        path: &Path,
        file: &WitnessFile,
        reader: &LedgerReader<'_>,
        stamp: Option<String>,
    ) {
        let Ok(_guard) = self.lock_within("ledger audit", 0) else { return };
        let is_same = stamp.is_some() && self.files.stamp(path) == stamp;
        if is_same
            && file.is_unchanged(&self.files, &self.path)
            && let Ok(witness) = reader.read(|book| Witness::of(book))
        {
            let _ = witness_file::write(&self.files, &self.path, &witness);
        }
    }

    /// Adds the holder of the lock to a `busy` error.
    fn name_lock_holder(&self, error: Error) -> Error {
        match self.lock_holder() {
            Some(holder) if error.reason() == Reason::Busy => error.detail(holder),
            _ => error,
        }
    }
}

/// Opens the ledger at `path` read-only. Where no log can be made, as on a read-only medium, and none is needed, its file is read
/// alone; returns whether it is.
pub(super) fn open_store(files: &Files, path: &Path) -> Result<(Store, bool)> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match Store::open_read_only(path) {
        Err(error) if error.reason() == Reason::ReadOnly && own_wal::is_empty(files, Path::new(&log)) => {
            Ok((Store::open_unlocked(path)?, true))
        }
        opened => Ok((opened?, false)),
    }
}

impl LedgerReader<'_> {
    /// Runs `work` on one consistent state of the ledger.
    ///
    /// # Errors
    /// Those of `work`; `busy` with the holder of the lock.
    pub fn read<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        let done = self.store.read(work).map_err(|error| match error.reason() {
            // Nothing was verified, because this user may not read the keys.
            Reason::UntrustedKey => self.home.keys_hidden().cloned().unwrap_or(error),
            _ => self.home.name_lock_holder(error),
        });
        self.refuse_changed()?;
        done
    }

    /// Copies the whole ledger into a new file while it is in use, and returns the head of the copy.
    ///
    /// # Errors
    /// Those of [`Store::backup_to`] and of writing a file.
    pub fn backup(&self, file: &Path) -> Result<Head> {
        self.home.files.write_by(file, |staged| {
            let head = self.store.backup_to(staged)?;
            self.refuse_changed()?;
            Ok(head)
        })
    }

    /// Refuses what was read without locks from a file that changed meanwhile.
    fn refuse_changed(&self) -> Result<()> {
        let path = self.store.path();
        match &self.unlocked {
            Some(stamp) if self.home.files.stamp(path).as_ref() != Some(stamp) => {
                let message = "another process wrote the ledger while it was read";
                Err(Error::new(Reason::Busy, message).at(path.display()))
            }
            _ => Ok(()),
        }
    }
}
