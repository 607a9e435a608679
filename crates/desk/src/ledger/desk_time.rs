//! The time that the desk's clock showed for entries that were booked while the ledger's time was in the future.

use std::collections::BTreeMap;

use airlatch_core::model::{Result, Time};

use super::{Act, Book, Entry, Query};

/// The clock of the desk at the entries of overridden times.
///
/// The times of a ledger never decrease. After an entry with a wrong time in the future, later ones are dated right after it;
/// an entry `clock-override` of the same time says what the clock showed, and terms count from there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeskTimes(BTreeMap<Time, Time>);

impl DeskTimes {
    /// Reads all overrides.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    pub fn of(book: &dyn Book) -> Result<Self> {
        let query = Query { acts: vec!["clock-override"], ..Query::default() };
        let clock = |entry: Entry| match entry.act {
            Act::ClockOverride { clock, .. } => Some((entry.time, clock)),
            _ => None,
        };
        Ok(Self(book.entries(&query)?.into_iter().filter_map(clock).collect()))
    }

    /// When an entry was booked, by the clock of the desk.
    pub fn time(&self, entry: &Entry) -> Time {
        self.0.get(&entry.time).copied().unwrap_or(entry.time)
    }
}

/// The override under which the last entry was booked: what the clock showed then, and the reason.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn override_in_force(book: &dyn Book) -> Result<Option<(Time, String)>> {
    let query = Query { acts: vec!["clock-override"], backwards: true, limit: 1, ..Query::default() };
    let Some(entry) = book.entries(&query)?.into_iter().next() else { return Ok(None) };
    let last = book.head()?.time;
    Ok(match entry.act {
        Act::ClockOverride { clock, because } if last == Some(entry.time) => Some((clock, because)),
        _ => None,
    })
}
