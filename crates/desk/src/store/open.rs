//! Making and opening the file, and refusing what is no ledger of ours.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, OpenFlags};

use super::fault::{fault, unopened};
use super::{Store, migrate};
use crate::ledger::{Book, Head, Ledger};
use airlatch_core::model::{Reason, Result, Trouble};

/// How many milliseconds a process waits for another one's transaction.
const PATIENCE: i64 = 5_000;
/// How many kibibytes of pages are kept in memory.
const CACHE: i64 = 24_576;
/// How many pages of log are moved into the file at once: more than one large transaction, since most pages change in
/// each of them again.
const LOG: i64 = 8_192;
const STATEMENTS: usize = 64;

impl Store {
    /// Makes an empty ledger in a new file; an empty file is taken for none.
    ///
    /// # Errors
    /// `exists` when something is in the file already, `not-found` (the folder), `unsafe-folder` where there is no memory
    /// shared between processes, `busy`, `disk-full`, `read-only`, `io`.
    pub fn create(path: &Path) -> Result<Self> {
        let mut connection = connect_blank(path)?;
        log_ahead(&connection, path)?;
        migrate::make(&mut connection, path)?;
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
        migrate::is_older(&connection, migrate::STEPS, path)?;
        // SQLite falls back to reading where the rights to write are missing.
        if connection.is_readonly("main").map_err(|e| fault(&e, path))? {
            return Err(Trouble::new(Reason::ReadOnly, "the ledger can't be written").at(path.display()));
        }
        log_ahead(&connection, path)?;
        migrate::bring_up(&mut connection, migrate::STEPS, path)?;
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
        let connection = match migrate::is_older(&connection, migrate::STEPS, path)? {
            true => migrate::brought_up(&connection, migrate::STEPS, path)?,
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
        migrate::compare(&self.connection, migrate::STEPS, &self.path)?;
        self.head()?;
        Ok(self)
    }
}

/// Opens a connection that changes nothing yet.
pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let storage = |e: Error| fault(&e, path);
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(plain(path), flags).map_err(|e| unopened(&e, path))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A log that came from elsewhere must not get into the file by mere looking: see `trusted`.
    let close_untouched = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    connection.set_db_config(close_untouched, true).map_err(storage)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(storage)?;
    // A plan that doesn't look at the values: otherwise a statement is compiled anew for each unit that is looked up.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(storage)?;
    for (name, value) in [
        ("busy_timeout", PATIENCE),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("fullfsync", 1),
        ("checkpoint_fullfsync", 1),
        ("cache_size", -CACHE),
        ("wal_autocheckpoint", LOG),
    ] {
        let quiet = |_: &rusqlite::Row<'_>| Ok(());
        connection
            .pragma_update(None, name, value)
            .or_else(|error| match error {
                // Some tell the value that they took.
                Error::ExecuteReturnedResults => connection.pragma(None, name, value, quiet),
                other => Err(other),
            })
            .map_err(storage)?;
    }
    connection.pragma_update(None, "synchronous", "FULL").map_err(storage)?;
    Ok(connection)
}

/// Opens a new or empty file.
///
/// # Errors
/// `exists` when something is in it.
pub(super) fn connect_blank(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let opened = connect(path, flags).and_then(|it| Ok((migrate::is_blank(&it, path)?, it)));
    match opened {
        Ok((true, connection)) => Ok(connection),
        Err(trouble) if trouble.reason() != Reason::NotALedger => Err(trouble),
        Ok(_) | Err(_) => Err(migrate::taken(path)),
    }
}

/// `file:…` and `:memory:` mean something else to SQLite.
fn plain(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

fn log_ahead(connection: &Connection, path: &Path) -> Result<()> {
    let mode = journal(connection, "wal").map_err(|e| fault(&e, path))?;
    if mode == "wal" {
        return Ok(());
    }
    let what = "a ledger can't be kept here: there is no memory shared between processes";
    Err(Trouble::new(Reason::UnsafeFolder, what).at(path.display()))
}

/// Asks for a way of journalling and tells which one there is now. The change is written after the answer is given, so
/// only whoever asks for more hears that it failed.
pub(super) fn journal(connection: &Connection, mode: &str) -> rusqlite::Result<String> {
    let mut now = String::new();
    connection.pragma(None, "journal_mode", mode, |row| {
        now = row.get(0)?;
        Ok(())
    })?;
    Ok(now)
}
