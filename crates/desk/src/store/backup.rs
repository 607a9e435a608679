//! Copies the ledger while it is in use.

use std::path::Path;

use super::Store;
use super::copy::{bad_copy, copy};
use super::integrity::inconsistencies;
use super::transaction::Transaction;
use crate::ledger::{self, Book, Head};
use airlatch_core::model::{Error, Reason, Result};

impl Store {
    /// Copies a consistent snapshot of the ledger into a new file, audits the copy, and returns its head. The copy is a single
    /// file without a write-ahead log.
    ///
    /// # Errors
    /// `exists` if the file is not empty, `damaged-ledger` if the audit finds a fault, `not-found` if the folder is missing,
    /// `disk-full`, `busy`, `read-only`, `io`. After an error an unusable file may be left.
    pub fn backup_to(&self, path: &Path) -> Result<Head> {
        self.copied(path, |copy| {
            let mut found = ledger::audit(copy, &mut |_| {})?.into_iter();
            let Some(first) = found.next() else { return Ok(()) };
            let message = "the ledger is damaged, so this would be no backup: no copy was kept";
            let error = Error::new(Reason::DamagedLedger, message).at(self.path.display());
            let places = first.places().iter().map(|place| format!("{place}: ")).collect::<String>();
            let error = error.detail(format!("{places}{}", first.message()));
            Err(match found.len() {
                0 => error,
                more => error.detail(format!("and {more} more")),
            })
        })
    }

    /// The same for a ledger that was audited just now: of the copy only balances and pages are checked.
    ///
    /// # Errors
    /// As [`backup_to`](Self::backup_to).
    pub fn copy_to(&self, path: &Path) -> Result<Head> {
        self.copied(path, |copy| match inconsistencies(copy)?.into_iter().next() {
            Some(line) => Err(bad_copy(path, line)),
            None => Ok(()),
        })
    }

    fn copied(&self, path: &Path, check: impl FnOnce(&Transaction<'_>) -> Result<()>) -> Result<Head> {
        let before = self.head()?;
        let copy = copy(&self.connection, path, &self.path)?;
        let transaction = Transaction::new(&copy, path);
        check(&transaction)?;
        let head = transaction.head()?;
        if head.number < before.number {
            return Err(bad_copy(
                path,
                format!("it ends with entry {}, the ledger with {}", head.number, before.number),
            ));
        }
        Ok(head)
    }
}
