//! Audits the ledger from its first entry: hash chain, transfers and balances.

use airlatch_core::model::{Error, FeatureName, Reason, Result, Unit};

use super::sums::{self, Sums};
use super::{Act, Book, Entry, Head, Holder, Query, Reversal, Reversed, moves, reversals};

/// How many entries are read in one query.
const PAGE_ENTRIES: usize = 1_000;
/// The most errors that are returned.
const MAX_ERRORS: usize = 100;

/// Checks every entry in order: its number, its hash, the link to the entry before, the time, its transfers, and that no
/// holder is ever below zero, that a reversal fits the entry it names; then the data stored outside the chain. `each` is called for every entry that could be read. An
/// entry that can't be read is reported and skipped, and checks that depend on it are left out. Returns at most 100 errors,
/// all of them `damaged-ledger` or `too-large`.
///
/// # Errors
/// Those of storage.
pub fn audit(book: &dyn Book, each: &mut dyn FnMut(&Entry)) -> Result<Vec<Error>> {
    let mut audit = Audit { found: Vec::new(), last: Some(Head::default()), sums: Some(Sums::default()) };
    let (mut after, mut limit, mut unreadable) = (0, PAGE_ENTRIES, 0);
    while unreadable < MAX_ERRORS {
        match book.entries(&Query { after, limit, ..Query::default() }) {
            Ok(page) => {
                let Some(last) = page.last() else { break };
                after = last.number;
                for entry in &page {
                    each(entry);
                    audit.entry(book, entry)?;
                }
            }
            Err(error) if error.reason() != Reason::DamagedLedger => return Err(error),
            // Reads entry by entry to find the one that can't be read.
            Err(_) if limit > 1 => limit = 1,
            Err(error) => {
                audit.skip_unreadable(error);
                (after, limit, unreadable) = (after.saturating_add(1), PAGE_ENTRIES, unreadable + 1);
            }
        }
    }
    audit.end(book)?;
    Ok(audit.found)
}

struct Audit {
    found: Vec<Error>,
    /// The head before the current entry; `None` if that entry could not be read.
    last: Option<Head>,
    /// The balances so far; `None` after an entry that could not be read.
    sums: Option<Sums>,
}

impl Audit {
    fn report(&mut self, error: Error) {
        if self.found.len() < MAX_ERRORS && self.found.last() != Some(&error) {
            self.found.push(error);
        }
    }

    fn skip_unreadable(&mut self, error: Error) {
        self.report(error);
        self.last = None;
        self.sums = None;
    }

    fn entry(&mut self, book: &dyn Book, entry: &Entry) -> Result<()> {
        let follows = self.last.map_or(Ok(()), |last| entry.follows(&last));
        for error in [entry.check(), follows].into_iter().filter_map(Result::err) {
            self.report(error);
        }
        self.last = Some(entry.head());
        let place = format!("entry {}", entry.number);
        if let Err(message) = moves::check(&entry.act, &entry.transfers) {
            self.report(Error::new(Reason::DamagedLedger, message).at(&place));
        }
        let excess = releasing_unit(&entry.act).map(|unit| excess_release(book, entry, unit));
        for checked in excess.into_iter().chain([reversals::fault(book, entry)]) {
            match checked {
                Ok(found) => found.into_iter().for_each(|error| self.report(error.at(&place))),
                Err(error) if error.reason() == Reason::DamagedLedger => self.report(error),
                Err(error) => return Err(error),
            }
        }
        let Some(sums) = &mut self.sums else { return Ok(()) };
        // Balances of units would need a lot of memory, and few units ever release: `excess_release` adds those up.
        let kept = |holder: Holder| matches!(holder, Holder::Source | Holder::Pool(_));
        let error = match sums.changed_by(&entry.transfers) {
            Ok(mut changed) => {
                changed.retain(|(holder, _), _| kept(*holder));
                let short = sums::first_negative(&changed).map(|((holder, article), sum)| {
                    Error::new(Reason::DamagedLedger, format!("{holder} holds {sum} of {article}"))
                });
                sums.apply(changed);
                short
            }
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            self.report(error.at(&place));
        }
        Ok(())
    }

    fn end(&mut self, book: &dyn Book) -> Result<()> {
        match book.head() {
            Ok(head) if self.last.is_some_and(|last| last != head) => {
                let message = "the last entry that was read is not the head of the ledger";
                self.report(Error::new(Reason::DamagedLedger, message).at(format!("entry {}", head.number)));
            }
            Ok(_) => {}
            Err(error) if error.reason() == Reason::DamagedLedger => self.report(error),
            Err(error) => return Err(error),
        }
        for line in book.inconsistencies()? {
            self.report(Error::new(Reason::DamagedLedger, line));
        }
        Ok(())
    }
}

/// The unit that lost something by this act.
fn releasing_unit(act: &Act) -> Option<Unit> {
    match act {
        Act::Released { unit, .. } | Act::Reversed(Reversal { of: Reversed::License { unit, .. }, .. }) => {
            Some(*unit)
        }
        _ => None,
    }
}

/// The error if the unit gave more by this entry than it held.
fn excess_release(book: &dyn Book, entry: &Entry, unit: Unit) -> Result<Option<Error>> {
    let of_unit = book.entries(&Query { unit: Some(unit), ..Query::default() })?;
    let earlier = of_unit.iter().filter(|other| other.number <= entry.number);
    let sums = Sums::default().changed_by(earlier.flat_map(|other| &other.transfers))?;
    let below = |((holder, article), sum): (&(Holder, FeatureName), &i64)| {
        let gave = matches!(holder, Holder::Unit(..)) && *sum < 0;
        gave.then(|| Error::new(Reason::DamagedLedger, format!("{holder} holds {sum} of {article}")))
    };
    Ok(sums.iter().find_map(below))
}
