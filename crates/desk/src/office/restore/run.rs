//! Restores as planned: completes the old ledger and its witness, puts the new one in its place, and records the restore.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result};

use crate::ledger::{Act, Book, Draft, Head, Ledger, Witness};
use crate::office::home::{DeskHome, LEDGER};
use crate::office::witness_file;
use crate::store::Store;

use super::place::{remove_leftovers, replace, with_suffix};
use super::plan::{Loss, RestorePlan, open_source, refuse_changed};

/// A completed restore.
pub struct Restored {
    /// The head of the restored ledger.
    pub head: Head,
    /// The path of the previous ledger, if there was one.
    pub kept: Option<PathBuf>,
    /// The error of writing the witness, if it failed. The ledger says what it replaced, so the next run can update it.
    pub witness: Option<Error>,
}

/// Restores as planned.
///
/// # Errors
/// `changed-meanwhile` if ledger or backup changed since the plan; `busy`; those of storage and of renaming files. Then the old
/// ledger is in its place.
pub fn restore(home: &DeskHome, plan: &RestorePlan, note: Option<String>) -> Result<Restored> {
    home.files.safe_for_ledger(home.path())?;
    let _guard = home.lock("ledger restore")?;
    refuse_changed(home, plan)?;
    let ledger = home.path().join(LEDGER);
    if plan.in_place {
        let (witness, head) = post_restored(home, plan, note, &ledger)?;
        return finish(home, plan, &witness, Restored { head, kept: None, witness: None });
    }
    let new = with_suffix(&ledger, ".restoring");
    remove_leftovers(home, &new, &ledger)?;
    complete_old(home, plan, &ledger)?;
    let restored = home.files.resolve(&new).and_then(|path| {
        open_source(home, &plan.source, false)?.copy_to(&path)?;
        post_restored(home, plan, note, &new)
    });
    let replaced = restored
        .and_then(|(witness, head)| Ok((witness, head, replace(home, &new, &ledger, !plan.known.is_whole)?)));
    let (witness, head, kept) = replaced.inspect_err(|_| drop(remove_leftovers(home, &new, &ledger)))?;
    finish(home, plan, &witness, Restored { head, kept, witness: None })
}

/// Brings the witness up to the old ledger, and the log into its file: whatever happens next, nothing of it is lost unnoticed.
fn complete_old(home: &DeskHome, plan: &RestorePlan, ledger: &Path) -> Result<()> {
    let Some(witness) = plan.known.witness.as_ref().filter(|_| plan.known.is_whole) else { return Ok(()) };
    witness_file::write(&home.files, home.path(), witness)?;
    Store::complete(&home.files.resolve(ledger)?)
}

/// Writes the witness. Without one before, the desk is not usable until it is written.
fn finish(home: &DeskHome, plan: &RestorePlan, witness: &Witness, done: Restored) -> Result<Restored> {
    match witness_file::write(&home.files, home.path(), witness) {
        Err(error) if plan.known.witness.is_none() => Err(error),
        written => Ok(Restored { witness: written.err(), ..done }),
    }
}

/// Posts the restore to the ledger at `path`, unless nothing was lost or replaced.
fn post_restored(
    home: &DeskHome,
    plan: &RestorePlan,
    note: Option<String>,
    path: &Path,
) -> Result<(Witness, Head)> {
    let mut store = Store::open(&home.files.resolve(path)?)?;
    let operator = home.operator();
    let known = plan.known.witness.as_ref();
    let lost = known.filter(|_| !matches!(plan.loss, Loss::None | Loss::LostLog));
    let is_unknown = matches!(plan.loss, Loss::Unknown | Loss::LostLog);
    let witness = store.transact(|book| {
        let head = book.head()?;
        let (number, hash) = lost.map_or((head.number, head.hash), |witness| (witness.number, witness.hash));
        if lost.is_some() || !plan.in_place || (is_unknown && !accepts_itself(book)?) {
            let time = head.time.map_or(operator.now, |last| last.max(operator.now));
            let act = Act::Restored { number, hash, note };
            book.post(Draft {
                time,
                actor: operator.actor.to_owned(),
                act,
                transfers: Vec::new(),
                sealed: None,
            })?;
        }
        Witness::of(book)
    })?;
    let head = store.read(|book| book.head())?;
    if plan.in_place {
        // Its witness may still say that entries are in the log.
        store.keep_log();
    }
    drop(store);
    // The log would not be renamed together with the file.
    if !plan.in_place && home.files.exists(&with_suffix(path, "-wal")) {
        let message = "the restored ledger could not be completed: its write-ahead log is not empty";
        return Err(Error::new(Reason::Io, message).at(path.display()));
    }
    Ok((witness, head))
}

/// Whether the last entry accepts the ledger as it was before: an earlier run could not write its witness.
fn accepts_itself(book: &dyn Book) -> Result<bool> {
    let last = book.entries(&crate::ledger::Query { backwards: true, limit: 1, ..Default::default() })?;
    Ok(last.first().is_some_and(|entry| {
        matches!(entry.act, Act::Restored { number, hash, .. } if number + 1 == entry.number && hash == entry.previous)
    }))
}
