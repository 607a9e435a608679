//! Copies of the whole ledger, made while others go on working.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::Store;
use super::book::Page;
use super::fault::fault;
use super::open::{connect_blank, journal};
use crate::ledger::{Book, Head};
use airlatch_core::model::{Reason, Result, Trouble};

impl Store {
    /// Copies the ledger as it is at one moment into a new file, checks the copy, and tells where its chain ends. The copy
    /// is one file without a log beside it.
    ///
    /// # Errors
    /// `exists` when something is in the file already, `damaged-ledger` when the copy is not whole, `not-found` (the
    /// folder), `disk-full`, `busy`, `read-only`, `io`. After an error an empty file may be left.
    pub fn backup_to(&self, path: &Path) -> Result<Head> {
        let before = self.head()?;
        let copy = copy(&self.connection, path, &self.path)?;
        let page = Page::new(&copy, path);
        if let Some(line) = super::check::disagreements(&page)?.into_iter().next() {
            return Err(broken(path, line));
        }
        let head = page.head()?;
        if head.number < before.number {
            return Err(broken(
                path,
                format!("it ends with entry {}, the ledger with {}", head.number, before.number),
            ));
        }
        Ok(head)
    }
}

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
        _ => Err(Trouble::new(Reason::Busy, "another process is writing the ledger").at(source.display())),
    }
}

fn broken(path: &Path, why: String) -> Trouble {
    Trouble::new(Reason::DamagedLedger, "the copy is not whole").at(path.display()).detail(why)
}
