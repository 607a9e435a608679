//! Making and opening the file, and refusing what is no ledger of ours.

use std::path::Path;

use rusqlite::OpenFlags;

use super::connect::{connect, connect_blank, log_ahead};
use super::fault::fault;
use super::{Store, migrate, schema};
use crate::ledger::{Book, Head, Ledger};
use airlatch_core::model::{Error, Reason, Result};

impl Store {
    /// Makes an empty ledger in a new file; an empty file is taken for none.
    ///
    /// # Errors
    /// `exists` when something is in the file already, `not-found` (the folder), `unsafe-folder` where there is no memory
    /// shared between processes, `busy`, `disk-full`, `read-only`, `io`.
    pub fn create(path: &Path) -> Result<Self> {
        let mut connection = connect_blank(path)?;
        log_ahead(&connection, path)?;
        schema::make(&mut connection, path)?;
        let mut store = Self { connection, path: path.into(), trusted: false };
        store.trust();
        Ok(store)
    }

    /// Opens a ledger; one of an older version is brought up to this one, and stays beside it as it was.
    ///
    /// # Errors
    /// `not-found`, `not-a-ledger` (also for an empty file), `newer-ledger`, `damaged-ledger` when the file, its tables or
    /// its last entry are not as they were written, `read-only`, `unsafe-folder`, `busy`, `io`.
    pub fn open(path: &Path) -> Result<Self> {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::is_older(&connection, schema::STEPS, path)?;
        // SQLite falls back to reading where the rights to write are missing.
        if connection.is_readonly("main").map_err(|e| fault(&e, path))? {
            return Err(Error::new(Reason::ReadOnly, "the ledger can't be written").at(path.display()));
        }
        log_ahead(&connection, path)?;
        migrate::bring_up(&mut connection, schema::STEPS, path)?;
        Self { connection, path: path.into(), trusted: false }.checked()
    }

    /// Opens a ledger only to look at it: nothing in it is changed. One of an older version is looked at as a copy that was
    /// brought up to this one, in a file of the system's for what is needed for a moment.
    ///
    /// # Errors
    /// As [`open`](Self::open); `read-only` where not even a look is possible, because the log beside the file can't be
    /// shared there.
    pub fn open_to_look(path: &Path) -> Result<Self> {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let connection = match schema::is_older(&connection, schema::STEPS, path)? {
            true => migrate::brought_up(&connection, schema::STEPS, path)?,
            false => connection,
        };
        Self { connection, path: path.into(), trusted: false }.checked()
    }

    /// The end of the chain.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    pub fn head(&self) -> Result<Head> {
        self.look(|book: &dyn Book| book.head())
    }

    fn checked(self) -> Result<Self> {
        schema::compare(&self.connection, schema::STEPS, &self.path)?;
        self.head()?;
        Ok(self)
    }
}
