//! Balances as sums of transfers.

use std::collections::BTreeMap;

use airlatch_core::model::{Error, FeatureName, Reason, Result};

use super::{Balance, Holder, Transfer};

/// Whose sum of what.
pub(super) type Place = (Holder, FeatureName);

/// The sums other than zero, by holder and article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sums(BTreeMap<Place, i64>);

impl Sums {
    /// The sums that these transfers change, as they would be afterwards, zeros included.
    ///
    /// # Errors
    /// `too-large` when one leaves 64 bits.
    pub(super) fn after<'a>(
        &self,
        transfers: impl IntoIterator<Item = &'a Transfer>,
    ) -> Result<BTreeMap<Place, i64>> {
        let mut changed = BTreeMap::new();
        let mut add = |holder: Holder, it: &Transfer, sign: i64| {
            let place = (holder, it.article.clone());
            let sum = changed.get(&place).copied().unwrap_or_else(|| self.get(&place));
            let amount = i64::try_from(it.quantity).ok().and_then(|amount| amount.checked_mul(sign));
            let after = amount.and_then(|amount| sum.checked_add(amount)).ok_or_else(|| too_large(&place))?;
            changed.insert(place, after);
            Ok(())
        };
        for transfer in transfers {
            add(transfer.from, transfer, -1)?;
            add(transfer.to, transfer, 1)?;
        }
        Ok(changed)
    }

    /// Takes over what [`after`](Self::after) gave.
    pub(super) fn set(&mut self, changed: BTreeMap<Place, i64>) {
        for (place, sum) in changed {
            if sum == 0 {
                self.0.remove(&place);
            } else {
                self.0.insert(place, sum);
            }
        }
    }

    /// One sum.
    pub(super) fn get(&self, place: &Place) -> i64 {
        self.0.get(place).copied().unwrap_or(0)
    }

    /// All sums, by holder and article.
    pub(super) fn balances(&self) -> impl Iterator<Item = Balance> + '_ {
        self.0.iter().map(|((holder, article), sum)| Balance {
            holder: *holder,
            article: article.clone(),
            quantity: *sum,
        })
    }
}

/// The first of these sums that is less than nothing; only the source may be.
pub(super) fn short(changed: &BTreeMap<Place, i64>) -> Option<(&Place, i64)> {
    let below = |((holder, _), sum): &(&Place, &i64)| **sum < 0 && *holder != Holder::Source;
    changed.iter().find(below).map(|(place, sum)| (place, *sum))
}

fn too_large((holder, article): &Place) -> Error {
    Error::new(Reason::TooLarge, format!("the balance of {article} at {holder} has no room in 64 bits"))
}
