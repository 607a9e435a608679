//! Balances computed as sums of transfers.

use std::collections::BTreeMap;

use airlatch_core::model::{Error, FeatureName, Reason, Result};

use super::{Balance, Holder, Transfer};

/// Identifies a balance: holder and article.
pub(super) type BalanceKey = (Holder, FeatureName);

/// All balances other than zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sums(BTreeMap<BalanceKey, i64>);

impl Sums {
    /// The balances that these transfers change, with their new values, including zeros.
    ///
    /// # Errors
    /// `too-large` if one exceeds 64 bits.
    pub(super) fn changed_by<'a>(
        &self,
        transfers: impl IntoIterator<Item = &'a Transfer>,
    ) -> Result<BTreeMap<BalanceKey, i64>> {
        let mut changed = BTreeMap::new();
        let mut add = |holder: Holder, it: &Transfer, sign: i64| {
            let key = (holder, it.article.clone());
            let sum = changed.get(&key).copied().unwrap_or_else(|| self.get(&key));
            let amount = i64::try_from(it.quantity).ok().and_then(|amount| amount.checked_mul(sign));
            let after = amount.and_then(|amount| sum.checked_add(amount)).ok_or_else(|| too_large(&key))?;
            changed.insert(key, after);
            Ok(())
        };
        for transfer in transfers {
            add(transfer.from, transfer, -1)?;
            add(transfer.to, transfer, 1)?;
        }
        Ok(changed)
    }

    /// Applies the result of [`changed_by`](Self::changed_by).
    pub(super) fn apply(&mut self, changed: BTreeMap<BalanceKey, i64>) {
        for (key, sum) in changed {
            if sum == 0 {
                self.0.remove(&key);
            } else {
                self.0.insert(key, sum);
            }
        }
    }

    /// One balance.
    pub(super) fn get(&self, key: &BalanceKey) -> i64 {
        self.0.get(key).copied().unwrap_or(0)
    }

    /// All balances, sorted by holder and article.
    pub(super) fn balances(&self) -> impl Iterator<Item = Balance> + '_ {
        self.0.iter().map(|((holder, article), sum)| Balance {
            holder: *holder,
            article: article.clone(),
            quantity: *sum,
        })
    }
}

/// The first negative balance, except those of the source.
pub(super) fn first_negative(changed: &BTreeMap<BalanceKey, i64>) -> Option<(&BalanceKey, i64)> {
    let below = |((holder, _), sum): &(&BalanceKey, &i64)| **sum < 0 && *holder != Holder::Source;
    changed.iter().find(below).map(|(key, sum)| (key, *sum))
}

fn too_large((holder, article): &BalanceKey) -> Error {
    Error::new(Reason::TooLarge, format!("the balance of {article} at {holder} exceeds 64 bits"))
}
