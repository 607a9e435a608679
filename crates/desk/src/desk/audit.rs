//! Audits the whole ledger, and compares licenses from the field with it.

use std::sync::{Mutex, PoisonError};

use crate::ledger::{self, Act, Activation, Book, DeskTimes, Entry, LicenseRef};
use crate::orders::Lines;
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::format;
use airlatch_core::model::{Cause, ClockReset, Error, Kind, License, Reason, Result, Time, Unit};

use super::Operator;
use super::operator::CLOCK_TOLERANCE_SECONDS;
use super::reprint::issued;
use super::signed_features::{self, Unexplained};

/// What an audit found.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The number of entries that were checked.
    pub entries: u64,
    /// The number of licenses whose signatures were checked.
    pub licenses: u64,
    /// The errors found; empty if the ledger is intact.
    pub errors: Vec<Error>,
    /// The entries that the desk's clock dates in the future; they damage nothing.
    pub ahead: Option<Ahead>,
}

/// Entries that were booked with a clock that was ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// How many there are.
    pub count: u64,
    /// The number of the first.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
    /// The time of the last.
    pub time: Time,
}

/// A stored license, release receipt or clock reset with its entry: everything needed to check it on another thread, without
/// the ledger.
#[derive(Debug)]
pub struct LedgerDocument {
    entry: u64,
    act: Act,
    /// What the entry moved to a unit.
    moved: Lines,
    /// The reference in the entry, and the bytes.
    stored: Result<(LicenseRef, Vec<u8>)>,
}

/// Checks one document.
pub type Check<'a> = &'a (dyn Fn(&LedgerDocument) -> Result<()> + Sync);

/// Runs a check on documents and returns the errors in their order; sequentially or on several threads.
pub type CheckAll<'a> = &'a dyn Fn(&[LedgerDocument], Check<'_>) -> Result<Vec<Error>>;

/// A [`CheckAll`] that checks the documents one after the other.
///
/// # Errors
/// None.
pub fn check_sequentially(licenses: &[LedgerDocument], check: Check<'_>) -> Result<Vec<Error>> {
    Ok(licenses.iter().filter_map(|license| check(license).err()).collect())
}

/// How many documents are checked in one call of `check_all`.
const PAGE_DOCUMENTS: usize = 1_000;
/// How many entries lie between two calls of `step`.
const PROGRESS_ENTRIES: usize = 100;

/// Audits the whole ledger: the chain, the balances, and every stored document. A license has to be signed by this desk, match
/// its entry, name the chain as it was, and grant no more than its unit held; receipts and clock resets have to match their
/// entries.
///
/// Signatures take most of the time, so `check_all` may check them on several threads. `step` is called with the number of
/// entries read since its last call.
///
/// # Errors
/// Those of storage other than damage, and those of `check_all`.
pub fn audit(
    operator: &Operator<'_>,
    book: &dyn Book,
    check_all: CheckAll<'_>,
    step: &mut dyn FnMut(usize),
) -> Result<Audit> {
    let mut audit = Audit { entries: 0, licenses: 0, errors: Vec::new(), ahead: None };
    let mut documents = Documents::new(operator, book, check_all);
    let times = DeskTimes::of(book).unwrap_or_default();
    let soon = operator.now.plus_seconds(CLOCK_TOLERANCE_SECONDS);
    let mut unreported = 0;
    let mut errors = ledger::audit(book, &mut |entry| {
        audit.entries += 1;
        audit.licenses += u64::from(matches!(entry.act, Act::Activated(_)));
        if times.time(entry) > soon {
            audit.ahead = Some(audit.ahead.map_or_else(|| Ahead::from(entry), |ahead| ahead.and(entry)));
        }
        documents.add(entry);
        unreported += 1;
        if unreported == PROGRESS_ENTRIES {
            step(std::mem::take(&mut unreported));
        }
    })?;
    step(unreported);
    errors.extend(documents.finish()?);
    Ok(Audit { errors, ..audit })
}

impl Ahead {
    fn from(entry: &Entry) -> Self {
        Self { count: 1, first: entry.number, last: entry.number, time: entry.time }
    }

    fn and(self, entry: &Entry) -> Self {
        Self { count: self.count + 1, last: entry.number, time: entry.time, ..self }
    }
}

/// The most errors that are returned for documents.
const MAX_ERRORS: usize = 100;

/// The documents of the entries read so far, checked page by page.
struct Documents<'a> {
    operator: &'a Operator<'a>,
    book: &'a dyn Book,
    check_all: CheckAll<'a>,
    /// The id of the ledger.
    id: [u8; 16],
    page: Vec<LedgerDocument>,
    /// Number and hash of every entry so far.
    chain: Vec<(u64, [u8; 32])>,
    wrong: Vec<Error>,
    failed: Option<Error>,
}

impl<'a> Documents<'a> {
    fn new(operator: &'a Operator<'a>, book: &'a dyn Book, check_all: CheckAll<'a>) -> Self {
        let id = book.id().unwrap_or_default();
        let page = Vec::with_capacity(PAGE_DOCUMENTS);
        Self { operator, book, check_all, id, page, chain: Vec::new(), wrong: Vec::new(), failed: None }
    }

    fn add(&mut self, entry: &Entry) {
        self.chain.push((entry.number, entry.hash));
        if let Act::Activated(_) | Act::Released { .. } | Act::ClockReset { .. } = &entry.act {
            let stored = self.operator.bytes(self.book, entry);
            let moved = signed_features::moved_to_unit(entry);
            self.page.push(LedgerDocument { entry: entry.number, act: entry.act.clone(), moved, stored });
        }
        if self.page.len() == PAGE_DOCUMENTS {
            self.check_page();
        }
    }

    /// Checks the documents of the page; then, with the ledger at hand, the licenses that grant more than their entry moved.
    fn check_page(&mut self) {
        let unexplained = Mutex::new(Vec::new());
        let (operator, id, chain) = (self.operator, self.id, &self.chain);
        let check: Check<'_> = &|document| {
            let at = |error: Error| error.at(format!("entry {}", document.entry));
            let found = check_document(operator, id, document, chain).map_err(at)?;
            unexplained.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
            Ok(())
        };
        match (self.check_all)(&self.page, check) {
            Ok(found) => self.wrong.extend(found),
            Err(error) => self.failed = self.failed.take().or(Some(error)),
        }
        let mut unexplained = unexplained.into_inner().unwrap_or_else(PoisonError::into_inner);
        unexplained.sort_by_key(|it| it.entry);
        for license in unexplained {
            match signed_features::check(self.book, &license) {
                Ok(found) => self.wrong.extend(found),
                // The audit of the entries reports what can't be read.
                Err(error) if error.reason() == Reason::DamagedLedger => {}
                Err(error) => self.failed = self.failed.take().or(Some(error)),
            }
        }
        self.wrong.truncate(MAX_ERRORS);
        self.page.clear();
    }

    /// The errors of all documents.
    fn finish(mut self) -> Result<Vec<Error>> {
        self.check_page();
        self.failed.map_or(Ok(self.wrong), Err)
    }
}

/// Checks one document. Returns a license that grants more than its entry moved.
fn check_document(
    operator: &Operator<'_>,
    ledger: [u8; 16],
    document: &LedgerDocument,
    chain: &[(u64, [u8; 32])],
) -> Result<Option<Unexplained>> {
    let (named, bytes) = document.stored.clone()?;
    match &document.act {
        Act::Activated(activation) => {
            let verified = operator.read(&named, bytes)?.0;
            check_license(ledger, document.entry, activation, &verified, chain)?;
            let license = verified.get();
            let is_explained =
                activation.evaluation || signed_features::excess(license, &document.moved).is_none();
            return Ok((!is_explained).then(|| Unexplained {
                entry: document.entry,
                unit: activation.unit,
                license: license.clone(),
            }));
        }
        Act::Released { .. } => check_receipt(&document.act, &named, bytes)?,
        Act::ClockReset { .. } => check_reset(&document.act, operator.read_reset(&named, bytes)?.0)?,
        _ => {}
    }
    Ok(None)
}

/// Checks that a receipt is signed by the unit of the entry, and for the same license.
fn check_receipt(act: &Act, named: &LicenseRef, bytes: Vec<u8>) -> Result<()> {
    let at = |error: Error| error.at(format!("receipt {} in the ledger", named.id));
    let sealed = Sealed::from_parts(Kind::ReleaseReceipt, bytes)?;
    let verified = format::read_receipt(&sealed).map_err(at)?;
    let found = verified.get();
    match act {
        Act::Released { unit, product, license, receipt, .. }
            if *unit == Unit::Host(found.system_id)
                && *product == found.product
                && *license == found.license
                && *receipt == named.id
                && named.id == verified.document_id() =>
        {
            Ok(())
        }
        _ => Err(damaged("the stored receipt doesn't match its entry")),
    }
}

/// Checks that a clock reset is for the host and request of the entry, and signed by its key.
fn check_reset(act: &Act, verified: Verified<ClockReset>) -> Result<()> {
    let found = verified.get();
    match act {
        Act::ClockReset { unit, product, request, key }
            if *unit == Unit::Host(found.system_id)
                && *product == found.product
                && *request == found.request
                && *key == verified.signer().key_id() =>
        {
            Ok(())
        }
        _ => Err(damaged("the stored clock reset doesn't match its entry")),
    }
}

fn damaged(message: &str) -> Error {
    Error::new(Reason::DamagedLedger, message)
}

/// Checks that a license matches its entry, and that its ledger mark is an entry of this chain. Somebody who changes entries
/// can compute all hashes again, but can't change the signed marks in the licenses.
fn check_license(
    ledger: [u8; 16],
    entry: u64,
    activation: &Activation,
    verified: &Verified<License>,
    chain: &[(u64, [u8; 32])],
) -> Result<()> {
    let license = verified.get();
    let mark = license.ledger.ok_or_else(|| damaged("the stored license has no ledger mark"))?;
    if verified.signer().key_id() != activation.key {
        return Err(damaged("the stored license was not signed by the key in its entry"));
    }
    if mark.ledger != ledger || mark.number >= entry {
        return Err(damaged("the stored license belongs to another position of the chain"));
    }
    if let Ok(at) = chain.binary_search_by_key(&mark.number, |(number, _)| *number)
        && chain[at].1 != mark.hash
    {
        let message = format!("entry {} was changed after the stored license was signed", mark.number);
        return Err(damaged(&message));
    }
    // Entries of earlier versions name no hardware.
    let hardware = activation.hardware.is_none() || activation.hardware == license.lock.hardware();
    if license.product != activation.product
        || license.request != activation.request
        || license.lock.unit() != Some(activation.unit)
        || license.model != activation.model
        || license.number != activation.number
        // Only a trial license is charged to no order.
        || license.order.is_none() != activation.evaluation
        || activation.codes.is_empty() != activation.evaluation
        || !hardware
    {
        return Err(damaged("the stored license doesn't match its entry"));
    }
    Ok(())
}

/// How a license from the field relates to this ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldStatus {
    /// It is in this ledger.
    Booked,
    /// It is in this ledger and was released, by the entry with this number and time.
    Released(u64, Time),
    /// It is in this ledger and is to be replaced: the entry with this number and time reversed it.
    Reversed(u64, Time),
    /// It was issued from a grant, without a ledger.
    Unmetered,
    /// Another ledger issued it.
    OtherLedger,
    /// It proves that this ledger lost its latest entries, or was forked.
    Proof(Error),
}

/// Compares a license from the field with the ledger.
///
/// # Errors
/// Those of the ledger.
pub fn field_status(book: &dyn Book, license: &Verified<License>) -> Result<FieldStatus> {
    let Some(mark) = license.get().ledger else { return Ok(FieldStatus::Unmetered) };
    if mark.ledger != book.id()? {
        return Ok(FieldStatus::OtherLedger);
    }
    if let Some((entry, activation)) = issued(book, license.document_id())? {
        let back = ledger::release_entry(book, &entry, &activation)?;
        if let Some(back) = back {
            return Ok(FieldStatus::Released(back.number, back.time));
        }
        let reversed = ledger::reversals(book, entry.number)?.pop();
        return Ok(reversed.map_or(FieldStatus::Booked, |(by, _)| FieldStatus::Reversed(by.number, by.time)));
    }
    let issued = format!("issued  {}, after entry {}", license.get().issued, mark.number);
    let head = book.head()?;
    let proof = |reason, message: String| {
        let ends = head.time.map_or_else(String::new, |time: Time| format!(", of {time}"));
        let error =
            Error::new(reason, message).detail(format!("ledger  ends with entry {}{ends}", head.number));
        error.detail(issued.clone())
    };
    let lost = "this license was issued after the last entry of the ledger: an older copy was put back";
    if mark.number > head.number {
        return Ok(FieldStatus::Proof(proof(Reason::RestoredLedger, lost.into())));
    }
    if book.entry(mark.number)?.is_none_or(|entry| entry.hash != mark.hash) {
        let message =
            format!("entry {} is not the one that this license names: the ledger was forked", mark.number);
        return Ok(FieldStatus::Proof(proof(Reason::ForkedLedger, message)));
    }
    if mark.number == head.number {
        return Ok(FieldStatus::Proof(proof(Reason::RestoredLedger, lost.into())));
    }
    if let Some(restored) = accepted_loss(book, mark.number)? {
        let message = format!(
            "entry {} restored a backup without this license: its features are not charged",
            restored.number
        );
        let error = proof(Reason::RestoredLedger, message).because(Cause::SeatsNotCharged);
        return Ok(FieldStatus::Proof(error));
    }
    let message =
        format!("this license was issued after entry {}, by another copy of this ledger", mark.number);
    Ok(FieldStatus::Proof(proof(Reason::ForkedLedger, message)))
}

/// The entry of a restore that accepted the loss of the entries after this one.
fn accepted_loss(book: &dyn Book, number: u64) -> Result<Option<Entry>> {
    let restored = book.entries(&ledger::Query { acts: vec!["restored"], ..ledger::Query::default() })?;
    Ok(restored.into_iter().find(|entry| match entry.act {
        Act::Restored { number: seen, .. } => (entry.number - 1..seen).contains(&number),
        _ => false,
    }))
}
