//! Adding an entry: what it moves is checked first, so that a refusal leaves nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::params;

use super::transaction::Transaction;
use crate::ledger::{self, Book, Draft, Holder, Transfer, link};
use airlatch_core::model::{Error, FeatureName, Reason, Result};

/// Whose balance of what.
type Place<'a> = (Holder, &'a FeatureName);

/// A balance that changes.
struct Sum {
    /// The name of the holder in storage.
    name: String,
    before: i64,
    after: i64,
}

impl Transaction<'_> {
    /// Adds an entry to the end of the chain.
    pub(super) fn post_draft(&mut self, draft: Draft) -> Result<ledger::Entry> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let entry = link(&self.head()?, &draft)?;
        let sums = self.sums(&entry.transfers)?;
        if let Some((id, _)) = &draft.sealed {
            let known = self.one("SELECT 1 FROM license WHERE id = ?1", [id.to_string()], |_| Ok(()))?;
            if known.is_some() {
                return Err(Error::new(Reason::Internal, format!("license {id} is stored already")));
            }
        }
        let sealed = draft.sealed.as_ref().map(|(_, sealed)| sealed.as_slice());
        if let Err(error) = self.write(&entry, sealed, &sums) {
            let error = self.fault(&error);
            self.broken = Some(error.clone());
            return Err(error);
        }
        self.head.set(Some(entry.head()));
        Ok(entry)
    }

    /// The balances that these transfers change.
    fn sums<'t>(&self, transfers: &'t [Transfer]) -> Result<BTreeMap<Place<'t>, Sum>> {
        let mut sums = BTreeMap::new();
        for it in transfers {
            let amount = i64::try_from(it.quantity).map_err(|_| too_large((it.from, &it.article)))?;
            for (holder, change) in [(it.from, -amount), (it.to, amount)] {
                let place = (holder, &it.article);
                let sum = match sums.entry(place) {
                    Entry::Vacant(free) => free.insert(self.sum(place)?),
                    Entry::Occupied(known) => known.into_mut(),
                };
                sum.after = sum.after.checked_add(change).ok_or_else(|| too_large(place))?;
            }
        }
        let short = sums.iter().find(|((holder, _), sum)| sum.after < 0 && *holder != Holder::Source);
        match short {
            Some((place, sum)) => Err(short_of(*place, sum)),
            None => Ok(sums),
        }
    }

    fn sum(&self, (holder, article): Place<'_>) -> Result<Sum> {
        let sql = "SELECT quantity FROM balance WHERE holder = ?1 AND article = ?2";
        let name = holder.to_string();
        let before = self.one(sql, params![name, article.as_str()], |row| row.get(0))?.unwrap_or(0);
        Ok(Sum { name, before, after: before })
    }

    fn write(
        &self,
        entry: &ledger::Entry,
        sealed: Option<&[u8]>,
        sums: &BTreeMap<Place<'_>, Sum>,
    ) -> rusqlite::Result<()> {
        let number = entry.number.cast_signed();
        let labels = entry.act.labels();
        let license = entry.license.map(|license| license.id.to_string());
        self.connection.prepare_cached(ENTRY)?.execute(params![
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
            let name = |holder| sums.get(&(holder, &it.article)).map(|sum| sum.name.as_str());
            let (giver, taker) = (name(it.from), name(it.to));
            let row = params![number, line, it.article.as_str(), it.quantity.cast_signed(), giver, taker];
            self.connection.prepare_cached(TRANSFER)?.execute(row)?;
        }
        for ((_, article), Sum { name, after, .. }) in sums {
            let article = article.as_str();
            if *after == 0 {
                self.connection.prepare_cached(NOTHING)?.execute(params![name, article])?;
            } else {
                self.connection.prepare_cached(BALANCE)?.execute(params![name, article, after])?;
            }
        }
        if let (Some(license), Some(sealed)) = (license, sealed) {
            self.connection.prepare_cached(LICENSE)?.execute(params![number, license, sealed])?;
        }
        Ok(())
    }
}

const ENTRY: &str = "INSERT INTO entry (number, time, actor, act, facts, license_id, license_digest, previous, hash, \
    account, order_number, code, parent, unit, product, request, end_user, hardware) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
const TRANSFER: &str =
    "INSERT INTO transfer (entry, line, article, quantity, giver, taker) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const BALANCE: &str = "INSERT INTO balance (holder, article, quantity) VALUES (?1, ?2, ?3) \
    ON CONFLICT (holder, article) DO UPDATE SET quantity = excluded.quantity";
const NOTHING: &str = "DELETE FROM balance WHERE holder = ?1 AND article = ?2";
const LICENSE: &str = "INSERT INTO license (entry, id, sealed) VALUES (?1, ?2, ?3)";

fn short_of((holder, article): Place<'_>, sum: &Sum) -> Error {
    let wanted = i128::from(sum.before) - i128::from(sum.after);
    Error::new(Reason::ShortPool, format!("{holder} holds too little {article}"))
        .detail(format!("{article}: {wanted} wanted, {} left", sum.before))
}

fn too_large((holder, article): Place<'_>) -> Error {
    Error::new(Reason::TooLarge, format!("the balance of {article} at {holder} has no room in 64 bits"))
}
