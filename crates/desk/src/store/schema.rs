//! The database schema: its versions, the file header, and the check that the tables are unchanged.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::fault::fault;
use airlatch_core::model::{Error, Reason, Result};

/// The migration scripts: the first creates version 1, the second makes version 2 of it, and so on. A released script is never
/// changed.
pub(super) const STEPS: &[&str] = &[include_str!("v1.sql"), include_str!("v2.sql"), include_str!("v3.sql")];

/// The `application_id` in the SQLite header that marks the file as a ledger of airlatch: `AIRL`.
pub(super) const APPLICATION: i64 = 0x4149_524c;

/// `application_id` and `user_version` in the SQLite header; the latter is the version of the schema.
pub(super) fn header(connection: &Connection, path: &Path) -> Result<(i64, i64)> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
    let read = number("application_id").and_then(|id| Ok((id, number("user_version")?)));
    read.map_err(|e| fault(&e, path))
}

/// Whether this database has neither tables nor a version.
pub(super) fn is_blank(connection: &Connection, path: &Path) -> Result<bool> {
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|e| fault(&e, path))?;
    Ok(tables == 0 && header(connection, path)? == (0, 0))
}

/// Creates the tables in a blank database.
pub(super) fn create_tables(connection: &mut Connection, path: &Path) -> Result<()> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(storage)?;
    // Another process may have created them since the file was opened.
    if !is_blank(&transaction, path)? {
        return Err(not_blank(path));
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(storage)?;
    apply(&transaction, STEPS, 0, path)?;
    transaction.commit().map_err(storage)
}

/// Whether it is a ledger with an older schema than this program's.
///
/// # Errors
/// `not-a-ledger`, `newer-ledger`.
pub(super) fn is_older(connection: &Connection, steps: &[&str], path: &Path) -> Result<bool> {
    let error = |reason, message: &str| Err(Error::new(reason, message).at(path.display()));
    let current = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    match header(connection, path)? {
        (0, 0) if is_blank(connection, path)? => error(Reason::NotALedger, "the file is empty"),
        (APPLICATION, version) if version > current => {
            let newer = error(Reason::NewerLedger, "the ledger was written by a newer airlatch");
            newer.map_err(|it: Error| {
                it.detail(format!("its schema has version {version}, this airlatch knows {current}"))
            })
        }
        (APPLICATION, version) if version >= 1 => Ok(version < current),
        _ => error(Reason::NotALedger, "the file is a database of another program, not a ledger"),
    }
}

/// Refuses a ledger whose tables, indexes or triggers are not those that `steps` create.
pub(super) fn compare(connection: &Connection, steps: &[&str], path: &Path) -> Result<()> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    let expected = Connection::open_in_memory().map_err(storage)?;
    apply(&expected, steps, 0, path)?;
    if schema(connection).map_err(storage)? == schema(&expected).map_err(storage)? {
        return Ok(());
    }
    let message = "the tables, indexes or triggers of the ledger were changed";
    Err(Error::new(Reason::DamagedLedger, message).at(path.display()))
}

type Row = (String, String, Option<String>);

fn schema(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    // Tables that ANALYZE adds are harmless.
    let sql =
        "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

/// Applies the steps after `version`.
pub(super) fn apply(connection: &Connection, steps: &[&str], version: i64, path: &Path) -> Result<()> {
    for (step, number) in steps.iter().zip(1_i64..).filter(|(_, number)| *number > version) {
        connection
            .execute_batch(step)
            .and_then(|()| connection.pragma_update(None, "user_version", number))
            .map_err(|e| fault(&e, path))?;
    }
    Ok(())
}

/// The error if the file for a new ledger is not blank.
pub(super) fn not_blank(path: &Path) -> Error {
    Error::new(Reason::Exists, "the file already exists and is not empty").at(path.display())
}
