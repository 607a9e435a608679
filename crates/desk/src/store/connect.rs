//! Opens SQLite connections and configures them.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::fault::{fault, open_fault};
use super::schema;
use airlatch_core::model::{Error, Reason, Result};

/// How long a transaction waits for that of another process.
const BUSY_TIMEOUT_MS: i64 = 5_000;
/// The size of the page cache.
const CACHE_KIB: i64 = 24_576;
/// The size of the write-ahead log that triggers a checkpoint: larger than a big transaction, because consecutive transactions
/// change mostly the same pages.
const CHECKPOINT_PAGES: i64 = 8_192;
const CACHED_STATEMENTS: usize = 64;

/// Opens and configures a connection; this doesn't change the file.
pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    connect_as(&literal_path(path), flags, path)
}

/// Opens a file read-only that nobody changes, without its write-ahead log.
pub(super) fn connect_unlocked(path: &Path) -> Result<Connection> {
    let mut uri = String::from("file:");
    for byte in literal_path(path).as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            _ => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    connect_as(Path::new(&uri), flags, path)
}

/// Opens `name`, the path or URI of the file at `path`.
fn connect_as(name: &Path, flags: OpenFlags, path: &Path) -> Result<Connection> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(name, flags).map_err(|e| open_fault(&e, path))?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Reading must not move a foreign write-ahead log into the file: see `Store::checkpoints_on_close`.
    let no_checkpoint_on_close = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    connection.set_db_config(no_checkpoint_on_close, true).map_err(storage)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(storage)?;
    // Query plans independent of bound values: otherwise a statement is compiled again for each unit.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(storage)?;
    for (name, value) in [
        ("busy_timeout", BUSY_TIMEOUT_MS),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("fullfsync", 1),
        ("checkpoint_fullfsync", 1),
        ("cache_size", -CACHE_KIB),
        ("wal_autocheckpoint", CHECKPOINT_PAGES),
    ] {
        let quiet = |_: &rusqlite::Row<'_>| Ok(());
        connection
            .pragma_update(None, name, value)
            .or_else(|error| match error {
                // Some pragmas return the new value as a row.
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
/// `exists` if it is not empty.
pub(super) fn connect_blank(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let opened = connect(path, flags).and_then(|it| Ok((schema::is_blank(&it, path)?, it)));
    match opened {
        Ok((true, connection)) => Ok(connection),
        Err(error) if error.reason() != Reason::NotALedger => Err(error),
        Ok(_) | Err(_) => Err(schema::not_blank(path)),
    }
}

/// The path with `./` in front, so that SQLite doesn't interpret `file:…` and `:memory:`.
fn literal_path(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

/// Switches to a write-ahead log.
pub(super) fn enable_wal(connection: &Connection, path: &Path) -> Result<()> {
    let mode = set_journal_mode(connection, "wal").map_err(|e| fault(&e, path))?;
    if mode == "wal" {
        return Ok(());
    }
    let message = "this file system has no memory shared between processes, which a ledger needs";
    Err(Error::new(Reason::UnsafeFolder, message).at(path.display()))
}

/// Requests a journal mode and returns the one now in effect. SQLite writes the change after it returned the row; a failure
/// shows only because the statement is run to its end.
pub(super) fn set_journal_mode(connection: &Connection, mode: &str) -> rusqlite::Result<String> {
    let mut now = String::new();
    connection.pragma(None, "journal_mode", mode, |row| {
        now = row.get(0)?;
        Ok(())
    })?;
    Ok(now)
}
