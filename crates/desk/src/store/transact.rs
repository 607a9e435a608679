//! Transactions: work is done as a whole or not at all, and looks see one state.

use rusqlite::TransactionBehavior;
use rusqlite::config::DbConfig;

use super::Store;
use super::fault::fault;
use super::transaction::Transaction;
use crate::ledger::{Book, Ledger};
use airlatch_core::model::Result;

impl Ledger for Store {
    fn transact<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        let Self { connection, path, .. } = self;
        let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(|e| fault(&e, path))?;
        let mut page = Transaction::new(&transaction, path);
        let done = work(&mut page)?;
        page.whole()?;
        transaction.commit().map_err(|e| fault(&e, path))?;
        self.trust();
        Ok(done)
    }

    fn look<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        let begun = self.connection.unchecked_transaction();
        let transaction = begun.map_err(|e| fault(&e, &self.path))?;
        work(&Transaction::new(&transaction, &self.path))
    }
}

impl Store {
    /// Lets the log be moved into the file when this is closed.
    pub(super) fn trust(&mut self) {
        if !self.trusted {
            // All is done: what could fail here is only tidiness.
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
            self.trusted = true;
        }
    }
}
