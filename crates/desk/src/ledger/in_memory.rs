//! The ledger in memory, for tests and simulations.

use std::collections::BTreeMap;

use airlatch_core::model::{DocumentId, Error, Reason, Result};

use super::sums::{self, Sums};
use super::{Balance, BalanceFilter, Book, Draft, Entry, Head, Holder, Ledger, Query, StoredLicense, link};

/// A ledger in memory, empty at first. Each transaction works on a copy of the whole ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryLedger {
    entries: Vec<Entry>,
    sums: Sums,
    licenses: BTreeMap<DocumentId, StoredLicense>,
}

impl Ledger for MemoryLedger {
    fn transact<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        let mut copy = self.clone();
        let done = work(&mut copy)?;
        *self = copy;
        Ok(done)
    }

    fn read<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        work(self)
    }
}

impl Book for MemoryLedger {
    fn id(&self) -> Result<[u8; 16]> {
        let first = self.entries.first().map(|entry| entry.hash).unwrap_or_default();
        Ok(first.first_chunk().copied().unwrap_or_default())
    }

    fn head(&self) -> Result<Head> {
        Ok(self.entries.last().map(Entry::head).unwrap_or_default())
    }

    fn entries(&self, query: &Query) -> Result<Vec<Entry>> {
        let limit = if query.limit == 0 { usize::MAX } else { query.limit };
        let fitting = self.entries.iter().filter(|entry| query.fits(entry));
        let found: Vec<Entry> = if query.backwards {
            fitting.rev().take(limit).cloned().collect()
        } else {
            fitting.take(limit).cloned().collect()
        };
        found.iter().try_for_each(Entry::check)?;
        Ok(found)
    }

    fn balances(&self, filter: BalanceFilter) -> Result<Vec<Balance>> {
        let wanted = |holder: Holder| match filter {
            BalanceFilter::All => true,
            BalanceFilter::Pool(code) => holder == Holder::Pool(code),
            BalanceFilter::Unit(unit) => matches!(holder, Holder::Unit(found, _) if found == unit),
            BalanceFilter::Units(code) => matches!(holder, Holder::Unit(_, found) if found == code),
        };
        Ok(self.sums.balances().filter(|balance| wanted(balance.holder)).collect())
    }

    fn inconsistencies(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let mut sums = Sums::default();
        sums.apply(sums.changed_by(self.entries.iter().flat_map(|entry| &entry.transfers))?);
        if sums != self.sums {
            found.push("balances are not the sum of their transfers".into());
        }
        for license in self.licenses.values() {
            let named = |entry: &&Entry| entry.license.is_some_and(|named| named.id == license.id);
            if self.entries.iter().find(named).map(|entry| entry.number) != Some(license.entry) {
                found.push(format!("license {} has no entry", license.id));
            }
        }
        Ok(found)
    }

    fn license(&self, id: DocumentId) -> Result<Option<StoredLicense>> {
        Ok(self.licenses.get(&id).cloned())
    }

    fn post(&mut self, draft: Draft) -> Result<Entry> {
        let entry = link(&self.head()?, &draft)?;
        let changed = self.sums.changed_by(&entry.transfers)?;
        if let Some(((holder, article), sum)) = sums::first_negative(&changed) {
            let message = format!("{holder} holds too little {article}");
            return Err(
                Error::new(Reason::ShortPool, message).detail(format!("{} too few", sum.unsigned_abs()))
            );
        }
        if let Some((id, sealed)) = draft.sealed {
            if self.licenses.contains_key(&id) {
                return Err(Error::new(Reason::Internal, format!("license {id} is already stored")));
            }
            self.licenses.insert(id, StoredLicense { id, entry: entry.number, sealed });
        }
        self.sums.apply(changed);
        self.entries.push(entry.clone());
        Ok(entry)
    }
}
