//! The state of the model: what every code has left, and what every unit has from each code.

use std::collections::{BTreeMap, BTreeSet};

use super::act::{Act, Amounts, End, Term};
use super::calendar::{BEGIN, midnight};
use super::catalog::Catalog;
use super::issue;
use super::license::License;
use super::{orders, trials};

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

    /// Does an act; what is issued is returned, and nothing changes if it is refused.
    pub fn act(&mut self, act: &Act) -> Said<Vec<Done>> {
        match act {
            Act::Order { .. } | Act::Pass { .. } | Act::Renew { .. } | Act::Cancel { .. } => {
                orders::act(self, act)?;
            }
            Act::List(lines) => {
                let mut after = self.clone();
                let done = lines.iter().map(|line| issue::issue(&mut after, line)).collect::<Said<_>>()?;
                *self = after;
                return Ok(done);
            }
            Act::Trial { unit, product, model } => {
                return Ok(vec![trials::trial(self, *unit, product, model.as_deref())?]);
            }
            Act::Release { unit, product } => self.release(*unit, product),
            Act::Issue(wanted) => return Ok(vec![issue::issue(self, wanted)?]),
            Act::On(time) => self.now = self.now.max(*time),
            Act::Without(name) => self.catalog.remove(name),
            Act::Lower(name, most) => self.catalog.lower(name, *most),
        }
        Ok(Vec::new())
    }

    /// Everything that a host has returns to its codes, and its license ends.
    fn release(&mut self, unit: u8, product: &str) {
        let Some(unit) = self.units.get_mut(&(unit, product.to_owned())) else { return };
        if unit.license.take().is_none() {
            return;
        }
        for (number, held) in std::mem::take(&mut unit.held) {
            let Some(code) = self.codes.get_mut(&number) else { continue };
            for (article, many) in held {
                let began = code.released.entry(article.clone()).or_insert(i64::MAX);
                *began = unit.since[&number].min(*began);
                *code.left.entry(article).or_default() += many;
            }
        }
        unit.stated.clear();
    }
}
