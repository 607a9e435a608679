//! Restores a backup: audits it, replaces the ledger, keeps the old one, and records the restore.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Cause, Error, Reason, Result};

use crate::desk;
use crate::ledger::{Act, Book, Draft, Head, Ledger, Witness};
use crate::store::Store;

use super::home::{DeskHome, LEDGER};
use super::parallel;
use super::witness_file::{self, WitnessFile};

/// A restore that was checked, to be confirmed.
pub struct RestorePlan {
    /// The path of the backup, or of the ledger itself.
    pub source: PathBuf,
    /// Whether the source is the current ledger: then only the loss is accepted.
    in_place: bool,
    /// The number of entries in it.
    pub entries: u64,
    /// The number of licenses in it.
    pub licenses: u64,
    /// What would be lost compared with the witness.
    pub loss: Loss,
    /// The newest known state: that of the witness, or of the current ledger if its witness lags behind.
    witness: Option<Witness>,
    /// The state of the source that was audited.
    seen: Witness,
}

/// What a restore loses.
pub enum Loss {
    /// Nothing: the source is as new as the witness, or newer.
    None,
    /// This many entries.
    Entries(u64),
    /// The witness belongs to a fork of the ledger with other entries.
    OtherHistory,
    /// Unknown, because there is no witness.
    Unknown,
}

/// A completed restore.
pub struct Restored {
    /// The head of the restored ledger.
    pub head: Head,
    /// The path of the previous ledger, if there was one.
    pub kept: Option<PathBuf>,
}

/// Audits a backup, or the current ledger if there is no `file`.
pub fn plan(home: &DeskHome, file: Option<&Path>) -> Result<RestorePlan> {
    let ledger = home.path().join(LEDGER);
    let source = file.map_or_else(|| ledger.clone(), Path::to_path_buf);
    if !home.files.exists(&source) {
        let error = match file {
            Some(_) => Error::new(Reason::NotFound, "the file doesn't exist"),
            None => Error::new(Reason::NotFound, "the ledger is gone").because(Cause::LedgerGone),
        };
        return Err(error.at(source.display()));
    }
    let in_place = home.files.same_file(&source, &ledger);
    // A damaged backup says nothing about the ledger in use, which was not changed.
    let unusable = |error: Error| match in_place {
        true => error,
        false => error
            .detail("this backup can't be used; the ledger in use was not touched")
            .because(Cause::UnfitBackup),
    };
    let store = Store::open_read_only(&home.files.resolve(&source)?).map_err(unusable)?;
    let operator = home.operator();
    let audit = store
        .read(|book| desk::audit(&operator, book, &parallel::check_all, &mut |_| {}))
        .map_err(unusable)?;
    if let Some(first) = audit.errors.into_iter().next() {
        return Err(unusable(first.at(source.display())));
    }
    let witness = newest_witness(home);
    let (loss, seen) = store.read(|book| Ok((compute_loss(book, witness.as_ref())?, Witness::of(book)?)))?;
    Ok(RestorePlan {
        source,
        in_place,
        entries: audit.entries,
        licenses: audit.licenses,
        loss,
        witness,
        seen,
    })
}

/// The witness, or a newer one computed from the current ledger if that is intact.
fn newest_witness(home: &DeskHome) -> Option<Witness> {
    let witness = WitnessFile::read(&home.files, home.path()).ok()?.witness;
    let ledger = home.files.resolve(&home.path().join(LEDGER)).and_then(|path| {
        let store = Store::open_read_only(&path)?;
        store.read(|book| witness.check(book).and_then(|()| Witness::of(book)))
    });
    Some(ledger.unwrap_or(witness))
}

/// Refuses the restore if ledger or backup changed since they were checked: the loss would not be what was confirmed.
fn refuse_changed(home: &DeskHome, plan: &RestorePlan) -> Result<()> {
    let source = Store::open_read_only(&home.files.resolve(&plan.source)?)?;
    if newest_witness(home) == plan.witness && source.read(|book| Witness::of(book))? == plan.seen {
        return Ok(());
    }
    let message = "the ledger or the backup changed since it was checked: restore again";
    Err(Error::new(Reason::ChangedMeanwhile, message).at(plan.source.display()))
}

fn compute_loss(book: &dyn Book, witness: Option<&Witness>) -> Result<Loss> {
    let Some(witness) = witness else { return Ok(Loss::Unknown) };
    if book.id()? != witness.ledger {
        return Err(Error::new(Reason::ForkedLedger, "this is the ledger of another desk"));
    }
    let head = book.head()?;
    match witness.check(book) {
        Ok(()) => Ok(Loss::None),
        Err(error) if error.reason() == Reason::RestoredLedger => {
            Ok(Loss::Entries(witness.number.saturating_sub(head.number)))
        }
        Err(error) if error.reason() == Reason::ForkedLedger => Ok(Loss::OtherHistory),
        Err(error) => Err(error),
    }
}

/// Restores as planned.
///
/// # Errors
/// `changed-meanwhile` if ledger or backup changed since the plan; `busy`; those of storage and of renaming files.
pub fn restore(home: &DeskHome, plan: &RestorePlan, note: Option<String>) -> Result<Restored> {
    let _guard = home.lock("ledger restore")?;
    refuse_changed(home, plan)?;
    let ledger = home.path().join(LEDGER);
    if plan.in_place {
        let (witness, head) = post_restored(home, plan, note, &ledger)?;
        witness_file::write(&home.files, home.path(), &witness)?;
        return Ok(Restored { head, kept: None });
    }
    // The new ledger is prepared beside the old one, so that an interruption leaves either the old one, none, or the new one.
    let new = with_suffix(&ledger, ".restoring");
    remove_leftovers(home, &new)?;
    let restored = home.files.resolve(&new).and_then(|path| {
        Store::open_read_only(&home.files.resolve(&plan.source)?)?.copy_to(&path)?;
        post_restored(home, plan, note, &new)
    });
    let replaced = restored.and_then(|(witness, head)| Ok((witness, head, replace(home, &new, &ledger)?)));
    let (witness, head, kept) = replaced.inspect_err(|_| drop(remove_leftovers(home, &new)))?;
    witness_file::write(&home.files, home.path(), &witness)?;
    Ok(Restored { head, kept })
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
    let lost = plan.witness.as_ref().filter(|_| !matches!(plan.loss, Loss::None));
    let unknown = matches!(plan.loss, Loss::Unknown);
    let witness = store.transact(|book| {
        let head = book.head()?;
        let (number, hash) = lost.map_or((head.number, head.hash), |witness| (witness.number, witness.hash));
        if lost.is_some() || unknown || !plan.in_place {
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
    drop(store);
    // The log would not be renamed together with the file.
    if !plan.in_place && home.files.exists(&with_suffix(path, "-wal")) {
        let message = "the restored ledger could not be completed: its write-ahead log is not empty";
        return Err(Error::new(Reason::Io, message).at(path.display()));
    }
    Ok((witness, head))
}

/// Renames `new` to `ledger`; the old ledger is kept under another name, with its write-ahead log.
fn replace(home: &DeskHome, new: &Path, ledger: &Path) -> Result<Option<PathBuf>> {
    let kept = (1..)
        .map(|number| with_suffix(ledger, &format!(".replaced-{number}")))
        .find(|path| !home.files.exists(path))
        .ok_or_else(|| Error::new(Reason::Internal, "there is no free name for the old ledger"))?;
    let existed = home.files.exists(ledger);
    // The log first: alone it is harmless, and a file without its log is detected by the witness.
    let moved = ["-wal", "-shm", ""].iter().try_for_each(|suffix| {
        let old = with_suffix(ledger, suffix);
        if home.files.exists(&old) { home.files.rename(&old, &with_suffix(&kept, suffix)) } else { Ok(()) }
    });
    let done = moved.and_then(|()| home.files.rename(new, ledger));
    if done.is_err() {
        for suffix in ["-wal", "-shm", ""] {
            let _ = home.files.rename(&with_suffix(&kept, suffix), &with_suffix(ledger, suffix));
        }
    }
    done.map(|()| existed.then_some(kept))
}

/// Removes files left by an interrupted run.
fn remove_leftovers(home: &DeskHome, new: &Path) -> Result<()> {
    for suffix in ["-journal", "-wal", "-shm", ""] {
        let left = with_suffix(new, suffix);
        if home.files.exists(&left) {
            home.files.remove(&left)?;
        }
    }
    Ok(())
}

/// The path with a suffix appended to the file name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
