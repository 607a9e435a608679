//! Looking through the whole ledger, and holding licenses from the field against it.

use crate::crypto::Verified;
use crate::ledger::{self, Act, Activation, Book, Entry};
use crate::model::{License, Reason, Result, Time, Trouble};

use super::Clerk;

/// What an audit found.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The entries looked at.
    pub entries: u64,
    /// The licenses whose signatures were checked.
    pub licenses: u64,
    /// What is wrong; empty when all is well.
    pub troubles: Vec<Trouble>,
}

/// Looks through the whole ledger: chain, sums, and that every stored license verifies and says what its entry says
/// and what the chain was when it was signed.
/// `step` is called for each entry.
///
/// # Errors
/// Those of storage, where nothing more can be read.
pub fn audit(clerk: &Clerk<'_>, book: &dyn Book, step: &mut dyn FnMut()) -> Result<Audit> {
    let (mut entries, mut licenses, mut wrong) = (0, 0, Vec::new());
    let mut chain = Vec::new();
    let mut troubles = ledger::audit(book, &mut |entry| {
        entries += 1;
        chain.push((entry.number, entry.hash));
        step();
        if let Act::Activated(activation) = &entry.act {
            licenses += 1;
            if let Err(trouble) = license(clerk, book, entry, activation, &chain)
                && wrong.len() < MOST
            {
                wrong.push(trouble.at(format!("entry {}", entry.number)));
            }
        }
    })?;
    troubles.extend(wrong);
    Ok(Audit { entries, licenses, troubles })
}

/// More faults than anybody reads.
const MOST: usize = 100;

/// The license of an entry: signed by this desk, about what the entry is about, and behind the `chain` that it was signed
/// behind. The hashes of a changed chain can be made to fit again, but not without the key what the licenses say of them.
fn license(
    clerk: &Clerk<'_>,
    book: &dyn Book,
    entry: &Entry,
    activation: &Activation,
    chain: &[(u64, [u8; 32])],
) -> Result<()> {
    let wrong = |what: &str| Trouble::new(Reason::DamagedLedger, what);
    let named = entry.license.ok_or_else(|| wrong("the activation names no license"))?;
    let (verified, _) = clerk.stored(book, &named)?;
    let license = verified.get();
    let mark = license.ledger.ok_or_else(|| wrong("the stored license names no ledger"))?;
    if verified.signer().key_id() != activation.key {
        return Err(wrong("the stored license was signed by another key than the entry says"));
    }
    if mark.ledger != book.id()? || mark.number >= entry.number {
        return Err(wrong("the stored license belongs to another place of the chain"));
    }
    if let Ok(at) = chain.binary_search_by_key(&mark.number, |(number, _)| *number)
        && chain[at].1 != mark.hash
    {
        let what = format!("entry {} was another one when the stored license was signed", mark.number);
        return Err(wrong(&what));
    }
    if license.product != activation.product
        || license.request != activation.request
        || license.lock.unit() != activation.unit
    {
        return Err(wrong("the stored license is about something else than its entry"));
    }
    Ok(())
}

/// Where a license from the field stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is in this ledger.
    Booked,
    /// It was never charged to any ledger.
    Unmetered,
    /// Another ledger issued it.
    OtherLedger,
    /// It proves that this ledger lost its end, or was forked.
    Proof(Trouble),
}

/// Holds a license from the field against the ledger.
///
/// # Errors
/// Those of the ledger.
pub fn hold_against(book: &dyn Book, license: &Verified<License>) -> Result<Standing> {
    let Some(mark) = license.get().ledger else { return Ok(Standing::Unmetered) };
    if mark.ledger != book.id()? {
        return Ok(Standing::OtherLedger);
    }
    if book.license(license.document_id())?.is_some() {
        return Ok(Standing::Booked);
    }
    let issued = format!("issued  {}, after entry {}", license.get().issued, mark.number);
    let head = book.head()?;
    let proof = |reason, what: String| {
        let ends = head.time.map_or_else(String::new, |time: Time| format!(", of {time}"));
        let trouble =
            Trouble::new(reason, what).detail(format!("ledger  ends with entry {}{ends}", head.number));
        Ok(Standing::Proof(trouble.detail(issued.clone())))
    };
    if mark.number > head.number {
        let what = "this license was issued after the ledger's end: an older copy was put back";
        return proof(Reason::RestoredLedger, what.into());
    }
    let query = ledger::Query { after: mark.number.saturating_sub(1), limit: 1, ..ledger::Query::default() };
    let there = book.entries(&query)?.into_iter().find(|entry| entry.number == mark.number);
    if there.is_none_or(|entry| entry.hash != mark.hash) {
        let what = format!(
            "entry {} was another one when this license was issued: the ledger was forked",
            mark.number
        );
        return proof(Reason::ForkedLedger, what);
    }
    let what = format!("this license was issued after entry {}, by another copy of this ledger", mark.number);
    proof(Reason::ForkedLedger, what)
}
