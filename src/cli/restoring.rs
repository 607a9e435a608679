//! Putting a backup in the place of the ledger: looked through first, the old one kept, and written down.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Reason, Result, Trouble};
use airlatch_desk::desk;
use airlatch_desk::ledger::{Act, Book, Draft, Head, Ledger, Witness};
use airlatch_desk::store::Store;

use super::desk_home::{self, DeskHome, LEDGER};
use super::parallel;
use super::session::Session;

/// Said of a backup that is none.
pub(super) const UNFIT: &str = "this backup can't be used; the ledger in use was not touched";

/// What would be gone by.
pub(super) struct Restoring {
    /// Where it is.
    pub(super) source: PathBuf,
    /// Whether it is the ledger that is there already.
    in_place: bool,
    /// The entries in it.
    pub(super) entries: u64,
    /// The licenses in it.
    pub(super) licenses: u64,
    /// What the witness knows and it doesn't.
    pub(super) loss: Loss,
    /// The newest state that is known: by the witness, or by the ledger that is there, if its witness lags behind.
    witness: Option<Witness>,
    /// What was looked through.
    seen: Witness,
}

/// What would be lost.
pub(super) enum Loss {
    /// Nothing: it is as new as the witness, or newer.
    None,
    /// So many entries.
    Entries(u64),
    /// The witness is of another history.
    Other,
    /// There is no witness to tell.
    Unknown,
}

/// What was done.
pub(super) struct Restored {
    /// The end of the ledger now.
    pub(super) head: Head,
    /// Where the ledger before is kept.
    pub(super) kept: Option<PathBuf>,
}

/// Looks the backup through, or the ledger that is there.
pub(super) fn plan(session: &mut Session, desk: &DeskHome, file: Option<&Path>) -> Result<Restoring> {
    let there = desk.path().join(LEDGER);
    let source = file.map_or_else(|| there.clone(), Path::to_path_buf);
    if !session.files.exists(&source) {
        return Err(Trouble::new(Reason::NotFound, "there is no such file").at(source.display()));
    }
    let in_place = session.files.same_file(&source, &there);
    // Nothing was touched yet; what is wrong with a backup says nothing about the ledger in use.
    let unfit = |trouble: Trouble| match in_place {
        true => trouble,
        false => trouble.detail(UNFIT),
    };
    let store = Store::open_to_look(&session.files.resolve(&source)?).map_err(unfit)?;
    let clerk = desk.clerk(session);
    let audit =
        store.look(|book| desk::audit(&clerk, book, &parallel::check_all, &mut |_| {})).map_err(unfit)?;
    if let Some(first) = audit.troubles.into_iter().next() {
        return Err(unfit(first.at(source.display())));
    }
    let witness = newest(session, desk);
    let (loss, seen) = store.look(|book| Ok((loss(book, witness.as_ref())?, Witness::of(book)?)))?;
    Ok(Restoring { source, in_place, entries: audit.entries, licenses: audit.licenses, loss, witness, seen })
}

/// The witness; or what it would say, had it been kept when the ledger was last worked on.
fn newest(session: &Session, desk: &DeskHome) -> Option<Witness> {
    let witness = desk.witness(session).ok()?;
    let there = session.files.resolve(&desk.path().join(LEDGER)).and_then(|path| {
        let store = Store::open_to_look(&path)?;
        store.look(|book| witness.check(book).and_then(|()| Witness::of(book)))
    });
    Some(there.unwrap_or(witness))
}

/// Refuses to go on when somebody worked on the ledger, or changed the backup, since both were looked through: what would
/// be lost by now is not what was shown.
fn refuse_changed(session: &Session, desk: &DeskHome, plan: &Restoring) -> Result<()> {
    let source = Store::open_to_look(&session.files.resolve(&plan.source)?)?;
    if newest(session, desk) == plan.witness && source.look(|book| Witness::of(book))? == plan.seen {
        return Ok(());
    }
    let what = "the ledger changed since it was looked through: restore again";
    Err(Trouble::new(Reason::ChangedMeanwhile, what).at(plan.source.display()))
}

fn loss(book: &dyn Book, witness: Option<&Witness>) -> Result<Loss> {
    let Some(witness) = witness else { return Ok(Loss::Unknown) };
    if book.id()? != witness.ledger {
        return Err(Trouble::new(Reason::ForkedLedger, "this is the ledger of another desk"));
    }
    let head = book.head()?;
    match witness.check(book) {
        Ok(()) => Ok(Loss::None),
        Err(trouble) if trouble.reason() == Reason::RestoredLedger => {
            Ok(Loss::Entries(witness.number.saturating_sub(head.number)))
        }
        Err(trouble) if trouble.reason() == Reason::ForkedLedger => Ok(Loss::Other),
        Err(trouble) => Err(trouble),
    }
}

/// Goes by it from now on.
pub(super) fn restore(
    session: &mut Session,
    desk: &DeskHome,
    plan: &Restoring,
    note: Option<String>,
) -> Result<Restored> {
    let _guard = desk.guard(session, "ledger restore")?;
    refuse_changed(session, desk, plan)?;
    let there = desk.path().join(LEDGER);
    if plan.in_place {
        let (witness, head) = write_down(session, desk, plan, note, &there)?;
        desk_home::keep_witness(session, desk.path(), &witness)?;
        return Ok(Restored { head, kept: None });
    }
    // All is done beside the ledger, which then is the old one, none, or the new one, and nothing in between.
    let new = beside(&there, ".restoring");
    clear(session, &new)?;
    let made = session.files.resolve(&new).and_then(|made| {
        Store::open_to_look(&session.files.resolve(&plan.source)?)?.backup_to(&made)?;
        write_down(session, desk, plan, note, &new)
    });
    let replaced = made.and_then(|(witness, head)| Ok((witness, head, replace(session, &new, &there)?)));
    let (witness, head, kept) = replaced.inspect_err(|_| drop(clear(session, &new)))?;
    desk_home::keep_witness(session, desk.path(), &witness)?;
    Ok(Restored { head, kept })
}

/// Writes into the ledger at `path` that it is gone by from now on.
fn write_down(
    session: &Session,
    desk: &DeskHome,
    plan: &Restoring,
    note: Option<String>,
    path: &Path,
) -> Result<(Witness, Head)> {
    let mut store = Store::open(&session.files.resolve(path)?)?;
    let clerk = desk.clerk(session);
    let lost = plan.witness.as_ref().filter(|_| !matches!(plan.loss, Loss::None));
    let unknown = matches!(plan.loss, Loss::Unknown);
    let witness = store.transact(|book| {
        let head = book.head()?;
        let (number, hash) = lost.map_or((head.number, head.hash), |witness| (witness.number, witness.hash));
        if lost.is_some() || unknown || !plan.in_place {
            let time = head.time.map_or(clerk.now, |last| last.max(clerk.now));
            let act = Act::Restored { number, hash, note };
            book.post(Draft {
                time,
                actor: clerk.actor.to_owned(),
                act,
                transfers: Vec::new(),
                sealed: None,
            })?;
        }
        Witness::of(book)
    })?;
    let head = store.look(|book| book.head())?;
    drop(store);
    // What is still in a log beside it would be left behind with the name.
    if !plan.in_place && session.files.exists(&beside(path, "-wal")) {
        let what = "the ledger that was put back could not be written to its end";
        return Err(Trouble::new(Reason::Io, what).at(path.display()));
    }
    Ok((witness, head))
}

/// Gives `new` the name `there`; what stood there is kept beside it, its log too.
fn replace(session: &Session, new: &Path, there: &Path) -> Result<Option<PathBuf>> {
    let kept = (1..)
        .map(|number| beside(there, &format!(".replaced-{number}")))
        .find(|path| !session.files.exists(path))
        .ok_or_else(|| Trouble::new(Reason::Internal, "no name is free"))?;
    let was_there = session.files.exists(there);
    // The log first: without its file it is nothing, and without its log the file is told by the witness.
    let away = ["-wal", "-shm", ""].iter().try_for_each(|ending| {
        let old = beside(there, ending);
        if session.files.exists(&old) { session.files.rename(&old, &beside(&kept, ending)) } else { Ok(()) }
    });
    let done = away.and_then(|()| session.files.rename(new, there));
    if done.is_err() {
        for ending in ["-wal", "-shm", ""] {
            let _ = session.files.rename(&beside(&kept, ending), &beside(there, ending));
        }
    }
    done.map(|()| was_there.then_some(kept))
}

/// Removes what an interrupted run left.
fn clear(session: &Session, new: &Path) -> Result<()> {
    for ending in ["-journal", "-wal", "-shm", ""] {
        let left = beside(new, ending);
        if session.files.exists(&left) {
            session.files.remove(&left)?;
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
