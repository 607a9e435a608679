//! Putting a backup in the place of the ledger: looked through first, the old one kept, and written down.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result};

use crate::desk;
use crate::ledger::{Act, Book, Draft, Head, Ledger, Witness};
use crate::store::Store;

use super::home::{DeskHome, LEDGER};
use super::parallel;
use super::witness_file::{self, WitnessFile};

/// Said of a backup that is none.
pub const UNFIT: &str = "this backup can't be used; the ledger in use was not touched";

/// What would be gone by.
pub struct RestorePlan {
    /// Where it is.
    pub source: PathBuf,
    /// Whether it is the ledger that is there already.
    in_place: bool,
    /// The entries in it.
    pub entries: u64,
    /// The licenses in it.
    pub licenses: u64,
    /// What the witness knows and it doesn't.
    pub loss: Loss,
    /// The newest state that is known: by the witness, or by the ledger that is there, if its witness lags behind.
    witness: Option<Witness>,
    /// What was looked through.
    seen: Witness,
}

/// What would be lost.
pub enum Loss {
    /// Nothing: it is as new as the witness, or newer.
    None,
    /// So many entries.
    Entries(u64),
    /// The witness is of another history.
    OtherHistory,
    /// There is no witness to tell.
    Unknown,
}

/// What was done.
pub struct Restored {
    /// The end of the ledger now.
    pub head: Head,
    /// Where the ledger before is kept.
    pub kept: Option<PathBuf>,
}

/// Looks the backup through, or the ledger that is there.
pub fn plan(home: &DeskHome, file: Option<&Path>) -> Result<RestorePlan> {
    let there = home.path().join(LEDGER);
    let source = file.map_or_else(|| there.clone(), Path::to_path_buf);
    if !home.files.exists(&source) {
        return Err(Error::new(Reason::NotFound, "there is no such file").at(source.display()));
    }
    let in_place = home.files.same_file(&source, &there);
    // Nothing was touched yet; what is wrong with a backup says nothing about the ledger in use.
    let unfit = |error: Error| match in_place {
        true => error,
        false => error.detail(UNFIT),
    };
    let store = Store::open_read_only(&home.files.resolve(&source)?).map_err(unfit)?;
    let operator = home.operator();
    let audit =
        store.read(|book| desk::audit(&operator, book, &parallel::check_all, &mut |_| {})).map_err(unfit)?;
    if let Some(first) = audit.errors.into_iter().next() {
        return Err(unfit(first.at(source.display())));
    }
    let witness = newest(home);
    let (loss, seen) = store.read(|book| Ok((loss(book, witness.as_ref())?, Witness::of(book)?)))?;
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

/// The witness; or what it would say, had it been kept when the ledger was last worked on.
fn newest(home: &DeskHome) -> Option<Witness> {
    let witness = WitnessFile::read(&home.files, home.path()).ok()?.witness;
    let there = home.files.resolve(&home.path().join(LEDGER)).and_then(|path| {
        let store = Store::open_read_only(&path)?;
        store.read(|book| witness.check(book).and_then(|()| Witness::of(book)))
    });
    Some(there.unwrap_or(witness))
}

/// Refuses to go on when somebody worked on the ledger, or changed the backup, since both were looked through: what would
/// be lost by now is not what was shown.
fn refuse_changed(home: &DeskHome, plan: &RestorePlan) -> Result<()> {
    let source = Store::open_read_only(&home.files.resolve(&plan.source)?)?;
    if newest(home) == plan.witness && source.read(|book| Witness::of(book))? == plan.seen {
        return Ok(());
    }
    let what = "the ledger changed since it was looked through: restore again";
    Err(Error::new(Reason::ChangedMeanwhile, what).at(plan.source.display()))
}

fn loss(book: &dyn Book, witness: Option<&Witness>) -> Result<Loss> {
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

/// Goes by it from now on.
pub fn restore(home: &DeskHome, plan: &RestorePlan, note: Option<String>) -> Result<Restored> {
    let _guard = home.guard("ledger restore")?;
    refuse_changed(home, plan)?;
    let there = home.path().join(LEDGER);
    if plan.in_place {
        let (witness, head) = write_down(home, plan, note, &there)?;
        witness_file::keep(&home.files, home.path(), &witness)?;
        return Ok(Restored { head, kept: None });
    }
    // All is done beside the ledger, which then is the old one, none, or the new one, and nothing in between.
    let new = beside(&there, ".restoring");
    clear(home, &new)?;
    let made = home.files.resolve(&new).and_then(|made| {
        Store::open_read_only(&home.files.resolve(&plan.source)?)?.backup_to(&made)?;
        write_down(home, plan, note, &new)
    });
    let replaced = made.and_then(|(witness, head)| Ok((witness, head, replace(home, &new, &there)?)));
    let (witness, head, kept) = replaced.inspect_err(|_| drop(clear(home, &new)))?;
    witness_file::keep(&home.files, home.path(), &witness)?;
    Ok(Restored { head, kept })
}

/// Writes into the ledger at `path` that it is gone by from now on.
fn write_down(
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
    // What is still in a log beside it would be left behind with the name.
    if !plan.in_place && home.files.exists(&beside(path, "-wal")) {
        let what = "the ledger that was put back could not be written to its end";
        return Err(Error::new(Reason::Io, what).at(path.display()));
    }
    Ok((witness, head))
}

/// Gives `new` the name `there`; what stood there is kept beside it, its log too.
fn replace(home: &DeskHome, new: &Path, there: &Path) -> Result<Option<PathBuf>> {
    let kept = (1..)
        .map(|number| beside(there, &format!(".replaced-{number}")))
        .find(|path| !home.files.exists(path))
        .ok_or_else(|| Error::new(Reason::Internal, "no name is free"))?;
    let was_there = home.files.exists(there);
    // The log first: without its file it is nothing, and without its log the file is told by the witness.
    let away = ["-wal", "-shm", ""].iter().try_for_each(|ending| {
        let old = beside(there, ending);
        if home.files.exists(&old) { home.files.rename(&old, &beside(&kept, ending)) } else { Ok(()) }
    });
    let done = away.and_then(|()| home.files.rename(new, there));
    if done.is_err() {
        for ending in ["-wal", "-shm", ""] {
            let _ = home.files.rename(&beside(&kept, ending), &beside(there, ending));
        }
    }
    done.map(|()| was_there.then_some(kept))
}

/// Removes what an interrupted run left.
fn clear(home: &DeskHome, new: &Path) -> Result<()> {
    for ending in ["-journal", "-wal", "-shm", ""] {
        let left = beside(new, ending);
        if home.files.exists(&left) {
            home.files.remove(&left)?;
        }
    }
    Ok(())
}

/// The path with something behind its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
