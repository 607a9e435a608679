//! The versions of the tables: numbered SQL, applied in order and never back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::fault::fault;
use super::{backup, open};
use airlatch_core::model::{Reason, Result, Trouble};

/// What makes version 1 of nothing, version 2 of version 1, and so on; once released, a line is never changed.
pub(super) const STEPS: &[&str] = &[include_str!("v1.sql"), include_str!("v2.sql")];

/// How many copies of one version may stand beside the ledger: each comes of a step that failed.
const MOST_BACKUPS: u32 = 9;

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

/// Checks whose file it is and of which version, and brings an older one up to this one; what it was before stays beside
/// it in `PATH.v1.backup`, or in `PATH.v1.backup-2` where that is taken.
pub(super) fn bring_up(connection: &mut Connection, steps: &[&str], path: &Path) -> Result<()> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    if !is_older(connection, steps, path)? {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(storage)?;
    // Now that nobody else can: another process may have done it meanwhile.
    if is_older(&transaction, steps, path)? {
        let (_, version) = header(&transaction, path)?;
        let from = open::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        keep(&from, version, path)?;
        apply(&transaction, steps, version, path)?;
        transaction.commit().map_err(storage)?;
    }
    Ok(())
}

/// A copy that is brought up to this version, for a moment: SQLite keeps it in memory, or where it is large in a file
/// without a name.
pub(super) fn brought_up(from: &Connection, steps: &[&str], path: &Path) -> Result<Connection> {
    let mut copy = Connection::open("").map_err(|e| fault(&e, path))?;
    backup::fill(from, &mut copy, path, path)?;
    let (_, version) = header(&copy, path)?;
    apply(&copy, steps, version, path)?;
    Ok(copy)
}

/// Whether it is a ledger of an older version than ours.
///
/// # Errors
/// `not-a-ledger`, `newer-ledger`.
pub(super) fn is_older(connection: &Connection, steps: &[&str], path: &Path) -> Result<bool> {
    let trouble = |reason, what: &str| Err(Trouble::new(reason, what).at(path.display()));
    let ours = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    match header(connection, path)? {
        (0, 0) if is_blank(connection, path)? => trouble(Reason::NotALedger, "the file is empty"),
        (APPLICATION, version) if version > ours => {
            let newer = trouble(Reason::NewerLedger, "the ledger was written by a newer airlatch");
            newer.map_err(|it: Trouble| it.detail(format!("its version {version}, known here {ours}")))
        }
        (APPLICATION, version) if version >= 1 => Ok(version < ours),
        _ => trouble(Reason::NotALedger, "this is a database of another program, not a ledger"),
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
    Err(Trouble::new(Reason::DamagedLedger, what).at(path.display()))
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

fn apply(connection: &Connection, steps: &[&str], version: i64, path: &Path) -> Result<()> {
    for (step, number) in steps.iter().zip(1_i64..).filter(|(_, number)| *number > version) {
        connection
            .execute_batch(step)
            .and_then(|()| connection.pragma_update(None, "user_version", number))
            .map_err(|e| fault(&e, path))?;
    }
    Ok(())
}

/// Copies it to the first free place beside it.
fn keep(from: &Connection, version: i64, path: &Path) -> Result<()> {
    for place in (1..MOST_BACKUPS).map(|number| beside(path, version, number)) {
        match backup::copy(from, &place, path) {
            Err(trouble) if trouble.reason() == Reason::Exists => {}
            done => return done.map(drop),
        }
    }
    backup::copy(from, &beside(path, version, MOST_BACKUPS), path).map(drop)
}

fn beside(path: &Path, version: i64, number: u32) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(format!(".v{version}.backup"));
    if number > 1 {
        name.push(format!("-{number}"));
    }
    PathBuf::from(name)
}

pub(super) fn taken(path: &Path) -> Trouble {
    Trouble::new(Reason::Exists, "a file with other content is there already").at(path.display())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes what it looks at")]
mod tests {
    use std::fs;

    use super::*;

    const ONE: &str = "CREATE TABLE entry (number INTEGER PRIMARY KEY) STRICT;";
    const TWO: &str = "ALTER TABLE entry ADD COLUMN note TEXT;";
    const BAD: &str = "ALTER TABLE entry ADD COLUMN note TEXT; ALTER TABLE nothing ADD COLUMN note TEXT;";

    struct Room(PathBuf);

    impl Drop for Room {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// A folder with a ledger of version 1 that holds one row.
    fn room(name: &str) -> (Room, PathBuf, Connection) {
        let room = Room(std::env::temp_dir().join(format!("airlatch-migrate-{}-{name}", std::process::id())));
        let _ = fs::remove_dir_all(&room.0);
        fs::create_dir_all(&room.0).unwrap();
        let path = room.0.join("ledger.db");
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.pragma_update(None, "application_id", APPLICATION).unwrap();
        apply(&connection, &[ONE], 0, &path).unwrap();
        connection.execute("INSERT INTO entry VALUES (7)", []).unwrap();
        (room, path, connection)
    }

    fn columns(connection: &Connection) -> i64 {
        connection.query_row("SELECT count(*) FROM pragma_table_info('entry')", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_older_ledger_is_brought_up_and_stays_beside_as_it_was() {
        let (_room, path, mut connection) = room("up");
        let steps = [ONE, TWO];
        assert_eq!(is_older(&connection, &[ONE], &path), Ok(false));
        assert_eq!(is_older(&connection, &steps, &path), Ok(true));
        bring_up(&mut connection, &steps, &path).unwrap();
        assert_eq!((columns(&connection), header(&connection, &path).unwrap()), (2, (APPLICATION, 2)));
        let old = Connection::open(beside(&path, 1, 1)).unwrap();
        assert_eq!((columns(&old), header(&old, &path).unwrap()), (1, (APPLICATION, 1)));
        let kept: i64 = old.query_row("SELECT number FROM entry", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 7);
        compare(&connection, &steps, &path).unwrap();
        assert_eq!(compare(&old, &steps, &path).unwrap_err().reason(), Reason::DamagedLedger);
        // Once is enough, and what an older program would now see is refused.
        bring_up(&mut connection, &steps, &path).unwrap();
        let newer = is_older(&connection, &[ONE], &path).unwrap_err();
        assert_eq!(
            (newer.reason(), newer.details()),
            (Reason::NewerLedger, &["its version 2, known here 1".to_owned()][..])
        );
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_ledger() {
        let (_room, path, mut connection) = room("bad");
        assert_eq!(
            bring_up(&mut connection, &[ONE, BAD], &path).unwrap_err().reason(),
            Reason::DamagedLedger
        );
        assert_eq!((columns(&connection), header(&connection, &path).unwrap()), (1, (APPLICATION, 1)));
    }

    #[test]
    fn what_stands_beside_is_not_replaced() {
        let (_room, path, mut connection) = room("beside");
        fs::write(beside(&path, 1, 1), "something else").unwrap();
        bring_up(&mut connection, &[ONE, TWO], &path).unwrap();
        assert_eq!(fs::read(beside(&path, 1, 1)).unwrap(), b"something else");
        assert_eq!(columns(&Connection::open(beside(&path, 1, 2)).unwrap()), 1);
    }

    #[test]
    fn nothing_is_changed_where_the_older_one_cannot_be_kept() {
        let (_room, path, mut connection) = room("kept");
        fs::create_dir(beside(&path, 1, 1)).unwrap();
        assert!(bring_up(&mut connection, &[ONE, TWO], &path).is_err());
        assert_eq!(columns(&connection), 1);
    }
}
