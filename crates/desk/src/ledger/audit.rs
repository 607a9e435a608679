//! The whole ledger gone through from its first entry: what the chain and the sums have to say.

use airlatch_core::model::{Error, FeatureName, Reason, Result, Unit};

use super::sums::{self, Sums};
use super::{Act, Book, Entry, Head, Holder, Query, moves};

/// How many entries are read at once.
const PAGE: usize = 1_000;
/// How many errors are told; more would not help anybody.
const MOST: usize = 100;

/// Checks every entry, in the order of their numbers: that none is missing, each fits its hash and follows the one before,
/// times never go back, each moves only what its act may, and no holder was ever below zero; then what is stored beside
/// the chain. `each` sees every entry that could be read. An entry that can't be read is told and passed over; what
/// depends on it is not checked. At most 100 errors come back, all of them `damaged-ledger` or `too-large`.
///
/// # Errors
/// Those of storage.
pub fn audit(book: &dyn Book, each: &mut dyn FnMut(&Entry)) -> Result<Vec<Error>> {
    let mut audit = Audit { found: Vec::new(), last: Some(Head::default()), sums: Some(Sums::default()) };
    let (mut after, mut limit, mut unread) = (0, PAGE, 0);
    while unread < MOST {
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
            // One by one, up to the entry that can't be read.
            Err(_) if limit > 1 => limit = 1,
            Err(error) => {
                audit.pass_over(error);
                (after, limit, unread) = (after.saturating_add(1), PAGE, unread + 1);
            }
        }
    }
    audit.end(book)?;
    Ok(audit.found)
}

struct Audit {
    found: Vec<Error>,
    /// The entry before; none when that could not be read.
    last: Option<Head>,
    /// The sums so far; none when an entry is missing in them.
    sums: Option<Sums>,
}

impl Audit {
    fn tell(&mut self, error: Error) {
        if self.found.len() < MOST && self.found.last() != Some(&error) {
            self.found.push(error);
        }
    }

    fn pass_over(&mut self, error: Error) {
        self.tell(error);
        self.last = None;
        self.sums = None;
    }

    fn entry(&mut self, book: &dyn Book, entry: &Entry) -> Result<()> {
        let follows = self.last.map_or(Ok(()), |last| entry.follows(&last));
        for error in [entry.check(), follows].into_iter().filter_map(Result::err) {
            self.tell(error);
        }
        self.last = Some(entry.head());
        let place = format!("entry {}", entry.number);
        if let Err(what) = moves::check(&entry.act, &entry.transfers) {
            self.tell(Error::new(Reason::DamagedLedger, what).at(&place));
        }
        if let Some(unit) = gives_back(&entry.act) {
            match released_too_much(book, entry, unit) {
                Ok(short) => short.into_iter().for_each(|error| self.tell(error.at(&place))),
                Err(error) if error.reason() == Reason::DamagedLedger => self.tell(error),
                Err(error) => return Err(error),
            }
        }
        let Some(sums) = &mut self.sums else { return Ok(()) };
        // There are very many units, and only few of them ever give: those are added up when they do.
        let kept = |holder: Holder| matches!(holder, Holder::Source | Holder::Pool(_));
        let error = match sums.after(&entry.transfers) {
            Ok(mut changed) => {
                changed.retain(|(holder, _), _| kept(*holder));
                let short = sums::short(&changed).map(|((holder, article), sum)| {
                    Error::new(Reason::DamagedLedger, format!("{holder} holds {sum} of {article}"))
                });
                sums.set(changed);
                short
            }
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            self.tell(error.at(&place));
        }
        Ok(())
    }

    fn end(&mut self, book: &dyn Book) -> Result<()> {
        match book.head() {
            Ok(head) if self.last.is_some_and(|last| last != head) => {
                let what = "the last entry is not the head of the ledger";
                self.tell(Error::new(Reason::DamagedLedger, what).at(format!("entry {}", head.number)));
            }
            Ok(_) => {}
            Err(error) if error.reason() == Reason::DamagedLedger => self.tell(error),
            Err(error) => return Err(error),
        }
        for line in book.disagreements()? {
            self.tell(Error::new(Reason::DamagedLedger, line));
        }
        Ok(())
    }
}

/// The unit that gives by this act.
fn gives_back(act: &Act) -> Option<Unit> {
    match act {
        Act::Released { unit, .. } => Some(*unit),
        _ => None,
    }
}

/// What the unit gave by this entry without holding it.
fn released_too_much(book: &dyn Book, entry: &Entry, unit: Unit) -> Result<Option<Error>> {
    let of_unit = book.entries(&Query { unit: Some(unit), ..Query::default() })?;
    let earlier = of_unit.iter().filter(|other| other.number <= entry.number);
    let sums = Sums::default().after(earlier.flat_map(|other| &other.transfers))?;
    let below = |((holder, article), sum): (&(Holder, FeatureName), &i64)| {
        let gave = matches!(holder, Holder::Unit(..)) && *sum < 0;
        gave.then(|| Error::new(Reason::DamagedLedger, format!("{holder} holds {sum} of {article}")))
    };
    Ok(sums.iter().find_map(below))
}
