//! Checks the data stored outside the chain: balances, licenses, orphaned rows, and the file itself.

use rusqlite::Row;

use super::schema;
use super::transaction::Transaction;
use crate::ledger::LicenseRef;
use airlatch_core::model::{Error, Reason, Result};

/// The most lines of each check.
const MAX_LINES: usize = 100;

/// One line for each inconsistency, including data that can't be read because of damage.
///
/// # Errors
/// Those of storage, except `damaged-ledger`.
pub(super) fn inconsistencies(transaction: &Transaction<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    match schema::compare(transaction.connection, schema::STEPS, transaction.path) {
        Err(error) if error.reason() != Reason::DamagedLedger => return Err(error),
        compared => found.extend(compared.err().map(|error| error.message().to_owned())),
    }
    for check in [
        |transaction: &Transaction<'_>| {
            lines(transaction, "PRAGMA integrity_check(100)", |row| Ok(integrity_line(row.get(0)?)))
        },
        |transaction: &Transaction<'_>| {
            lines(transaction, WRONG_BALANCES, |row| {
                let (holder, article, stored, moved): (String, String, i64, i64) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                Ok(Some(format!(
                    "the balance of {article} at {holder} is {stored}, but its transfers add up to {moved}"
                )))
            })
        },
        |transaction: &Transaction<'_>| {
            lines(transaction, UNBALANCED_ARTICLES, |row| {
                let (article, sum): (String, i64) = (row.get(0)?, row.get(1)?);
                Ok(Some(format!("the balances of {article} add up to {sum} instead of 0")))
            })
        },
        |transaction: &Transaction<'_>| {
            lines(transaction, WRONG_SUMS, |row| {
                let (holder, article): (String, String) = (row.get(0)?, row.get(1)?);
                Ok(Some(format!("the checked sum of {article} at {holder} is not that of its transfers")))
            })
        },
        |transaction: &Transaction<'_>| {
            lines(transaction, ORPHANED_TRANSFERS, |row| {
                Ok(Some(format!("a transfer belongs to entry {}, which is missing", row.get::<_, i64>(0)?)))
            })
        },
        |transaction: &Transaction<'_>| {
            lines(transaction, ORPHANED_LICENSES, |row| {
                Ok(Some(format!("license {} is not named by any entry", row.get::<_, String>(0)?)))
            })
        },
        |transaction: &Transaction<'_>| {
            lines(transaction, MISSING_LICENSES, |row| {
                Ok(Some(format!("the license of entry {} is missing", row.get::<_, i64>(0)?)))
            })
        },
        |transaction: &Transaction<'_>| {
            lines(transaction, LICENSE_DIGESTS, |row| {
                let (number, id, sealed): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let named =
                    id.parse().ok().zip(row.get(3).ok()).map(|(id, digest)| LicenseRef { id, digest });
                let fits = named.is_some_and(|named| named.fits(&sealed));
                Ok((!fits)
                    .then(|| format!("the bytes of license {id} are not those that entry {number} names")))
            })
        },
    ] as [fn(&Transaction<'_>) -> Result<Vec<String>>; 8]
    {
        match check(transaction) {
            Ok(lines) => found.extend(lines),
            Err(error) if error.reason() == Reason::DamagedLedger => found.push(unreadable_line(&error)),
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Balances that differ from the sum of their transfers.
const WRONG_BALANCES: &str = "SELECT holder, article, sum(stored), sum(moved) FROM (\
    SELECT holder, article, quantity AS stored, 0 AS moved FROM balance \
    UNION ALL SELECT taker, article, 0, quantity FROM transfer \
    UNION ALL SELECT giver, article, 0, -quantity FROM transfer) \
    GROUP BY holder, article HAVING sum(stored) <> sum(moved)";
const UNBALANCED_ARTICLES: &str =
    "SELECT article, sum(quantity) FROM balance GROUP BY article HAVING sum(quantity) <> 0";
/// Sums up to an entry that their transfers don't have, or up to none.
const WRONG_SUMS: &str = "SELECT holder, article FROM checked \
    WHERE entry NOT IN (SELECT number FROM entry) OR holder NOT LIKE 'pool/%' OR quantity <> \
    (SELECT coalesce(sum(quantity), 0) FROM transfer \
        WHERE taker = checked.holder AND article = checked.article AND entry <= checked.entry \
        AND taker >= 'pool/' AND taker < 'pool0') - \
    (SELECT coalesce(sum(quantity), 0) FROM transfer \
        WHERE giver = checked.holder AND article = checked.article AND entry <= checked.entry \
        AND giver <> 'source')";
const ORPHANED_TRANSFERS: &str =
    "SELECT DISTINCT entry FROM transfer WHERE entry NOT IN (SELECT number FROM entry)";
const ORPHANED_LICENSES: &str = "SELECT id FROM license \
    WHERE NOT EXISTS (SELECT 1 FROM entry WHERE number = license.entry AND license_id = license.id)";
const MISSING_LICENSES: &str = "SELECT number FROM entry WHERE license_id IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM license WHERE entry = number)";
const LICENSE_DIGESTS: &str =
    "SELECT number, id, sealed, license_digest FROM license JOIN entry ON number = license.entry";

/// The lines that `to_line` makes of the rows of a statement, at most [`MAX_LINES`].
fn lines(
    transaction: &Transaction<'_>,
    sql: &str,
    to_line: fn(&Row<'_>) -> rusqlite::Result<Option<String>>,
) -> Result<Vec<String>> {
    let storage = |e: rusqlite::Error| transaction.fault(&e);
    let mut statement = transaction.connection.prepare_cached(sql).map_err(storage)?;
    let mut rows = statement.query([]).map_err(storage)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(storage)? {
        if found.len() < MAX_LINES {
            found.extend(to_line(row).map_err(storage)?);
        }
    }
    Ok(found)
}

fn integrity_line(line: String) -> Option<String> {
    (line != "ok").then(|| format!("the ledger file is damaged: {line}"))
}

fn unreadable_line(error: &Error) -> String {
    let first = error.details().iter().take(1);
    first.fold(error.message().to_owned(), |message, detail| format!("{message}: {detail}"))
}
