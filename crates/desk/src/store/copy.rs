//! Copying one database into another at one moment.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connect::{connect_blank, journal};
use super::fault::fault;
use airlatch_core::model::{Error, Reason, Result};

/// Copies the database behind `from`, which lies at `source`, into a blank or missing file.
pub(super) fn copy(from: &Connection, path: &Path, source: &Path) -> Result<Connection> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    let mut to = connect_blank(path)?;
    fill(from, &mut to, path, source)?;
    let mode = journal(&to, "delete").map_err(storage)?;
    if mode != "delete" {
        return Err(broken(path, format!("it keeps a log of the kind {mode}")));
    }
    Ok(to)
}

/// Copies the database behind `from`, which lies at `source`, over another one, which lies at `path`.
pub(super) fn fill(from: &Connection, to: &mut Connection, path: &Path, source: &Path) -> Result<()> {
    match Backup::new(from, to).and_then(|backup| backup.step(-1)).map_err(|e| fault(&e, path))? {
        StepResult::Done => Ok(()),
        _ => Err(Error::new(Reason::Busy, "another process is writing the ledger").at(source.display())),
    }
}

/// A copy that can't be trusted.
pub(super) fn broken(path: &Path, why: String) -> Error {
    Error::new(Reason::DamagedLedger, "the copy is not whole").at(path.display()).detail(why)
}
