//! Creates and opens ledger files.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::connect::{connect, connect_blank, connect_unlocked, enable_wal};
use super::fault::fault;
use super::{Store, migrate, schema};
use crate::ledger::{Book, Head, Ledger};
use airlatch_core::model::{Error, Reason, Result};

impl Store {
    /// Creates an empty ledger in a new file; the file may exist if it is empty.
    ///
    /// # Errors
    /// `exists` if the file is not empty, `not-found` if the folder is missing, `unsafe-folder` if the file system has no shared
    /// memory between processes, `busy`, `disk-full`, `read-only`, `io`.
    pub fn create(path: &Path) -> Result<Self> {
        let mut connection = connect_blank(path)?;
        enable_wal(&connection, path)?;
        schema::create_tables(&mut connection, path)?;
        let mut store = Self { connection, path: path.into(), checkpoints_on_close: false };
        store.checkpoint_on_close();
        Ok(store)
    }

    /// Opens a ledger for reading and writing. One with an older schema is migrated; a backup stays beside it.
    ///
    /// # Errors
    /// `not-found`, `not-a-ledger` (also for an empty file), `newer-ledger`, `damaged-ledger` if the file, its tables or its
    /// last entry are damaged, `read-only`, `unsafe-folder`, `busy`, `io`.
    pub fn open(path: &Path) -> Result<Self> {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::is_older(&connection, schema::STEPS, path)?;
        // Without write permission SQLite silently opens the file read-only.
        if connection.is_readonly("main").map_err(|e| fault(&e, path))? {
            return Err(Error::new(Reason::ReadOnly, "the ledger can't be written").at(path.display()));
        }
        enable_wal(&connection, path)?;
        migrate::migrate(&mut connection, schema::STEPS, path)?;
        Self { connection, path: path.into(), checkpoints_on_close: false }.checked()
    }

    /// Opens a ledger read-only. One with an older schema is read from a migrated copy in a temporary database.
    ///
    /// # Errors
    /// As [`open`](Self::open); `read-only` if the write-ahead log can't be opened, which is needed for reading too.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        Self::reading(connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?, path)
    }

    /// Opens a ledger read-only and alone: without locks, write-ahead log and memory shared with other processes. For a file that
    /// nobody changes meanwhile, such as one on a read-only medium; the caller has to make sure that its log is empty.
    ///
    /// # Errors
    /// As [`open_read_only`](Self::open_read_only).
    pub fn open_unlocked(path: &Path) -> Result<Self> {
        Self::reading(connect_unlocked(path)?, path)
    }

    fn reading(connection: Connection, path: &Path) -> Result<Self> {
        let connection = match schema::is_older(&connection, schema::STEPS, path)? {
            true => migrate::migrated_copy(&connection, schema::STEPS, path)?,
            false => connection,
        };
        Self { connection, path: path.into(), checkpoints_on_close: false }.checked()
    }

    /// The path of its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The head of the chain.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    pub fn head(&self) -> Result<Head> {
        self.read(|book: &dyn Book| book.head())
    }

    fn checked(self) -> Result<Self> {
        schema::compare(&self.connection, schema::STEPS, &self.path)?;
        self.head()?;
        Ok(self)
    }
}
