//! Checks a backup, and what a restore of it would lose.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Cause, Error, Reason, Result};

use crate::desk;
use crate::ledger::{Book, Ledger, Witness};
use crate::office::home::{DeskHome, LEDGER, ledger_gone};
use crate::office::parallel;
use crate::office::reader::open_store;
use crate::store::Store;

use super::known::{Known, known};

/// A restore that was checked, to be confirmed.
pub struct RestorePlan {
    /// The path of the backup, or of the ledger itself.
    pub source: PathBuf,
    /// Whether the source is the current ledger: then only the loss is accepted.
    pub(super) in_place: bool,
    /// The number of entries in it.
    pub entries: u64,
    /// The number of licenses in it.
    pub licenses: u64,
    /// What would be lost compared with the witness.
    pub loss: Loss,
    /// The newest known state.
    pub(super) known: Known,
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
    /// Unknown, because the write-ahead log of an interrupted run is gone.
    LostLog,
}

/// Audits a backup, or the current ledger if there is no `file`.
pub fn plan(home: &DeskHome, file: Option<&Path>) -> Result<RestorePlan> {
    home.refuse_hidden_keys()?;
    let ledger = home.path().join(LEDGER);
    // Before the ledger is opened, which makes a new log.
    let known = known(home)?;
    let source = file.map_or_else(|| ledger.clone(), Path::to_path_buf);
    if !home.files.exists(&source) {
        return Err(match file {
            Some(_) => Error::new(Reason::NotFound, "the file doesn't exist").at(source.display()),
            None => ledger_gone(&source),
        });
    }
    let in_place = home.files.same_file(&source, &ledger);
    // A damaged backup says nothing about the ledger in use, which was not changed.
    let unusable = |error: Error| match in_place {
        true => error,
        false => error
            .detail("this backup can't be used; the ledger in use was not touched")
            .because(Cause::UnfitBackup),
    };
    let store = open_source(home, &source, in_place && known.lost_log).map_err(unusable)?;
    let operator = home.operator();
    let audit = store
        .read(|book| desk::audit(&operator, book, &parallel::check_all, &mut |_| {}))
        .map_err(unusable)?;
    if let Some(first) = audit.errors.into_iter().next() {
        return Err(unusable(first.at(source.display())));
    }
    let (mut loss, seen) =
        store.read(|book| Ok((compute_loss(book, known.witness.as_ref())?, Witness::of(book)?)))?;
    if in_place && known.lost_log && matches!(loss, Loss::None) {
        loss = Loss::LostLog;
    }
    let (entries, licenses) = (audit.entries, audit.licenses);
    Ok(RestorePlan { source, in_place, entries, licenses, loss, known, seen })
}

/// Opens the backup, which has to be a file; without making a log where that of the desk is gone.
pub(super) fn open_source(home: &DeskHome, source: &Path, lost_log: bool) -> Result<Store> {
    home.files.open(source)?;
    let path = home.files.resolve(source)?;
    if lost_log { Store::open_unlocked(&path) } else { Ok(open_store(&home.files, &path)?.0) }
}

/// Refuses the restore if ledger or backup changed since they were checked: the loss would not be what was confirmed.
pub(super) fn refuse_changed(home: &DeskHome, plan: &RestorePlan) -> Result<()> {
    let now = known(home)?;
    let source = open_source(home, &plan.source, plan.in_place && now.lost_log)?;
    if now == plan.known && source.read(|book| Witness::of(book))? == plan.seen {
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
