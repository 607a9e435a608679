//! Looking back: pools, activations and licenses, by account, code, unit, end user and time.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{self, Act, Activation, Book, Entry, Query};
use crate::orders::{AccountName, Pool};
use airlatch_core::model::{OrderCode, Result, Time, Unit};

use super::{account, pool};

/// What is looked for; what is set has to fit, all of it.
#[derive(Debug, Clone, Default)]
pub struct ViewFilter {
    /// Codes of this account and its group.
    pub account: Option<AccountName>,
    /// This code.
    pub code: Option<OrderCode>,
    /// This unit.
    pub unit: Option<Unit>,
    /// This end user.
    pub end_user: Option<String>,
    /// At this time or later.
    pub from: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
}

/// The pools of an account and its group, or all of them, in the order of booking.
///
/// # Errors
/// `not-booked`, and those of the ledger.
pub fn pools(book: &dyn Book, of: Option<&AccountName>) -> Result<Vec<Pool>> {
    let codes = match of {
        Some(name) => {
            account(book, name)?;
            ledger::codes_of(book, name, true)?
        }
        None => {
            let booked = book.entries(&Query { acts: vec!["ordered", "passed"], ..Query::default() })?;
            let code = |entry: Entry| match entry.act {
                Act::Ordered { code, .. } | Act::Passed { to: code, .. } => Some(code),
                _ => None,
            };
            booked.into_iter().filter_map(code).collect()
        }
    };
    codes.into_iter().map(|code| pool(book, code)).collect()
}

/// The activations in scope, by number. By code or account, those that took something from it.
///
/// # Errors
/// `not-booked`, and those of the ledger.
pub fn activations(book: &dyn Book, scope: &ViewFilter) -> Result<Vec<(Entry, Activation)>> {
    let query = Query {
        unit: scope.unit,
        end_user: scope.end_user.clone(),
        from: scope.from,
        until: scope.until,
        ..Query::default()
    };
    let codes: Vec<OrderCode> = match (&scope.account, scope.code) {
        (None, None) => return ledger::activations(book, query),
        (None, Some(code)) => vec![pool(book, code)?.code],
        (Some(name), None) => pools(book, Some(name))?.iter().map(|pool| pool.code).collect(),
        (Some(name), Some(code)) => {
            pools(book, Some(name))?.iter().map(|pool| pool.code).filter(|other| *other == code).collect()
        }
    };
    let mut entries = Vec::new();
    for code in codes {
        entries.extend(ledger::activations(book, Query { pool: Some(code), ..query.clone() })?);
    }
    entries.sort_by_key(|(entry, _)| entry.number);
    entries.dedup_by_key(|(entry, _)| entry.number);
    Ok(entries)
}

/// The license each unit in scope goes by, one for each product.
///
/// # Errors
/// As [`activations`].
pub fn licenses(book: &dyn Book, scope: &ViewFilter) -> Result<Vec<(Entry, Activation)>> {
    let found = activations(book, scope)?;
    let units: BTreeSet<(Unit, String)> =
        found.into_iter().map(|(_, activation)| (activation.unit, activation.product)).collect();
    let latest = |(unit, product): &(Unit, String)| ledger::latest(book, *unit, product).transpose();
    let mut found = units.iter().filter_map(latest).collect::<Result<Vec<_>>>()?;
    // A unit that has another end user by now is no longer this one's.
    found.retain(|(_, latest)| scope.end_user.is_none() || scope.end_user == latest.end_user);
    Ok(found)
}

/// A code that was passed on.
#[derive(Debug, Clone)]
pub struct PassedOn {
    /// When.
    pub time: Time,
    /// From which code.
    pub from: OrderCode,
    /// For whom.
    pub recipient: String,
    /// A comment.
    pub note: Option<String>,
    /// The new code, and what became of it.
    pub pool: Pool,
}

/// The codes passed on from the codes of an account and its group, from one code, or from all.
///
/// # Errors
/// `not-booked`, and those of the ledger.
pub fn passed(book: &dyn Book, of: Option<&AccountName>, code: Option<OrderCode>) -> Result<Vec<PassedOn>> {
    let owned = of.map(|name| pools(book, Some(name))).transpose()?;
    let query = Query { acts: vec!["passed"], parent: code, ..Query::default() };
    let mut found = Vec::new();
    for entry in book.entries(&query)? {
        let Act::Passed { from, to, recipient, note } = entry.act else { continue };
        if owned.as_ref().is_none_or(|pools| pools.iter().any(|pool| pool.code == from)) {
            found.push(PassedOn { time: entry.time, from, recipient, note, pool: pool(book, to)? });
        }
    }
    Ok(found)
}

/// What units gave back, to be asked for many activations.
#[derive(Debug, Clone, Default)]
pub struct Releases(BTreeMap<(Unit, String), Vec<(u64, Time)>>);

impl Releases {
    /// All that was ever given back.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn of(book: &dyn Book) -> Result<Self> {
        let mut all = Self::default();
        for entry in book.entries(&Query { acts: vec!["released"], ..Query::default() })? {
            if let Act::Released { unit, product, .. } = entry.act {
                all.0.entry((unit, product)).or_default().push((entry.number, entry.time));
            }
        }
        Ok(all)
    }

    /// When the license of an activation was given back.
    pub fn released_at(&self, entry: &Entry, activation: &Activation) -> Option<Time> {
        let times = self.0.get(&(activation.unit, activation.product.clone()))?;
        times.iter().find(|(number, _)| *number > entry.number).map(|(_, time)| *time)
    }
}
