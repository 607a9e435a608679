//! Migrates a ledger with an older schema, and keeps a backup of it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::fault::fault;
use super::schema::{apply, header, is_older};
use super::{connect, copy};
use airlatch_core::model::{Reason, Result};

/// The most backups of one version beside the ledger; there is more than one only after a failed migration.
const MAX_BACKUPS: u32 = 9;

/// Migrates a ledger with an older schema. The backup is `PATH.v1.backup`, or `PATH.v1.backup-2` if that exists; the number is
/// that of the old schema.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str], path: &Path) -> Result<()> {
    let storage = |e: rusqlite::Error| fault(&e, path);
    if !is_older(connection, steps, path)? {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(storage)?;
    // Checked again inside the transaction: another process may have migrated it meanwhile.
    if is_older(&transaction, steps, path)? {
        let (_, version) = header(&transaction, path)?;
        let from = connect::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        back_up(&from, version, path)?;
        apply(&transaction, steps, version, path)?;
        transaction.commit().map_err(storage)?;
    }
    Ok(())
}

/// A migrated copy in a temporary database, which SQLite keeps in memory or, if large, in an unnamed file.
pub(super) fn migrated_copy(from: &Connection, steps: &[&str], path: &Path) -> Result<Connection> {
    let mut copy = Connection::open("").map_err(|e| fault(&e, path))?;
    copy::copy_over(from, &mut copy, path, path)?;
    let (_, version) = header(&copy, path)?;
    apply(&copy, steps, version, path)?;
    Ok(copy)
}

/// Copies it to the first free backup path.
fn back_up(from: &Connection, version: i64, path: &Path) -> Result<()> {
    for place in (1..MAX_BACKUPS).map(|number| backup_path(path, version, number)) {
        match copy::copy(from, &place, path) {
            Err(error) if error.reason() == Reason::Exists => {}
            done => return done.map(drop),
        }
    }
    copy::copy(from, &backup_path(path, version, MAX_BACKUPS), path).map(drop)
}

fn backup_path(path: &Path, version: i64, number: u32) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(format!(".v{version}.backup"));
    if number > 1 {
        name.push(format!("-{number}"));
    }
    PathBuf::from(name)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the test creates its own files")]
mod tests {
    use std::fs;

    use super::super::schema::{APPLICATION, compare};
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
    fn an_older_ledger_is_migrated_and_backed_up() {
        let (_room, path, mut connection) = room("up");
        let steps = [ONE, TWO];
        assert_eq!(is_older(&connection, &[ONE], &path), Ok(false));
        assert_eq!(is_older(&connection, &steps, &path), Ok(true));
        migrate(&mut connection, &steps, &path).unwrap();
        assert_eq!((columns(&connection), header(&connection, &path).unwrap()), (2, (APPLICATION, 2)));
        let old = Connection::open(backup_path(&path, 1, 1)).unwrap();
        assert_eq!((columns(&old), header(&old, &path).unwrap()), (1, (APPLICATION, 1)));
        let kept: i64 = old.query_row("SELECT number FROM entry", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 7);
        compare(&connection, &steps, &path).unwrap();
        assert_eq!(compare(&old, &steps, &path).unwrap_err().reason(), Reason::DamagedLedger);
        // Migrating again does nothing, and an older program refuses the migrated ledger.
        migrate(&mut connection, &steps, &path).unwrap();
        let newer = is_older(&connection, &[ONE], &path).unwrap_err();
        assert_eq!(
            (newer.reason(), newer.details()),
            (Reason::NewerLedger, &["its schema has version 2, this airlatch knows 1".to_owned()][..])
        );
    }

    #[test]
    fn a_failed_step_leaves_the_ledger_unchanged() {
        let (_room, path, mut connection) = room("bad");
        assert_eq!(migrate(&mut connection, &[ONE, BAD], &path).unwrap_err().reason(), Reason::DamagedLedger);
        assert_eq!((columns(&connection), header(&connection, &path).unwrap()), (1, (APPLICATION, 1)));
    }

    #[test]
    fn an_existing_backup_is_not_overwritten() {
        let (_room, path, mut connection) = room("beside");
        fs::write(backup_path(&path, 1, 1), "something else").unwrap();
        migrate(&mut connection, &[ONE, TWO], &path).unwrap();
        assert_eq!(fs::read(backup_path(&path, 1, 1)).unwrap(), b"something else");
        assert_eq!(columns(&Connection::open(backup_path(&path, 1, 2)).unwrap()), 1);
    }

    #[test]
    fn without_a_backup_nothing_is_migrated() {
        let (_room, path, mut connection) = room("kept");
        fs::create_dir(backup_path(&path, 1, 1)).unwrap();
        assert!(migrate(&mut connection, &[ONE, TWO], &path).is_err());
        assert_eq!(columns(&connection), 1);
    }
}
