//! Later entries that depend on an entry, so that it can't be reversed before them.

use std::collections::BTreeSet;

use crate::ledger::{Act, Book, Entry, Query};
use airlatch_core::model::{OrderCode, Result};

/// The entries about a code after the one with this number that were not reversed.
pub(super) fn about_code(
    book: &dyn Book,
    code: OrderCode,
    after: u64,
    acts: &[&'static str],
) -> Result<Vec<Entry>> {
    standing(book, Query { acts: acts.to_vec(), code: Some(code), after, ..Query::default() })
}

/// The passings on from a code after the entry with this number that were not reversed.
pub(super) fn passed_on(book: &dyn Book, code: OrderCode, after: u64) -> Result<Vec<Entry>> {
    standing(book, Query { acts: vec!["passed"], parent: Some(code), after, ..Query::default() })
}

/// The entries that match and were not reversed.
pub(super) fn standing(book: &dyn Book, query: Query) -> Result<Vec<Entry>> {
    let entries = book.entries(&query)?;
    let Some(first) = entries.first() else { return Ok(entries) };
    let reversals = Query { acts: vec!["reversed"], after: first.number, ..Query::default() };
    let reversed: BTreeSet<u64> = book.entries(&reversals)?.iter().filter_map(reversed_number).collect();
    Ok(entries.into_iter().filter(|entry| !reversed.contains(&entry.number)).collect())
}

fn reversed_number(entry: &Entry) -> Option<u64> {
    match &entry.act {
        Act::Reversed(reversal) => Some(reversal.entry),
        _ => None,
    }
}

/// The entries by which something came back to a code from a unit, after the one with this number.
pub(super) fn came_back(book: &dyn Book, code: OrderCode, after: u64) -> Result<Vec<Entry>> {
    let query = Query { acts: vec!["released", "reversed"], pool: Some(code), after, ..Query::default() };
    Ok(book.entries(&query)?.into_iter().filter(|entry| entry.returns_to(code)).collect())
}
