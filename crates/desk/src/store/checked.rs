//! Checks the balance of a pool against its transfers before something is taken from it.

use rusqlite::{Row, params};

use super::transaction::Transaction;
use crate::ledger::{Book, Holder};
use airlatch_core::model::{Error, FeatureName, Reason, Result};

/// How many transfers are added up again before their sum is stored.
const FEW_TRANSFERS: i64 = 256;

/// The transfers of a pool after an entry: how many, and their sum.
const LATER: &str = "SELECT count(*), coalesce(sum(moved), 0) FROM (\
    SELECT quantity AS moved FROM transfer WHERE taker = ?1 AND taker >= 'pool/' AND taker < 'pool0' \
        AND entry > ?2 AND article = ?3 \
    UNION ALL SELECT -quantity FROM transfer WHERE giver = ?1 AND giver <> 'source' \
        AND entry > ?2 AND article = ?3)";
const KNOWN: &str = "SELECT entry, quantity FROM checked WHERE holder = ?1 AND article = ?2";
const STORE: &str = "INSERT INTO checked (holder, article, entry, quantity) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (holder, article) DO UPDATE SET entry = excluded.entry, quantity = excluded.quantity";

impl Transaction<'_> {
    /// Checks one balance of a pool, once in a transaction; what this transaction changes is right. `name` is that of the holder.
    ///
    /// # Errors
    /// `damaged-ledger` if the balance is not the sum of its transfers.
    pub(super) fn check_pool(
        &self,
        holder: Holder,
        name: &str,
        article: &FeatureName,
        stored: i64,
    ) -> Result<()> {
        if !matches!(holder, Holder::Pool(_)) {
            return Ok(());
        }
        let key = (holder, article.clone());
        let known = self.checked.borrow().get(&key).copied();
        let unsummed = match known {
            Some(unsummed) => unsummed + 1,
            None => self.compare_pool(holder, name, article, stored)?,
        };
        let is_many = unsummed >= FEW_TRANSFERS;
        if is_many {
            let last = self.head()?.number.cast_signed();
            let statement = self.connection.prepare_cached(STORE);
            statement
                .and_then(|mut it| it.execute(params![name, article.as_str(), last, stored]))
                .map_err(|e| self.fault(&e))?;
        }
        self.checked.borrow_mut().insert(key, if is_many { 0 } else { unsummed });
        Ok(())
    }

    /// Compares a balance with the stored sum and the later transfers; returns how many these are.
    fn compare_pool(&self, holder: Holder, name: &str, article: &FeatureName, stored: i64) -> Result<i64> {
        let pair = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let known = self.query_value(KNOWN, params![name, article.as_str()], pair)?;
        let (entry, before) = known.unwrap_or_default();
        let later = self.query_value(LATER, params![name, entry, article.as_str()], pair)?;
        let (count, moved) = later.unwrap_or_default();
        let sum = before.checked_add(moved);
        if sum == Some(stored) {
            return Ok(count);
        }
        let message = format!("the balance of {article} at {holder} is not the sum of its transfers");
        let sum = sum.map_or_else(|| "more than 64 bits".to_owned(), |sum| sum.to_string());
        Err(Error::new(Reason::DamagedLedger, message)
            .at(self.path.display())
            .detail(format!("balance    {stored}"))
            .detail(format!("transfers  {sum}")))
    }
}
