//! Posts an entry; balances are checked before anything is written, so an error leaves the transaction unchanged.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::params;

use super::transaction::Transaction;
use crate::ledger::{self, Book, Draft, Holder, Transfer, link};
use airlatch_core::model::{Error, FeatureName, Reason, Result};

/// Identifies a balance: holder and article.
type BalanceKey<'a> = (Holder, &'a FeatureName);

/// A balance that changes.
struct BalanceChange {
    /// The stored name of the holder.
    name: String,
    before: i64,
    after: i64,
}

impl Transaction<'_> {
    /// Appends an entry to the chain.
    pub(super) fn post_draft(&mut self, draft: Draft) -> Result<ledger::Entry> {
        if let Some(error) = &self.write_error {
            return Err(error.clone());
        }
        self.unit.replace(None);
        let entry = link(&self.head()?, &draft)?;
        let changes = self.balance_changes(&entry.transfers)?;
        if let Some((id, _)) = &draft.sealed {
            let known =
                self.query_value("SELECT 1 FROM license WHERE id = ?1", [id.to_string()], |_| Ok(()))?;
            if known.is_some() {
                return Err(Error::new(Reason::Internal, format!("license {id} is already stored")));
            }
        }
        let sealed = draft.sealed.as_ref().map(|(_, sealed)| sealed.as_slice());
        if let Err(error) = self.write(&entry, sealed, &changes) {
            let error = self.fault(&error);
            self.write_error = Some(error.clone());
            return Err(error);
        }
        self.head.set(Some(entry.head()));
        Ok(entry)
    }

    /// The balances that these transfers change.
    fn balance_changes<'t>(
        &self,
        transfers: &'t [Transfer],
    ) -> Result<BTreeMap<BalanceKey<'t>, BalanceChange>> {
        let mut changes = BTreeMap::new();
        for transfer in transfers {
            let amount = i64::try_from(transfer.quantity)
                .map_err(|_| too_large((transfer.from, &transfer.article)))?;
            for (holder, delta) in [(transfer.from, -amount), (transfer.to, amount)] {
                let key = (holder, &transfer.article);
                let change = match changes.entry(key) {
                    Entry::Vacant(free) => {
                        let stored = self.stored_balance(key)?;
                        self.check_pool(holder, &stored.name, &transfer.article, stored.before)?;
                        free.insert(stored)
                    }
                    Entry::Occupied(known) => known.into_mut(),
                };
                change.after = change.after.checked_add(delta).ok_or_else(|| too_large(key))?;
            }
        }
        let short =
            changes.iter().find(|((holder, _), change)| change.after < 0 && *holder != Holder::Source);
        match short {
            Some((key, change)) => Err(short_pool(*key, change)),
            None => Ok(changes),
        }
    }

    fn stored_balance(&self, (holder, article): BalanceKey<'_>) -> Result<BalanceChange> {
        let sql = "SELECT quantity FROM balance WHERE holder = ?1 AND article = ?2";
        let name = holder.to_string();
        let before = self.query_value(sql, params![name, article.as_str()], |row| row.get(0))?.unwrap_or(0);
        Ok(BalanceChange { name, before, after: before })
    }

    fn write(
        &self,
        entry: &ledger::Entry,
        sealed: Option<&[u8]>,
        changes: &BTreeMap<BalanceKey<'_>, BalanceChange>,
    ) -> rusqlite::Result<()> {
        let number = entry.number.cast_signed();
        let labels = entry.act.labels();
        let license = entry.license.map(|license| license.id.to_string());
        self.connection.prepare_cached(INSERT_ENTRY)?.execute(params![
            number,
            entry.time.seconds(),
            entry.actor,
            entry.act.word(),
            entry.act.facts(),
            license,
            entry.license.map(|license| license.digest),
            entry.previous,
            entry.hash,
            labels.account,
            labels.order,
            labels.code,
            labels.parent,
            labels.unit,
            labels.product,
            labels.request,
            labels.end_user,
            labels.hardware,
        ])?;
        for (line, it) in (0_i64..).zip(&entry.transfers) {
            let name = |holder| changes.get(&(holder, &it.article)).map(|change| change.name.as_str());
            let (giver, taker) = (name(it.from), name(it.to));
            let row = params![number, line, it.article.as_str(), it.quantity.cast_signed(), giver, taker];
            self.connection.prepare_cached(INSERT_TRANSFER)?.execute(row)?;
        }
        for ((_, article), BalanceChange { name, after, .. }) in changes {
            let article = article.as_str();
            if *after == 0 {
                self.connection.prepare_cached(DELETE_BALANCE)?.execute(params![name, article])?;
            } else {
                self.connection.prepare_cached(UPSERT_BALANCE)?.execute(params![name, article, after])?;
            }
        }
        if let (Some(license), Some(sealed)) = (license, sealed) {
            self.connection.prepare_cached(INSERT_LICENSE)?.execute(params![number, license, sealed])?;
        }
        Ok(())
    }
}

const INSERT_ENTRY: &str = "INSERT INTO entry (number, time, actor, act, facts, license_id, license_digest, previous, hash, \
    account, order_number, code, parent, unit, product, request, end_user, hardware) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
const INSERT_TRANSFER: &str =
    "INSERT INTO transfer (entry, line, article, quantity, giver, taker) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const UPSERT_BALANCE: &str = "INSERT INTO balance (holder, article, quantity) VALUES (?1, ?2, ?3) \
    ON CONFLICT (holder, article) DO UPDATE SET quantity = excluded.quantity";
const DELETE_BALANCE: &str = "DELETE FROM balance WHERE holder = ?1 AND article = ?2";
const INSERT_LICENSE: &str = "INSERT INTO license (entry, id, sealed) VALUES (?1, ?2, ?3)";

fn short_pool((holder, article): BalanceKey<'_>, change: &BalanceChange) -> Error {
    let wanted = i128::from(change.before) - i128::from(change.after);
    Error::new(Reason::ShortPool, format!("{holder} holds too little {article}"))
        .detail(format!("{article}: {wanted} wanted, {} left", change.before))
}

fn too_large((holder, article): BalanceKey<'_>) -> Error {
    Error::new(Reason::TooLarge, format!("the balance of {article} at {holder} exceeds 64 bits"))
}
