//! Looking through the whole ledger, and holding licenses from the field against it.

use crate::ledger::{self, Act, Activation, Book, Entry, LicenseRef};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::format;
use airlatch_core::model::{ClockReset, Error, Kind, License, Reason, Result, Time, Unit};

use super::Operator;
use super::reprint::issued;

/// What an audit found.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The entries looked at.
    pub entries: u64,
    /// The licenses whose signatures were checked.
    pub licenses: u64,
    /// What is wrong; empty when all is well.
    pub errors: Vec<Error>,
}

/// A license, receipt or clock reset as it lies in the ledger, and the entry it belongs to: all that is needed to check it
/// apart from the book.
#[derive(Debug)]
pub struct LedgerDocument {
    entry: u64,
    act: Act,
    /// Its name in the entry, and its bytes.
    stored: Result<(LicenseRef, Vec<u8>)>,
}

/// Checks one license.
pub type Check<'a> = &'a (dyn Fn(&LedgerDocument) -> Result<()> + Sync);

/// Has some licenses checked, and gives the errors in their order; one after the other, or on many threads at once.
pub type CheckAll<'a> = &'a dyn Fn(&[LedgerDocument], Check<'_>) -> Result<Vec<Error>>;

/// Checks licenses one after the other: the plain [`CheckAll`].
///
/// # Errors
/// None of its own.
pub fn check_sequentially(licenses: &[LedgerDocument], check: Check<'_>) -> Result<Vec<Error>> {
    Ok(licenses.iter().filter_map(|license| check(license).err()).collect())
}

/// Licenses that are checked at once.
const PAGE_DOCUMENTS: usize = 1_000;
/// Entries between two steps.
const PROGRESS_ENTRIES: usize = 100;

/// Looks through the whole ledger: chain, sums, that every stored license verifies, says what its entry says, and what
/// the chain was when it was signed, and that every receipt and clock reset is what its entry says.
/// Checking a signature takes longer than all the rest, so `check_all` may spread that over threads. `step` is told how many
/// more entries were gone through.
///
/// # Errors
/// Those of storage, where nothing more can be read, and those of `check_all`.
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

/// More faults than anybody reads.
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

/// The receipt of an entry: signed by the unit that it takes something from, and about the same license.
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
        _ => Err(damaged("the stored receipt is about something else than its entry")),
    }
}

/// The clock reset of an entry: for the host and the request that the entry names, and signed by its key.
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
        _ => Err(damaged("the stored clock reset is about something else than its entry")),
    }
}

fn damaged(message: &str) -> Error {
    Error::new(Reason::DamagedLedger, message)
}

/// The license of an entry: signed by this desk, about what the entry is about, and behind the `chain` that it was signed
/// behind. The hashes of a changed chain can be made to fit again, but not without the key what the licenses say of them.
fn check_license(
    ledger: [u8; 16],
    entry: u64,
    activation: &Activation,
    verified: Verified<License>,
    chain: &[(u64, [u8; 32])],
) -> Result<()> {
    let license = verified.get();
    let mark = license.ledger.ok_or_else(|| damaged("the stored license names no ledger"))?;
    if verified.signer().key_id() != activation.key {
        return Err(damaged("the stored license was signed by another key than the entry says"));
    }
    if mark.ledger != ledger || mark.number >= entry {
        return Err(damaged("the stored license belongs to another place of the chain"));
    }
    if let Ok(at) = chain.binary_search_by_key(&mark.number, |(number, _)| *number)
        && chain[at].1 != mark.hash
    {
        let message = format!("entry {} was another one when the stored license was signed", mark.number);
        return Err(damaged(&message));
    }
    if license.product != activation.product
        || license.request != activation.request
        || license.lock.unit() != Some(activation.unit)
    {
        return Err(damaged("the stored license is about something else than its entry"));
    }
    Ok(())
}

/// Where a license from the field stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldStatus {
    /// It is in this ledger.
    Booked,
    /// It is in this ledger, and was given back by the entry with this number, at this time.
    Released(u64, Time),
    /// It was never charged to any ledger.
    Unmetered,
    /// Another ledger issued it.
    OtherLedger,
    /// It proves that this ledger lost its end, or was forked.
    Proof(Error),
}

/// Holds a license from the field against the ledger.
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
        return Ok(back.map_or(FieldStatus::Booked, |back| FieldStatus::Released(back.number, back.time)));
    }
    let issued = format!("issued  {}, after entry {}", license.get().issued, mark.number);
    let head = book.head()?;
    let proof = |reason, message: String| {
        let ends = head.time.map_or_else(String::new, |time: Time| format!(", of {time}"));
        let error =
            Error::new(reason, message).detail(format!("ledger  ends with entry {}{ends}", head.number));
        Ok(FieldStatus::Proof(error.detail(issued.clone())))
    };
    let lost = "this license was issued after the ledger's end: an older copy was put back";
    if mark.number > head.number {
        return proof(Reason::RestoredLedger, lost.into());
    }
    let query = ledger::Query { after: mark.number.saturating_sub(1), limit: 1, ..ledger::Query::default() };
    let entry = book.entries(&query)?.into_iter().find(|entry| entry.number == mark.number);
    if entry.is_none_or(|entry| entry.hash != mark.hash) {
        let message = format!(
            "entry {} was another one when this license was issued: the ledger was forked",
            mark.number
        );
        return proof(Reason::ForkedLedger, message);
    }
    if mark.number == head.number {
        return proof(Reason::RestoredLedger, lost.into());
    }
    if let Some(restored) = accepted_loss(book, mark.number)? {
        let message = format!(
            "this license was lost from the ledger when entry {} put a backup back: its seats are not charged",
            restored.number
        );
        return proof(Reason::RestoredLedger, message);
    }
    let message =
        format!("this license was issued after entry {}, by another copy of this ledger", mark.number);
    proof(Reason::ForkedLedger, message)
}

/// The entry by which the part of the ledger behind this entry was given up.
fn accepted_loss(book: &dyn Book, number: u64) -> Result<Option<Entry>> {
    let restored = book.entries(&ledger::Query { acts: vec!["restored"], ..ledger::Query::default() })?;
    Ok(restored.into_iter().find(|entry| match entry.act {
        Act::Restored { number: seen, .. } => (entry.number - 1..seen).contains(&number),
        _ => false,
    }))
}
