//! The ledger inside one transaction.

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::transaction::Transaction;
use super::{entry_rows, integrity, query};
use crate::ledger::{Balance, BalanceFilter, Book, Draft, Entry, Head, Holder, Query, StoredLicense};
use airlatch_core::model::{DocumentId, Error, Reason, Result, Unit};

impl Book for Transaction<'_> {
    fn id(&self) -> Result<[u8; 16]> {
        if let Some(id) = self.id.get() {
            return Ok(id);
        }
        let first = self.entries(&Query { limit: 1, ..Query::default() })?;
        let hash = first.first().map(|entry| entry.hash).unwrap_or_default();
        let id = hash.first_chunk().copied().unwrap_or_default();
        // Not cached for an empty ledger, which gets its id with the first entry.
        self.id.set((!first.is_empty()).then_some(id));
        Ok(id)
    }

    fn head(&self) -> Result<Head> {
        if let Some(head) = self.head.get() {
            return Ok(head);
        }
        let last = self.entries(&Query { backwards: true, limit: 1, ..Query::default() })?;
        let head = last.first().map(Entry::head).unwrap_or_default();
        self.head.set(Some(head));
        Ok(head)
    }

    fn entries(&self, query: &Query) -> Result<Vec<Entry>> {
        if let Some(unit) = query.unit {
            return self.of_unit(unit, query);
        }
        self.read(query)
    }

    fn visit(&self, query: &Query, each: &mut dyn FnMut(Entry) -> Result<()>) -> Result<()> {
        let (sql, values) = query::select(query);
        let storage = |e: rusqlite::Error| self.fault(&e);
        let mut statement = self.connection.prepare_cached(&sql).map_err(storage)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(storage)?;
        while let Some(row) = rows.next().map_err(storage)? {
            each(entry_rows::entry(self, row)?)?;
        }
        Ok(())
    }

    fn balances(&self, filter: BalanceFilter) -> Result<Vec<Balance>> {
        let all = "SELECT holder, article, quantity FROM balance";
        let (sql, values) = match filter {
            BalanceFilter::All => (all.to_owned(), vec![]),
            BalanceFilter::Pool(code) => {
                (format!("{all} WHERE holder = ?1"), vec![Value::from(Holder::Pool(code).to_string())])
            }
            BalanceFilter::Unit(unit) => {
                // All names that start with `unit/UNIT/`: `0` is the character after `/`.
                let start = format!("unit/{}", unit.key());
                let range = [format!("{start}/"), format!("{start}0")].map(Value::from);
                (format!("{all} WHERE holder > ?1 AND holder < ?2"), range.to_vec())
            }
            BalanceFilter::Units(code) => {
                // By what was taken from the pool, since the name of a holder begins with its unit.
                let takers = "SELECT taker FROM transfer WHERE giver = ?1 AND giver <> 'source'";
                let values =
                    vec![Value::from(Holder::Pool(code).to_string()), Value::from(format!("/{code}"))];
                let is_unit = "holder >= 'unit/' AND holder < 'unit0' AND substr(holder, -length(?2)) = ?2";
                (format!("{all} WHERE holder IN ({takers}) AND {is_unit}"), values)
            }
        };
        let storage = |e: rusqlite::Error| self.fault(&e);
        let mut statement = self.connection.prepare_cached(&sql).map_err(storage)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(storage)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(storage)? {
            found.push(self.balance(row)?);
        }
        found.sort_by(|a, b| (&a.holder, &a.article).cmp(&(&b.holder, &b.article)));
        Ok(found)
    }

    fn inconsistencies(&self) -> Result<Vec<String>> {
        integrity::inconsistencies(self)
    }

    fn license(&self, id: DocumentId) -> Result<Option<StoredLicense>> {
        let sql = "SELECT entry, sealed FROM license WHERE id = ?1";
        let row = self.query_value(sql, [id.to_string()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let Some((number, sealed)) = row else { return Ok(None) };
        let damaged = |message: &str| {
            Error::new(Reason::DamagedLedger, message)
                .at(format!("entry {number}"))
                .detail(format!("license {id}"))
        };
        let number =
            u64::try_from(number).map_err(|_| damaged("the entry number of a license is invalid"))?;
        let named = self.entry(number)?.and_then(|entry| entry.license).filter(|license| license.id == id);
        let Some(named) = named else { return Err(damaged("the entry of a license doesn't name it")) };
        if !named.fits(&sealed) {
            return Err(damaged("the bytes of a license are not those that its entry names"));
        }
        Ok(Some(StoredLicense { id, entry: number, sealed }))
    }

    fn sealed(&self, entry: &Entry) -> Result<Option<Vec<u8>>> {
        let Some(named) = entry.license else { return Ok(None) };
        // By entry number, because licenses are stored in that order; ids are random.
        let sql = "SELECT id, sealed FROM license WHERE entry = ?1";
        let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
        let Some((id, sealed)) = self.query_value(sql, [entry.number.cast_signed()], read)? else {
            return Ok(None);
        };
        if id != named.id.to_string() || !named.fits(&sealed) {
            let message = "the bytes of a license are not those that its entry names";
            let at = format!("entry {}", entry.number);
            return Err(Error::new(Reason::DamagedLedger, message).at(at).detail(format!("license {id}")));
        }
        Ok(Some(sealed))
    }

    fn post(&mut self, draft: Draft) -> Result<Entry> {
        self.post_draft(draft)
    }
}

impl Transaction<'_> {
    fn read(&self, query: &Query) -> Result<Vec<Entry>> {
        let mut found = Vec::new();
        self.visit(query, &mut |entry| {
            found.push(entry);
            Ok(())
        })?;
        Ok(found)
    }

    /// The entries about a unit that match. A plan asks for them several times over, so those of the last unit are kept.
    fn of_unit(&self, unit: Unit, query: &Query) -> Result<Vec<Entry>> {
        let mut known = self.unit.borrow_mut();
        if known.as_ref().is_none_or(|(kept, _)| *kept != unit) {
            *known = None;
            let all = self.read(&Query { unit: Some(unit), ..Query::default() })?;
            *known = Some((unit, all));
        }
        let all = known.as_ref().map(|(_, all)| all.as_slice()).unwrap_or_default();
        let limit = if query.limit == 0 { usize::MAX } else { query.limit };
        let fitting = all.iter().filter(|entry| query.fits(entry));
        Ok(match query.backwards {
            true => fitting.rev().take(limit).cloned().collect(),
            false => fitting.take(limit).cloned().collect(),
        })
    }

    fn balance(&self, row: &Row<'_>) -> Result<Balance> {
        let storage = |e: rusqlite::Error| self.fault(&e);
        let text = |column| row.get_ref(column).and_then(|it| Ok(it.as_str()?)).map_err(storage);
        let damaged =
            |_| Error::new(Reason::DamagedLedger, "a balance can't be read").at(self.path.display());
        Ok(Balance {
            holder: text(0)?.parse().map_err(damaged)?,
            article: text(1)?.parse().map_err(damaged)?,
            quantity: row.get(2).map_err(storage)?,
        })
    }
}
