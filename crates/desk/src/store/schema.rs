//! The tables of each version: whose file it is, of which version, and whether its tables are as they were made.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::fault::fault;
use airlatch_core::model::{Error, Reason, Result};

/// What makes version 1 of nothing, version 2 of version 1, and so on; once released, a line is never changed.
pub(super) const STEPS: &[&str] = &[include_str!("v1.sql"), include_str!("v2.sql")];

/// Marks the file as a ledger of airlatch in the header of SQLite: `AIRL`.
pub(super) const APPLICATION: i64 = 0x4149_524c;

/// The two numbers in the header: whose file it is, and the version of its tables.
pub(super) fn header(connection: &Connection, path: &Path) -> Result<(i64, i64)> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
    let read = number("application_id").and_then(|id| Ok((id, number("user_version")?)));
    read.map_err(|e| fault(&e, path))
}

/// Whether this database holds nothing at all.
pub(super) fn is_blank(connection: &Connection, path: &Path) -> Result<bool> {
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|e| fault(&e, path))?;
    Ok(tables == 0 && header(connection, path)? == (0, 0))
}

/// Makes the tables in a blank database.
pub(super) fn make(connection: &mut Connection, path: &Path) -> Result<()> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(storage)?;
    // Another process may have been quicker.
    if !is_blank(&transaction, path)? {
        return Err(taken(path));
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(storage)?;
    apply(&transaction, STEPS, 0, path)?;
    transaction.commit().map_err(storage)
}

/// Whether it is a ledger of an older version than ours.
///
/// # Errors
/// `not-a-ledger`, `newer-ledger`.
pub(super) fn is_older(connection: &Connection, steps: &[&str], path: &Path) -> Result<bool> {
    let error = |reason, what: &str| Err(Error::new(reason, what).at(path.display()));
    let ours = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    match header(connection, path)? {
        (0, 0) if is_blank(connection, path)? => error(Reason::NotALedger, "the file is empty"),
        (APPLICATION, version) if version > ours => {
            let newer = error(Reason::NewerLedger, "the ledger was written by a newer airlatch");
            newer.map_err(|it: Error| it.detail(format!("its version {version}, known here {ours}")))
        }
        (APPLICATION, version) if version >= 1 => Ok(version < ours),
        _ => error(Reason::NotALedger, "this is a database of another program, not a ledger"),
    }
}

/// Refuses a ledger whose tables, indexes or triggers are not those that `steps` make.
pub(super) fn compare(connection: &Connection, steps: &[&str], path: &Path) -> Result<()> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    let model = Connection::open_in_memory().map_err(storage)?;
    apply(&model, steps, 0, path)?;
    if schema(connection).map_err(storage)? == schema(&model).map_err(storage)? {
        return Ok(());
    }
    let what = "the tables of the ledger are not as they were made";
    Err(Error::new(Reason::DamagedLedger, what).at(path.display()))
}

type Row = (String, String, Option<String>);

fn schema(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    // What ANALYZE adds is nobody's harm.
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

/// What was to be a new ledger is something already.
pub(super) fn taken(path: &Path) -> Error {
    Error::new(Reason::Exists, "a file with other content is there already").at(path.display())
}
