//! Adding an entry: what it moves is checked first, so that a refusal leaves nothing.

use std::collections::BTreeMap;

use rusqlite::params;

use super::book::Page;
use crate::ledger::{Book, Draft, Entry, Holder, Transfer, link};
use crate::model::{FeatureName, Reason, Result, Trouble};

/// Whose balance of what.
type Place<'a> = (Holder, &'a FeatureName);

impl Page<'_> {
    /// Adds an entry to the end of the chain.
    pub(super) fn post_draft(&mut self, draft: Draft) -> Result<Entry> {
        if let Some(trouble) = &self.broken {
            return Err(trouble.clone());
        }
        let entry = link(&self.head()?, &draft)?;
        let balances = self.after(&entry.transfers)?;
        if let Some((id, _)) = &draft.sealed {
            let known = self.one("SELECT 1 FROM license WHERE id = ?1", [id.to_string()], |_| Ok(()))?;
            if known.is_some() {
                return Err(Trouble::new(Reason::Internal, format!("license {id} is stored already")));
            }
        }
        let sealed = draft.sealed.as_ref().map(|(_, sealed)| sealed.as_slice());
        if let Err(error) = self.write(&entry, sealed, &balances) {
            let trouble = self.fault(&error);
            self.broken = Some(trouble.clone());
            return Err(trouble);
        }
        self.head.set(Some(entry.head()));
        Ok(entry)
    }

    /// The balances that these transfers change, as they will be.
    fn after<'t>(&self, transfers: &'t [Transfer]) -> Result<BTreeMap<Place<'t>, i64>> {
        let mut before: BTreeMap<Place<'t>, i64> = BTreeMap::new();
        let mut after = BTreeMap::new();
        for it in transfers {
            let amount = i64::try_from(it.quantity).map_err(|_| too_large((it.from, &it.article)))?;
            for (holder, change) in [(it.from, -amount), (it.to, amount)] {
                let place = (holder, &it.article);
                if !before.contains_key(&place) {
                    before.insert(place, self.balance_of(place)?);
                }
                let sum: &mut i64 = after.entry(place).or_insert(before[&place]);
                *sum = sum.checked_add(change).ok_or_else(|| too_large(place))?;
            }
        }
        let short = after.iter().find(|((holder, _), sum)| **sum < 0 && *holder != Holder::Source);
        match short {
            Some((place, sum)) => Err(short_of(*place, before[place], *sum)),
            None => Ok(after),
        }
    }

    fn balance_of(&self, (holder, article): Place<'_>) -> Result<i64> {
        let sql = "SELECT quantity FROM balance WHERE holder = ?1 AND article = ?2";
        Ok(self.one(sql, params![holder.to_string(), article.as_str()], |row| row.get(0))?.unwrap_or(0))
    }

    fn write(
        &self,
        entry: &Entry,
        sealed: Option<&[u8]>,
        balances: &BTreeMap<Place<'_>, i64>,
    ) -> rusqlite::Result<()> {
        let number = entry.number.cast_signed();
        let labels = entry.act.labels();
        self.connection.prepare_cached(ENTRY)?.execute(params![
            number,
            entry.time.seconds(),
            entry.actor,
            entry.act.word(),
            entry.act.facts(),
            entry.license.map(|license| license.id.to_string()),
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
        ])?;
        for (line, it) in (0_i64..).zip(&entry.transfers) {
            let (from, to) = (it.from.to_string(), it.to.to_string());
            let row = params![number, line, it.article.as_str(), it.quantity.cast_signed(), from, to];
            self.connection.prepare_cached(TRANSFER)?.execute(row)?;
        }
        for ((holder, article), sum) in balances {
            let (holder, article) = (holder.to_string(), article.as_str());
            if *sum == 0 {
                self.connection.prepare_cached(NOTHING)?.execute(params![holder, article])?;
            } else {
                self.connection.prepare_cached(BALANCE)?.execute(params![holder, article, sum])?;
            }
        }
        if let (Some(license), Some(sealed)) = (entry.license, sealed) {
            let row = params![number, license.id.to_string(), sealed];
            self.connection.prepare_cached(LICENSE)?.execute(row)?;
        }
        Ok(())
    }
}

const ENTRY: &str = "INSERT INTO entry (number, time, actor, act, facts, license_id, license_digest, previous, hash, \
    account, order_number, code, parent, unit, product, request, end_user) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
const TRANSFER: &str =
    "INSERT INTO transfer (entry, line, article, quantity, giver, taker) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const BALANCE: &str = "INSERT INTO balance (holder, article, quantity) VALUES (?1, ?2, ?3) \
    ON CONFLICT (holder, article) DO UPDATE SET quantity = excluded.quantity";
const NOTHING: &str = "DELETE FROM balance WHERE holder = ?1 AND article = ?2";
const LICENSE: &str = "INSERT INTO license (entry, id, sealed) VALUES (?1, ?2, ?3)";

fn short_of((holder, article): Place<'_>, left: i64, after: i64) -> Trouble {
    let wanted = i128::from(left) - i128::from(after);
    Trouble::new(Reason::ShortPool, format!("{holder} holds too little {article}"))
        .detail(format!("{article}: {wanted} wanted, {left} left"))
}

fn too_large((holder, article): Place<'_>) -> Trouble {
    Trouble::new(Reason::TooLarge, format!("the balance of {article} at {holder} has no room in 64 bits"))
}
