//! The port: what the desk asks of a ledger, in words of the desk.

use crate::orders::AccountName;
use airlatch_core::model::{DocumentId, LockingId, OrderCode, Result, Time, Unit};

use super::{Balance, Draft, Entry, Head, Holder, StoredLicense};

/// Which entries; an empty query means all. What is set has to fit, all of it, and is compared exactly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// One of these acts, by its word; none means any.
    pub acts: Vec<&'static str>,
    /// About this account: it was opened or changed, or a code came to it, booked or added.
    pub account: Option<AccountName>,
    /// The booking of the order with this number.
    pub order: Option<String>,
    /// About this code, by the [labels](super::Act::labels) of the act: booked, added, passed on from another, cancelled,
    /// renewed, overdrawn; not what was passed on from it, and no activations.
    pub code: Option<OrderCode>,
    /// Passed on from this code.
    pub parent: Option<OrderCode>,
    /// With a transfer to or from the pool of this code; an activation that took nothing new has none.
    pub pool: Option<OrderCode>,
    /// About this unit.
    pub unit: Option<Unit>,
    /// About this product: orders and activations.
    pub product: Option<String>,
    /// Answering this request.
    pub request: Option<DocumentId>,
    /// Naming this end user.
    pub end_user: Option<String>,
    /// Locked to this hardware.
    pub hardware: Option<LockingId>,
    /// At this time or later.
    pub from: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
    /// With a higher number than this, backwards too.
    pub after: u64,
    /// The last ones first; otherwise by number.
    pub backwards: bool,
    /// No more than so many, counted in the order asked for; 0 means all.
    pub limit: usize,
}

impl Query {
    /// Whether this is about `entry`; `backwards` and `limit` say only which of those come, and in what order.
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
            && same(self.end_user.clone(), labels.end_user)
            && same(self.hardware.map(|id| id.to_string()), labels.hardware)
            && self.from.is_none_or(|from| from <= entry.time)
            && self.until.is_none_or(|until| entry.time < until)
            && self.after < entry.number
    }
}

/// Whose balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BalancesOf {
    /// Everybody's.
    All,
    /// What is left on a code.
    Pool(OrderCode),
    /// What a unit holds, from every code.
    Unit(Unit),
}

/// A ledger inside one transaction: what is read stays true until what is posted is committed.
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

    /// Balances other than zero, by holder and article.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    fn balances(&self, of: BalancesOf) -> Result<Vec<Balance>>;

    /// Where what is stored beside the chain disagrees with it: balances that are not the sum of their transfers, articles
    /// whose balances don't add up to zero, licenses without an entry; one line each, empty when all is well.
    ///
    /// # Errors
    /// Those of storage.
    fn disagreements(&self) -> Result<Vec<String>>;

    /// A license by its id, with the bytes that the chain names.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    fn license(&self, id: DocumentId) -> Result<Option<StoredLicense>>;

    /// The sealed bytes of the license that an entry read from this book names; `None` where it names none, or they are
    /// gone.
    ///
    /// # Errors
    /// `damaged-ledger` when other bytes stand there, and those of storage.
    fn sealed(&self, entry: &Entry) -> Result<Option<Vec<u8>>> {
        let Some(named) = entry.license else { return Ok(None) };
        Ok(self.license(named.id)?.map(|stored| stored.sealed))
    }

    /// Adds an entry to the end of the chain, and moves what it moves.
    ///
    /// # Errors
    /// `short-pool` when somebody would hold less than nothing, `clock-rollback` when the entry is earlier than the last,
    /// `too-large` when a balance leaves 64 bits, `bad-time` outside the years 1970 to 9999, `internal` when the transfers
    /// don't fit the act, the entry is out of place or its license is stored already, and those of storage. Then nothing of
    /// the entry is there.
    fn post(&mut self, draft: Draft) -> Result<Entry>;
}

/// A place where a ledger is kept.
pub trait Ledger {
    /// Does work in one transaction: all of it is there afterwards, or nothing.
    ///
    /// # Errors
    /// Those of the work, which undo it, and those of storage.
    fn transact<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T>;

    /// Looks at one state of the ledger without changing it.
    ///
    /// # Errors
    /// Those of the work and of storage.
    fn look<T>(&self, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T>;
}
