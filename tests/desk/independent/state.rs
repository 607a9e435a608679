//! The state of the model: what every code has left, and what every unit has from each code.

use std::collections::{BTreeMap, BTreeSet};

use super::act::{Amounts, End, Term};
use super::calendar::{BEGIN, midnight};
use super::catalog::Catalog;
use super::license::License;

#[derive(Debug, Clone)]
pub struct Code {
    pub product: String,
    pub term: Term,
    pub overdraft: u64,
    pub lines: Amounts,
    pub left: Amounts,
    pub overdrawn: Amounts,
    pub passed: Amounts,
    pub cancelled: bool,
    /// What was never activated.
    pub fresh: Amounts,
    /// The earliest beginning of a term of what was ever released to it.
    pub released: BTreeMap<String, i64>,
}

/// A unit with one product.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// What it took from each code.
    pub held: BTreeMap<u8, Amounts>,
    /// How much of a count was stated last, and from which codes: so much of what it has from these is licensed.
    pub stated: BTreeMap<String, (Vec<u8>, u64)>,
    /// Counts of which less was stated at a time at which their bound left no more: the license does not tell this from a count
    /// that only its bound cuts, so it may be whole again.
    pub hidden: BTreeSet<String>,
    /// When the term of each code began for it.
    pub since: BTreeMap<u8, i64>,
    pub license: Option<License>,
    /// Whether that is a trial license.
    pub is_trial: bool,
    pub was_tried: bool,
    pub was_charged: bool,
}

#[derive(Debug, Clone)]
pub struct Model {
    pub catalog: Catalog,
    pub now: i64,
    pub codes: BTreeMap<u8, Code>,
    pub units: BTreeMap<(u8, String), Unit>,
}

/// What is charged, and the license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub charged: BTreeMap<(u8, String), u64>,
    pub license: License,
    /// Features of which the manual does not say how much stays where a lower number was stated for one of several codes.
    pub open: BTreeSet<String>,
    /// Reasons for which it may be refused instead, because the manual leaves it open.
    pub maybe: BTreeSet<&'static str>,
}

/// What the model says about an act: done, or refused for one of these reasons.
pub type Said<T> = Result<T, BTreeSet<&'static str>>;

pub fn refused<T>(reason: &'static str) -> Said<T> {
    Err([reason].into())
}

impl Unit {
    /// States how much of a count is licensed from these codes.
    pub fn state(&mut self, name: &str, codes: &[u8], many: u64) {
        self.stated.insert(name.to_owned(), (codes.to_vec(), many));
        self.hidden.remove(name);
    }
}

impl Code {
    /// When the term begins and ends for a unit that has something since this time.
    pub fn term_since(&self, since: i64) -> (i64, Option<i64>) {
        let end = match self.term.end {
            End::Permanent => None,
            End::Until(end) => Some(end),
            End::For(length) => Some(length.end(self.term.from.unwrap_or(since))),
        };
        (self.term.from.unwrap_or(midnight(since)), end)
    }

    /// How much more than what is left may be taken.
    pub fn overdraft(&self, article: &str) -> u64 {
        let of = |lines: &Amounts| lines.get(article).copied().unwrap_or(0);
        (of(&self.lines) * self.overdraft / 100).saturating_sub(of(&self.overdrawn))
    }
}

impl Model {
    pub fn new(catalog: Catalog) -> Self {
        Self { catalog, now: BEGIN, codes: BTreeMap::new(), units: BTreeMap::new() }
    }
}
