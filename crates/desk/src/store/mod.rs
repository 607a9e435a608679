//! The ledger in a SQLite file.

mod backup;
mod book;
mod checked;
mod checkpoint;
mod connect;
mod copy;
mod entry_rows;
mod fault;
mod integrity;
mod migrate;
mod open;
mod post;
mod query;
mod schema;
mod transact;
mod transaction;

use std::path::PathBuf;

use rusqlite::Connection;

/// A ledger in a file.
///
/// Each value is one connection; several, in one process or more, may be open on the same file, and their write transactions
/// take turns. SQLite keeps a write-ahead log beside the file (`-wal`, `-shm`). The three files belong together: copy a ledger
/// only with [`backup_to`](Self::backup_to). The file has to be on a local file system.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// Whether SQLite may move the write-ahead log into the file on close: only after a commit of our own, since before it the
    /// log may belong to another copy of the ledger.
    checkpoints_on_close: bool,
}
