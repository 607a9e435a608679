//! The pools of the codes in use, read once and kept up to date with what is planned.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::desk::orders;
use crate::ledger::Book;
use crate::model::{OrderCode, Pool, Result};
use crate::rules::Take;

/// Pools by code.
#[derive(Debug, Clone, Default)]
pub struct Pools(BTreeMap<OrderCode, Pool>);

impl Pools {
    /// The pool of a code.
    ///
    /// # Errors
    /// `not-booked`.
    pub fn get(&mut self, book: &dyn Book, code: OrderCode) -> Result<&Pool> {
        match self.0.entry(code) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(orders::pool(book, code)?)),
        }
    }

    /// Takes what is planned off the pools.
    pub fn take(&mut self, takes: &[Take]) {
        for take in takes {
            let Some(pool) = self.0.get_mut(&take.code) else { continue };
            if take.overdrawn > 0 {
                *pool.overdrawn.entry(take.article.clone()).or_default() += take.overdrawn;
            }
            let left = pool.left.entry(take.article.clone()).or_default();
            *left = left.saturating_sub(take.quantity - take.overdrawn);
        }
    }

    /// Every pool that was read, as it stands after what was planned.
    pub fn iter(&self) -> impl Iterator<Item = &Pool> {
        self.0.values()
    }
}
