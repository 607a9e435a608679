//! The pools of the codes in use, each read once, minus what is planned.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::GrantEnd;
use crate::charge::ChargeLine;
use crate::desk::orders;
use crate::ledger::{self, Book, StartedTerms};
use crate::orders::Pool;
use airlatch_core::model::{Error, OrderCode, Reason, Result, Unit};

/// Pools by code, and the units with a plan.
#[derive(Debug, Clone, Default)]
pub struct Pools {
    known: BTreeMap<OrderCode, Pool>,
    started: BTreeMap<OrderCode, Option<StartedTerms>>,
    units: BTreeSet<(Unit, String)>,
}

impl Pools {
    /// The pool of a code.
    ///
    /// # Errors
    /// `not-booked`.
    pub fn get(&mut self, book: &dyn Book, code: OrderCode) -> Result<&Pool> {
        match self.known.entry(code) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(orders::pool(book, code)?)),
        }
    }

    /// The started terms of a code whose term is a length, if anything was ever released to it.
    ///
    /// # Errors
    /// `not-booked`, and those of [`ledger::started_terms`].
    pub(super) fn started_terms(
        &mut self,
        book: &dyn Book,
        code: OrderCode,
    ) -> Result<Option<&StartedTerms>> {
        if !matches!(self.get(book, code)?.order.term.end, GrantEnd::For(_)) {
            return Ok(None);
        }
        Ok(match self.started.entry(code) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(ledger::started_terms(book, code)?),
        }
        .as_ref())
    }

    /// Subtracts the charge planned for a unit from the pools.
    ///
    /// # Errors
    /// `duplicate` if the unit already has a plan: its charge isn't in the ledger yet, so the same articles would be charged
    /// twice.
    pub(super) fn take(&mut self, unit: Unit, product: &str, charged: &[ChargeLine]) -> Result<()> {
        if !self.units.insert((unit, product.to_owned())) {
            let message = format!("{unit} is already in this list");
            return Err(Error::new(Reason::Duplicate, message));
        }
        for take in charged {
            let Some(pool) = self.known.get_mut(&take.code) else { continue };
            if take.overdrawn > 0 {
                *pool.overdrawn.entry(take.article.clone()).or_default() += take.overdrawn;
            }
            if let Some(Some(started)) = self.started.get_mut(&take.code) {
                started.take(&take.article, take.quantity - take.overdrawn);
            }
            let left = pool.left.entry(take.article.clone()).or_default();
            *left = left.saturating_sub(take.quantity - take.overdrawn);
        }
        Ok(())
    }

    /// All pools that were read, minus what is planned.
    pub fn iter(&self) -> impl Iterator<Item = &Pool> {
        self.known.values()
    }
}
