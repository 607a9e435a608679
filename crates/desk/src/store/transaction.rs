//! One transaction on the file, and single values read in it.

use std::cell::Cell;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};

use super::fault::fault;
use crate::ledger::Head;
use airlatch_core::model::{Error, Result};

/// A transaction on a connection.
pub(super) struct Transaction<'a> {
    pub(super) connection: &'a Connection,
    pub(super) path: &'a Path,
    /// The end of the chain, once it was read.
    pub(super) head: Cell<Option<Head>>,
    /// The id of the ledger, once it was read.
    pub(super) id: Cell<Option<[u8; 16]>>,
    /// Writing failed in the middle: nothing of this transaction may stay.
    pub(super) broken: Option<Error>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(connection: &'a Connection, path: &'a Path) -> Self {
        Self { connection, path, head: Cell::new(None), id: Cell::new(None), broken: None }
    }

    /// Whether everything that was posted can be committed.
    pub(super) fn whole(self) -> Result<()> {
        self.broken.map_or(Ok(()), Err)
    }

    pub(super) fn fault(&self, error: &rusqlite::Error) -> Error {
        fault(error, self.path)
    }

    /// One value of one row of a statement that is kept for the next time.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let statement = self.connection.prepare_cached(sql);
        statement.and_then(|mut it| it.query_row(values, read).optional()).map_err(|e| self.fault(&e))
    }
}
