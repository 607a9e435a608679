//! What stands beside the chain held to it: sums, licenses, stray rows, and the file itself.

use rusqlite::Row;

use super::schema;
use super::transaction::Transaction;
use crate::ledger::LicenseRef;
use airlatch_core::model::{Error, Reason, Result};

/// How many lines of each kind are told.
const MOST: usize = 100;

/// One line for each thing that disagrees; what can't be read for damage is a line too.
///
/// # Errors
/// Those of storage other than damage.
pub(super) fn disagreements(page: &Transaction<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    match schema::compare(page.connection, schema::STEPS, page.path) {
        Err(error) if error.reason() != Reason::DamagedLedger => return Err(error),
        compared => found.extend(compared.err().map(|error| error.message().to_owned())),
    }
    for check in [
        |page: &Transaction<'_>| lines(page, "PRAGMA integrity_check(100)", |row| Ok(said(row.get(0)?))),
        |page: &Transaction<'_>| {
            lines(page, SUMS, |row| {
                let (holder, article, stored, moved): (String, String, i64, i64) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                Ok(Some(format!(
                    "{holder} is said to hold {stored} of {article}, but {moved} were moved there"
                )))
            })
        },
        |page: &Transaction<'_>| {
            lines(page, ZERO, |row| {
                let (article, sum): (String, i64) = (row.get(0)?, row.get(1)?);
                Ok(Some(format!("the balances of {article} add up to {sum} instead of nothing")))
            })
        },
        |page: &Transaction<'_>| {
            lines(page, STRAY, |row| {
                Ok(Some(format!("a transfer belongs to entry {}, which is not there", row.get::<_, i64>(0)?)))
            })
        },
        |page: &Transaction<'_>| {
            lines(page, UNPAID, |row| {
                Ok(Some(format!("license {} has no entry that names it", row.get::<_, String>(0)?)))
            })
        },
        |page: &Transaction<'_>| {
            lines(page, MISSING, |row| {
                Ok(Some(format!("the license of entry {} is not there", row.get::<_, i64>(0)?)))
            })
        },
        |page: &Transaction<'_>| {
            lines(page, DIGESTS, |row| {
                let (number, id, sealed): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let named =
                    id.parse().ok().zip(row.get(3).ok()).map(|(id, digest)| LicenseRef { id, digest });
                let fits = named.is_some_and(|named| named.fits(&sealed));
                Ok((!fits).then(|| format!("license {id} is not the one that entry {number} names")))
            })
        },
    ] as [fn(&Transaction<'_>) -> Result<Vec<String>>; 7]
    {
        match check(page) {
            Ok(lines) => found.extend(lines),
            Err(error) if error.reason() == Reason::DamagedLedger => found.push(unread(&error)),
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Balances beside the sums of their transfers.
const SUMS: &str = "SELECT holder, article, sum(stored), sum(moved) FROM (\
    SELECT holder, article, quantity AS stored, 0 AS moved FROM balance \
    UNION ALL SELECT taker, article, 0, quantity FROM transfer \
    UNION ALL SELECT giver, article, 0, -quantity FROM transfer) \
    GROUP BY holder, article HAVING sum(stored) <> sum(moved)";
const ZERO: &str = "SELECT article, sum(quantity) FROM balance GROUP BY article HAVING sum(quantity) <> 0";
const STRAY: &str = "SELECT DISTINCT entry FROM transfer WHERE entry NOT IN (SELECT number FROM entry)";
const UNPAID: &str = "SELECT id FROM license \
    WHERE NOT EXISTS (SELECT 1 FROM entry WHERE number = license.entry AND license_id = license.id)";
const MISSING: &str = "SELECT number FROM entry WHERE license_id IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM license WHERE entry = number)";
const DIGESTS: &str =
    "SELECT number, id, sealed, license_digest FROM license JOIN entry ON number = license.entry";

/// The first lines that `told` makes of the rows of a statement.
fn lines(
    page: &Transaction<'_>,
    sql: &str,
    told: fn(&Row<'_>) -> rusqlite::Result<Option<String>>,
) -> Result<Vec<String>> {
    let storage = |e: rusqlite::Error| page.fault(&e);
    let mut statement = page.connection.prepare_cached(sql).map_err(storage)?;
    let mut rows = statement.query([]).map_err(storage)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(storage)? {
        if found.len() < MOST {
            found.extend(told(row).map_err(storage)?);
        }
    }
    Ok(found)
}

fn said(line: String) -> Option<String> {
    (line != "ok").then(|| format!("the file is damaged: {line}"))
}

fn unread(error: &Error) -> String {
    let first = error.details().iter().take(1);
    first.fold(error.message().to_owned(), |message, detail| format!("{message}: {detail}"))
}
