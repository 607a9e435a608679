//! Copies of the whole ledger, made while others go on working.

use std::path::Path;

use super::Store;
use super::check::disagreements;
use super::copy::{broken, copy};
use super::transaction::Transaction;
use crate::ledger::{Book, Head};
use airlatch_core::model::Result;

impl Store {
    /// Copies the ledger as it is at one moment into a new file, checks the copy, and tells where its chain ends. The copy
    /// is one file without a log beside it.
    ///
    /// # Errors
    /// `exists` when something is in the file already, `damaged-ledger` when the copy is not whole, `not-found` (the
    /// folder), `disk-full`, `busy`, `read-only`, `io`. After an error an empty file may be left.
    pub fn backup_to(&self, path: &Path) -> Result<Head> {
        let before = self.head()?;
        let copy = copy(&self.connection, path, &self.path)?;
        let page = Transaction::new(&copy, path);
        if let Some(line) = disagreements(&page)?.into_iter().next() {
            return Err(broken(path, line));
        }
        let head = page.head()?;
        if head.number < before.number {
            return Err(broken(
                path,
                format!("it ends with entry {}, the ledger with {}", head.number, before.number),
            ));
        }
        Ok(head)
    }
}
