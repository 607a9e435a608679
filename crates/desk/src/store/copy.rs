//! Copies one database into another as a consistent snapshot.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connect::{connect_blank, set_journal_mode};
use super::fault::fault;
use airlatch_core::model::{Error, Reason, Result};

/// Copies the database `from`, whose file is `source`, into a missing or empty file.
pub(super) fn copy(from: &Connection, path: &Path, source: &Path) -> Result<Connection> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    let mut to = connect_blank(path)?;
    copy_over(from, &mut to, path, source)?;
    let mode = set_journal_mode(&to, "delete").map_err(storage)?;
    if mode != "delete" {
        return Err(bad_copy(path, format!("its journal mode is {mode}")));
    }
    Ok(to)
}

/// Overwrites the database `to`, whose file is `path`, with `from`, whose file is `source`.
pub(super) fn copy_over(from: &Connection, to: &mut Connection, path: &Path, source: &Path) -> Result<()> {
    match Backup::new(from, to).and_then(|backup| backup.step(-1)).map_err(|e| fault(&e, path))? {
        StepResult::Done => Ok(()),
        _ => Err(Error::new(Reason::Busy, "another process is writing the ledger").at(source.display())),
    }
}

/// The error for a copy that is inconsistent or incomplete.
pub(super) fn bad_copy(path: &Path, why: String) -> Error {
    Error::new(Reason::DamagedLedger, "the copy is damaged or incomplete").at(path.display()).detail(why)
}
