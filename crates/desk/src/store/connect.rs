//! One connection to the file, and how it is set up.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::fault::{fault, unopened};
use super::schema;
use airlatch_core::model::{Error, Reason, Result};

/// How many milliseconds a process waits for another one's transaction.
const PATIENCE: i64 = 5_000;
/// How many kibibytes of pages are kept in memory.
const CACHE: i64 = 24_576;
/// How many pages of log are moved into the file at once: more than one large transaction, since most pages change in
/// each of them again.
const LOG: i64 = 8_192;
const STATEMENTS: usize = 64;

/// Opens a connection that changes nothing yet.
pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let storage = |e: rusqlite::Error| fault(&e, path);
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
                rusqlite::Error::ExecuteReturnedResults => connection.pragma(None, name, value, quiet),
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
    let opened = connect(path, flags).and_then(|it| Ok((schema::is_blank(&it, path)?, it)));
    match opened {
        Ok((true, connection)) => Ok(connection),
        Err(error) if error.reason() != Reason::NotALedger => Err(error),
        Ok(_) | Err(_) => Err(schema::taken(path)),
    }
}

/// `file:…` and `:memory:` mean something else to SQLite.
fn plain(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

/// Asks for a log beside the file.
pub(super) fn log_ahead(connection: &Connection, path: &Path) -> Result<()> {
    let mode = journal(connection, "wal").map_err(|e| fault(&e, path))?;
    if mode == "wal" {
        return Ok(());
    }
    let what = "a ledger can't be kept here: there is no memory shared between processes";
    Err(Error::new(Reason::UnsafeFolder, what).at(path.display()))
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
