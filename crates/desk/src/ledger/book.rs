//! The storage interface of the ledger, and queries for entries and balances.

use crate::orders::AccountName;
use airlatch_core::model::{DocumentId, LockingId, OrderCode, Result, Time, Unit};

use super::{Balance, Draft, Entry, Head, Holder, StoredLicense};

/// A query for entries. All conditions that are set have to match exactly; the default matches all entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// With one of these acts, by word; empty means any.
    pub acts: Vec<&'static str>,
    /// About this account: opened or changed, or a code booked for it or added to it.
    pub account: Option<AccountName>,
    /// The booking of the order with this number, or the passing on under this reference.
    pub order: Option<String>,
    /// About this code, by the [labels](super::Act::labels) of the act: booked, added, passed on from another code, cancelled,
    /// renewed, overdrawn, corrected, or such an entry reversed. Doesn't include what was passed on from it, nor activations.
    pub code: Option<OrderCode>,
    /// Passed on from this code, or such an entry reversed.
    pub parent: Option<OrderCode>,
    /// With a transfer to or from the pool of this code; an activation that charged nothing has none.
    pub pool: Option<OrderCode>,
    /// About this unit.
    pub unit: Option<Unit>,
    /// About this product: orders, activations, releases, clock resets, reversed licenses.
    pub product: Option<String>,
    /// Answering this request.
    pub request: Option<DocumentId>,
    /// Naming this end user.
    pub end_user: Option<String>,
    /// Locked to this hardware.
    pub hardware: Option<LockingId>,
    /// Locked to any hardware.
    pub any_hardware: bool,
    /// At this time or later.
    pub from: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
    /// With a higher number than this; also if `backwards`.
    pub after: u64,
    /// Return the newest entries first; the default is by number.
    pub backwards: bool,
    /// The most entries to return, in the chosen order; 0 means all.
    pub limit: usize,
}

impl Query {
    /// Whether `entry` matches; `backwards` and `limit` have no effect here.
    pub fn fits(&self, entry: &Entry) -> bool {
        let labels = entry.act.labels();
        let same = |wanted: Option<String>, found: Option<String>| wanted.is_none() || wanted == found;
        let pool = self.pool.map(Holder::Pool);
        (self.acts.is_empty() || self.acts.contains(&entry.act.word()))
            && same(self.account.as_ref().map(ToString::to_string), labels.account)
            && same(self.order.clone(), labels.order)
            && same(self.code.map(|code| code.to_string()), labels.code)
            && same(self.parent.map(|code| code.to_string()), labels.parent)
            && pool.is_none_or(|pool| entry.transfers.iter().any(|it| it.from == pool || it.to == pool))
            && same(self.unit.map(|unit| unit.key()), labels.unit)
            && same(self.product.clone(), labels.product)
            && same(self.request.map(|id| id.to_string()), labels.request)
            && (!self.any_hardware || labels.hardware.is_some())
            && same(self.end_user.clone(), labels.end_user)
            && same(self.hardware.map(|id| id.to_string()), labels.hardware)
            && self.from.is_none_or(|from| from <= entry.time)
            && self.until.is_none_or(|until| entry.time < until)
            && self.after < entry.number
    }
}

/// Selects balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BalanceFilter {
    /// All.
    All,
    /// What is left on a code.
    Pool(OrderCode),
    /// What a unit holds, from every code.
    Unit(Unit),
    /// What every unit holds from a code.
    Units(OrderCode),
}

/// A ledger inside one transaction: it shows one consistent state plus what this transaction posted.
pub trait Book {
    /// The first 16 bytes of the hash of the first entry; zeros for an empty ledger.
    ///
    /// # Errors
    /// Those of storage.
    fn id(&self) -> Result<[u8; 16]>;

    /// The end of the chain.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    fn head(&self) -> Result<Head>;

    /// Entries by number; the hash of each is checked as it is read.
    ///
    /// # Errors
    /// `damaged-ledger` when an entry doesn't fit its hash or its labels, and those of storage.
    fn entries(&self, query: &Query) -> Result<Vec<Entry>>;

    /// The entry with this number.
    ///
    /// # Errors
    /// As [`entries`](Self::entries).
    fn entry(&self, number: u64) -> Result<Option<Entry>> {
        let query = Query { after: number.saturating_sub(1), limit: 1, ..Query::default() };
        Ok(self.entries(&query)?.into_iter().find(|entry| entry.number == number))
    }

    /// The same one by one, where all together would need too much memory. `each` may query this book.
    ///
    /// # Errors
    /// As [`entries`](Self::entries), and those of `each`.
    fn visit(&self, query: &Query, each: &mut dyn FnMut(Entry) -> Result<()>) -> Result<()> {
        self.entries(query)?.into_iter().try_for_each(each)
    }

    /// Balances other than zero, by holder and article.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    fn balances(&self, filter: BalanceFilter) -> Result<Vec<Balance>>;

    /// Inconsistencies between the chain and the data stored outside it, one line each: balances that are not the sum of their
    /// transfers, articles whose balances don't add up to zero, licenses without an entry.
    ///
    /// # Errors
    /// Those of storage.
    fn inconsistencies(&self) -> Result<Vec<String>>;

    /// The stored document with this id; its bytes are checked against the entry.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    fn license(&self, id: DocumentId) -> Result<Option<StoredLicense>>;

    /// The sealed bytes of the document of an entry from this ledger; `None` if it has none, or they are missing.
    ///
    /// # Errors
    /// `damaged-ledger` if the stored bytes are not those of the entry, and those of storage.
    fn sealed(&self, entry: &Entry) -> Result<Option<Vec<u8>>> {
        let Some(named) = entry.license else { return Ok(None) };
        Ok(self.license(named.id)?.map(|stored| stored.sealed))
    }

    /// Appends an entry to the chain and updates the balances.
    ///
    /// # Errors
    /// `short-pool` if a balance would be negative, `clock-rollback` if the entry is earlier than the last one, `too-large` if
    /// a balance exceeds 64 bits, `bad-time` outside the years 1970 to 9999, `internal` if the transfers don't fit the act, the
    /// act is not allowed at this position or its document is already stored, and those of storage. After an error nothing of
    /// the entry is stored.
    fn post(&mut self, draft: Draft) -> Result<Entry>;
}

/// A ledger in some storage.
pub trait Ledger {
    /// Runs `work` in one transaction, which is committed if it succeeds and rolled back otherwise.
    ///
    /// # Errors
    /// Those of `work` and of storage; then nothing was changed.
    fn transact<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T>;

    /// Runs `work` on one consistent state of the ledger, read-only.
    ///
    /// # Errors
    /// Those of `work` and of storage.
    fn read<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T>;
}
