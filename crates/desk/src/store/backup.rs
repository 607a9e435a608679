//! Backs up the ledger while it is in use.

use std::path::Path;

use super::Store;
use super::copy::{bad_copy, copy};
use super::integrity::inconsistencies;
use super::transaction::Transaction;
use crate::ledger::{Book, Head};
use airlatch_core::model::Result;

impl Store {
    /// Copies a consistent snapshot of the ledger into a new file, checks the copy, and returns its head. The copy is a single
    /// file without a write-ahead log.
    ///
    /// # Errors
    /// `exists` if the file is not empty, `damaged-ledger` if the copy is inconsistent, `not-found` if the folder is missing,
    /// `disk-full`, `busy`, `read-only`, `io`. After an error an empty file may be left.
    pub fn backup_to(&self, path: &Path) -> Result<Head> {
        let before = self.head()?;
        let copy = copy(&self.connection, path, &self.path)?;
        let transaction = Transaction::new(&copy, path);
        if let Some(line) = inconsistencies(&transaction)?.into_iter().next() {
            return Err(bad_copy(path, line));
        }
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
