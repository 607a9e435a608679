//! Views of the ledger: pools, activations and licenses by account, code, unit, end user and time.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{self, Act, Activation, BalanceFilter, Book, CurrentNotes, Entry, Holder, Query};
use crate::orders::{AccountName, Pool};
use airlatch_core::crypto::Verified;
use airlatch_core::model::{License, OrderCode, Result, Time, Unit};

use super::{Operator, account, pool};

/// A filter; all conditions that are set have to match.
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

/// The activations that match, by entry number. A code or account matches activations that took something from it.
///
/// # Errors
/// `not-booked`, and those of the ledger.
pub fn activations(book: &dyn Book, scope: &ViewFilter) -> Result<Vec<(Entry, Activation)>> {
    let mut entries = Vec::new();
    for query in queries(book, scope)? {
        entries.extend(ledger::activations(book, query)?);
    }
    entries.sort_by_key(|(entry, _)| entry.number);
    entries.dedup_by_key(|(entry, _)| entry.number);
    Ok(entries)
}

/// The units with an activation that matches, and its products; the activations are read one by one.
///
/// # Errors
/// As [`activations`].
pub(super) fn units(book: &dyn Book, scope: &ViewFilter) -> Result<BTreeSet<(Unit, String)>> {
    let mut units = BTreeSet::new();
    for query in queries(book, scope)? {
        let query = Query { acts: Act::ISSUING.to_vec(), ..query };
        book.visit(&query, &mut |entry| {
            if let Act::Activated(activation) = entry.act {
                units.insert((activation.unit, activation.product));
            }
            Ok(())
        })?;
    }
    Ok(units)
}

/// The queries that find the activations that match: one, or one for each code.
fn queries(book: &dyn Book, scope: &ViewFilter) -> Result<Vec<Query>> {
    let query = Query {
        unit: scope.unit,
        end_user: scope.end_user.clone(),
        from: scope.from,
        until: scope.until,
        ..Query::default()
    };
    let codes: Vec<OrderCode> = match (&scope.account, scope.code) {
        (None, None) => return Ok(vec![query]),
        (None, Some(code)) => vec![pool(book, code)?.code],
        (Some(name), None) => pools(book, Some(name))?.iter().map(|pool| pool.code).collect(),
        (Some(name), Some(code)) => {
            pools(book, Some(name))?.iter().map(|pool| pool.code).filter(|other| *other == code).collect()
        }
    };
    Ok(codes.into_iter().map(|code| Query { pool: Some(code), ..query.clone() }).collect())
}

/// The units that hold something from a code, by the sums of their transfers.
///
/// # Errors
/// Those of the ledger.
pub fn users(book: &dyn Book, code: OrderCode) -> Result<Vec<Unit>> {
    let held = book.balances(BalanceFilter::Units(code))?;
    let unit = |holder| match holder {
        Holder::Unit(unit, _) => Some(unit),
        _ => None,
    };
    let mut units: Vec<Unit> = held.into_iter().filter_map(|balance| unit(balance.holder)).collect();
    units.dedup();
    Ok(units)
}

/// The current licenses of all units with an activation that matches, one per unit and product, as a list shows them: a part at
/// a time is given to `part`, so that there may be any number of them.
///
/// # Errors
/// As [`activations`]; those of `part`.
pub fn licenses(
    operator: &Operator<'_>,
    book: &dyn Book,
    scope: &ViewFilter,
    part: &mut dyn FnMut(Vec<LicenseRow>),
) -> Result<()> {
    let mut units = units(book, scope)?;
    for unit in noted_units(book, scope)? {
        units.append(&mut self::units(
            book,
            &ViewFilter { end_user: None, unit: Some(unit), ..scope.clone() },
        )?);
    }
    let releases = Releases::of(book)?;
    let mut rows = Vec::new();
    for (unit, product) in units {
        let Some(found) = ledger::latest(book, unit, &product)? else { continue };
        let row = license_row(operator, book, &found, &releases)?;
        // Another end user may be named by now than by the activation that matched.
        if scope.end_user.is_none() || scope.end_user == row.notes.end_user {
            rows.push(row);
        }
        if rows.len() == PART_LICENSES {
            part(std::mem::take(&mut rows));
        }
    }
    part(rows);
    Ok(())
}

/// How many licenses [`licenses`] gives at a time.
const PART_LICENSES: usize = 1_000;

/// The units for which the end user of the filter was noted without a license.
fn noted_units(book: &dyn Book, scope: &ViewFilter) -> Result<BTreeSet<Unit>> {
    let Some(end_user) = scope.end_user.clone() else { return Ok(BTreeSet::new()) };
    let query = Query { acts: vec!["noted"], end_user: Some(end_user), ..Query::default() };
    let unit = |entry: Entry| match entry.act {
        Act::Noted(note) => Some(note.unit).filter(|unit| scope.unit.is_none_or(|wanted| wanted == *unit)),
        _ => None,
    };
    Ok(book.entries(&query)?.into_iter().filter_map(unit).collect())
}

/// A current license as a list shows it.
#[derive(Debug, Clone)]
pub struct LicenseRow {
    /// The license.
    pub license: Verified<License>,
    /// What is noted about its unit.
    pub notes: CurrentNotes,
    /// When it was reversed: then it is to be replaced.
    pub reversed_at: Option<Time>,
}

/// The license of an entry with what is noted about its unit.
///
/// # Errors
/// `damaged-ledger`, and those of the ledger.
fn license_row(
    operator: &Operator<'_>,
    book: &dyn Book,
    (entry, activation): &(Entry, Activation),
    releases: &Releases,
) -> Result<LicenseRow> {
    Ok(LicenseRow {
        license: operator.stored(book, entry)?.0,
        notes: ledger::notes_since(book, entry.number, activation)?,
        reversed_at: releases.reversed_at(entry),
    })
}

/// A code that was passed on.
#[derive(Debug, Clone)]
pub struct PassedOn {
    /// The time of the entry.
    pub time: Time,
    /// The code it came from.
    pub from: OrderCode,
    /// The recipient.
    pub recipient: String,
    /// A comment.
    pub note: Option<String>,
    /// The pool of the new code.
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
        let Act::Passed { from, to, recipient, note, .. } = entry.act else { continue };
        if owned.as_ref().is_none_or(|pools| pools.iter().any(|pool| pool.code == from)) {
            found.push(PassedOn { time: entry.time, from, recipient, note, pool: pool(book, to)? });
        }
    }
    Ok(found)
}

/// All releases and reversals of the ledger, to look up many activations.
#[derive(Debug, Clone, Default)]
pub struct Releases {
    released: BTreeMap<(Unit, String), Vec<(u64, Time)>>,
    reversed: BTreeMap<u64, Time>,
}

impl Releases {
    /// Reads all of them.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn of(book: &dyn Book) -> Result<Self> {
        let mut all = Self::default();
        for entry in book.entries(&Query { acts: vec!["released", "reversed"], ..Query::default() })? {
            match entry.act {
                Act::Released { unit, product, .. } => {
                    all.released.entry((unit, product)).or_default().push((entry.number, entry.time));
                }
                Act::Reversed(reversal) => {
                    all.reversed.insert(reversal.entry, entry.time);
                }
                _ => {}
            }
        }
        Ok(all)
    }

    /// When the license of an activation was released, if it was.
    pub fn released_at(&self, entry: &Entry, activation: &Activation) -> Option<Time> {
        let times = self.released.get(&(activation.unit, activation.product.clone()))?;
        times.iter().find(|(number, _)| *number > entry.number).map(|(_, time)| *time)
    }

    /// When an entry was reversed, if it was.
    pub fn reversed_at(&self, entry: &Entry) -> Option<Time> {
        self.reversed.get(&entry.number).copied()
    }
}
