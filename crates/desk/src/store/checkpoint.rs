//! Moves the write-ahead log into the ledger file, so that the file is complete alone.

use std::path::Path;

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::Store;
use super::connect::connect;
use super::fault::fault;
use airlatch_core::model::{Error, Reason, Result};

impl Store {
    /// Moves the write-ahead log of the ledger at `path` into its file. The content stays as it is, and so does an older schema;
    /// the caller has to make sure that the log belongs to the file.
    ///
    /// # Errors
    /// `busy` while another process reads an older state; `read-only`, `disk-full`, `not-found`, `not-a-ledger`, `io`.
    pub fn complete(path: &Path) -> Result<()> {
        let storage = |e: rusqlite::Error| fault(&e, path);
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let refused: bool =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(storage)?;
        if refused {
            return Err(Error::new(Reason::Busy, "another process is reading the ledger").at(path.display()));
        }
        // The last connection removes the empty log.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(storage)?;
        connection.close().map_err(|(_, error)| storage(error))
    }
}
