//! Reads entries from their rows, and checks hash and labels.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::transaction::Transaction;
use crate::ledger::{Act, Entry, Labels, LicenseRef, Transfer};
use airlatch_core::model::{Error, Reason, Result, Time};

/// The columns of an entry, in the order in which [`entry`] reads them.
pub(super) const COLUMNS: &str = "number, time, actor, act, facts, license_id, license_digest, previous, hash, \
    account, order_number, code, parent, unit, product, request, end_user, hardware";

/// The entry in this row with its transfers.
///
/// # Errors
/// `damaged-ledger` at the entry if a column can't be read, its labels are not those of its act, or its hash is wrong.
pub(super) fn entry(transaction: &Transaction<'_>, row: &Row<'_>) -> Result<Entry> {
    let number: i64 = row.get(0).map_err(|e| transaction.fault(&e))?;
    let read = || -> Result<Entry> {
        let act = Act::read(text(row, 3)?, text(row, 4)?)?;
        if act.labels() != labels(row)? {
            return Err(damaged("the labels of an entry are not those of its act"));
        }
        let license = match (optional_text(row, 5)?, row.get_ref(6)) {
            (None, Ok(ValueRef::Null)) => None,
            (Some(id), Ok(_)) => {
                Some(LicenseRef { id: id.parse().map_err(|_| unreadable())?, digest: blob(row, 6)? })
            }
            _ => return Err(unreadable()),
        };
        let entry = Entry {
            number: u64::try_from(number).map_err(|_| unreadable())?,
            time: Time::from_seconds(row.get(1).map_err(|_| unreadable())?),
            actor: text(row, 2)?.to_owned(),
            act,
            transfers: transfers(transaction, number)?,
            license,
            previous: blob(row, 7)?,
            hash: blob(row, 8)?,
        };
        entry.check()?;
        Ok(entry)
    };
    read().map_err(|error| match error.places().is_empty() {
        false => error,
        true => error.at(format!("entry {number}")),
    })
}

fn transfers(transaction: &Transaction<'_>, number: i64) -> Result<Vec<Transfer>> {
    let storage = |e: rusqlite::Error| transaction.fault(&e);
    let sql = "SELECT line, article, quantity, giver, taker FROM transfer WHERE entry = ?1 ORDER BY line";
    let mut statement = transaction.connection.prepare_cached(sql).map_err(storage)?;
    let mut rows = statement.query([number]).map_err(storage)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(storage)? {
        let number = |column| row.get::<_, i64>(column).ok().and_then(|it| u64::try_from(it).ok());
        if number(0) != u64::try_from(found.len()).ok() {
            return Err(damaged("a transfer is missing"));
        }
        found.push(Transfer {
            article: text(row, 1)?.parse().map_err(|_| unreadable())?,
            quantity: number(2).ok_or_else(unreadable)?,
            from: text(row, 3)?.parse().map_err(|_| unreadable())?,
            to: text(row, 4)?.parse().map_err(|_| unreadable())?,
        });
    }
    Ok(found)
}

fn labels(row: &Row<'_>) -> Result<Labels> {
    let label = |column| optional_text(row, column).map(|it| it.map(str::to_owned));
    Ok(Labels {
        account: label(9)?,
        order: label(10)?,
        code: label(11)?,
        parent: label(12)?,
        unit: label(13)?,
        product: label(14)?,
        request: label(15)?,
        end_user: label(16)?,
        hardware: label(17)?,
    })
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str> {
    optional_text(row, column)?.ok_or_else(unreadable)
}

fn optional_text<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>> {
    row.get_ref(column).ok().and_then(|it| it.as_str_or_null().ok()).ok_or_else(unreadable)
}

fn blob(row: &Row<'_>, column: usize) -> Result<[u8; 32]> {
    let bytes = row.get_ref(column).ok().and_then(|it| it.as_blob().ok()?.try_into().ok());
    bytes.ok_or_else(unreadable)
}

fn unreadable() -> Error {
    damaged("a column can't be read")
}

fn damaged(message: &str) -> Error {
    Error::new(Reason::DamagedLedger, message)
}
