//! One transaction on the file, and queries for single values in it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};

use super::fault::fault;
use crate::ledger::{Entry, Head, Holder};
use airlatch_core::model::{Error, FeatureName, Result, Unit};

/// A transaction on a connection.
pub(super) struct Transaction<'a> {
    pub(super) connection: &'a Connection,
    pub(super) path: &'a Path,
    /// The head of the chain, once read.
    pub(super) head: Cell<Option<Head>>,
    /// The id of the ledger, once read.
    pub(super) id: Cell<Option<[u8; 16]>>,
    /// All entries about the unit that was asked for last.
    pub(super) unit: RefCell<Option<(Unit, Vec<Entry>)>>,
    /// The balances of pools that were checked against their transfers, with how many of these no stored sum has.
    pub(super) checked: RefCell<BTreeMap<(Holder, FeatureName), i64>>,
    /// Set when writing an entry failed halfway: this transaction must not be committed.
    pub(super) write_error: Option<Error>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(connection: &'a Connection, path: &'a Path) -> Self {
        let (head, id, unit) = (Cell::new(None), Cell::new(None), RefCell::new(None));
        let checked = RefCell::default();
        Self { connection, path, head, id, unit, checked, write_error: None }
    }

    /// The error that forbids committing, if writing an entry failed.
    pub(super) fn finish(self) -> Result<()> {
        self.write_error.map_or(Ok(()), Err)
    }

    pub(super) fn fault(&self, error: &rusqlite::Error) -> Error {
        fault(error, self.path)
    }

    /// The first row of a query, if any; the prepared statement is cached.
    pub(super) fn query_value<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let statement = self.connection.prepare_cached(sql);
        statement.and_then(|mut it| it.query_row(values, read).optional()).map_err(|e| self.fault(&e))
    }
}
