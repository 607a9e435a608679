//! Read and write transactions.

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
        let started = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let sqlite = started.map_err(|e| fault(&e, path))?;
        let mut transaction = Transaction::new(&sqlite, path);
        let done = work(&mut transaction)?;
        transaction.finish()?;
        sqlite.commit().map_err(|e| fault(&e, path))?;
        self.checkpoint_on_close();
        Ok(done)
    }

    fn read<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        let started = self.connection.unchecked_transaction();
        let sqlite = started.map_err(|e| fault(&e, &self.path))?;
        work(&Transaction::new(&sqlite, &self.path))
    }
}

impl Store {
    /// Lets SQLite move the write-ahead log into the file when this is closed.
    pub(super) fn checkpoint_on_close(&mut self) {
        if !self.checkpoints_on_close {
            // The transaction is committed; a failure only leaves the log beside the file.
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
            self.checkpoints_on_close = true;
        }
    }

    /// Leaves the write-ahead log beside the file when this is closed.
    pub fn keep_log(&mut self) {
        let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        self.checkpoints_on_close = false;
    }
}
