//! The ledger in a file: the port on SQLite, so that nothing is lost, doubled or silently replaced.

mod backup;
mod book;
mod check;
mod connect;
mod copy;
mod fault;
mod migrate;
mod open;
mod post;
mod query;
mod rows;
mod schema;
mod transact;
mod transaction;

use std::path::PathBuf;

use rusqlite::Connection;

/// A ledger in a file.
///
/// One value is one connection; several, in one process or in many, may be open on the same file, and take turns. The
/// database runs with a write-ahead log beside it (`-wal`, `-shm`): the three files belong together, and a copy is only
/// ever made with [`backup_to`](Self::backup_to). The file has to lie on a file system of this machine.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// What the log holds may be moved into the file when this is closed: something of our own was committed.
    trusted: bool,
}
