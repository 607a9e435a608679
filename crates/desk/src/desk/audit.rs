//! Audits the whole ledger, and compares licenses from the field with it.

use crate::ledger::{self, Act, Activation, Book, Entry, LicenseRef};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::format;
use airlatch_core::model::{Cause, ClockReset, Error, Kind, License, Reason, Result, Time, Unit};

use super::Operator;
use super::reprint::issued;

/// What an audit found.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The number of entries that were checked.
    pub entries: u64,
    /// The number of licenses whose signatures were checked.
    pub licenses: u64,
    /// The errors found; empty if the ledger is intact.
    pub errors: Vec<Error>,
}

/// A stored license, release receipt or clock reset with its entry: everything needed to check it on another thread, without
/// the ledger.
#[derive(Debug)]
pub struct LedgerDocument {
    entry: u64,
    act: Act,
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
/// its entry, and name the chain as it was; receipts and clock resets have to match their entries.
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
    let id = book.id().unwrap_or_default();
    let mut audit = Audit { entries: 0, licenses: 0, errors: Vec::new() };
    let (mut page, mut wrong, mut failed) = (Vec::with_capacity(PAGE_DOCUMENTS), Vec::new(), None);
    let mut check_page = |page: &mut Vec<LedgerDocument>, chain: &[(u64, [u8; 32])]| {
        let check: Check<'_> = &|document| {
            let checked = check_document(operator, id, document, chain);
            checked.map_err(|error| error.at(format!("entry {}", document.entry)))
        };
        match check_all(page, check) {
            Ok(found) => wrong.extend(found),
            Err(error) => failed = failed.take().or(Some(error)),
        }
        wrong.truncate(MAX_ERRORS);
        page.clear();
    };
    let (mut unreported, mut chain) = (0, Vec::new());
    let mut errors = ledger::audit(book, &mut |entry| {
        audit.entries += 1;
        chain.push((entry.number, entry.hash));
        if let Act::Activated(_) | Act::Released { .. } | Act::ClockReset { .. } = &entry.act {
            audit.licenses += u64::from(matches!(entry.act, Act::Activated(_)));
            let stored = operator.bytes(book, entry);
            page.push(LedgerDocument { entry: entry.number, act: entry.act.clone(), stored });
        }
        if page.len() == PAGE_DOCUMENTS {
            check_page(&mut page, &chain);
        }
        unreported += 1;
        if unreported == PROGRESS_ENTRIES {
            step(std::mem::take(&mut unreported));
        }
    })?;
    check_page(&mut page, &chain);
    step(unreported);
    if let Some(error) = failed {
        return Err(error);
    }
    errors.extend(wrong);
    Ok(Audit { errors, ..audit })
}

/// The most errors that are returned for documents.
const MAX_ERRORS: usize = 100;

fn check_document(
    operator: &Operator<'_>,
    ledger: [u8; 16],
    document: &LedgerDocument,
    chain: &[(u64, [u8; 32])],
) -> Result<()> {
    let (named, bytes) = document.stored.clone()?;
    match &document.act {
        Act::Activated(activation) => {
            check_license(ledger, document.entry, activation, operator.read(&named, bytes)?.0, chain)
        }
        Act::Released { .. } => check_receipt(&document.act, &named, bytes),
        Act::ClockReset { .. } => check_reset(&document.act, operator.read_reset(&named, bytes)?.0),
        _ => Ok(()),
    }
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
    verified: Verified<License>,
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
    if license.product != activation.product
        || license.request != activation.request
        || license.lock.unit() != Some(activation.unit)
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
