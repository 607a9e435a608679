//! Manipulation of every column, trigger and index, and of the bytes of the file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use airlatch_core::model::{DocumentId, Mac, Reason, Unit};
use airlatch_desk::ledger::{Act, Draft, Holder, Ledger, Query};
use airlatch_desk::store::Store;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::common::ledger_contract::{activation, code, hour, moves, ordered, post_all, state, story};
use crate::common::slow;
use crate::common::store_room::{Room, by_hand, faults, put, reason, witness};

/// A row, identified by its primary key.
struct Row {
    key: Vec<(String, Value)>,
    cells: Vec<(String, Value)>,
}

#[test]
fn a_change_in_any_column_of_any_row_is_found() {
    let room = Room::new("columns");
    let told = room.told("told.db");
    let path = room.path("ledger.db");
    let (mut columns, mut turn) = (BTreeSet::new(), 0);
    let tables = names(&by_hand(&told), "table");
    for table in &tables {
        for row in rows(&by_hand(&told), table) {
            for (column, value) in &row.cells {
                columns.insert(format!("{table}.{column}"));
                turn += 1;
                let changes = changes(value);
                for changed in slow::every(changes.len(), turn, changes) {
                    put(&told, &path, &[""]);
                    if !change(&path, table, &row, column, &changed) {
                        continue;
                    }
                    let what = format!("{table}.{column} of {:?}: {value:?} → {changed:?}", row.key);
                    let found = faults(&path, None);
                    assert!(!found.is_empty(), "not found: {what}");
                    assert!(found.iter().all(|it| it.reason() == Reason::DamagedLedger), "{what}: {found:?}");
                }
            }
        }
    }
    // The fifth has sums of transfers, of pools from which much was taken.
    assert_eq!(tables.len(), 5, "{tables:?}");
    assert_eq!(columns.len(), 18 + 6 + 3 + 3, "{columns:?}");
    // Every table has rows in which every column can be changed, and an unchanged copy is intact.
    put(&told, &path, &[""]);
    assert_eq!(faults(&path, None), []);
}

#[test]
fn an_entry_that_was_changed_is_named() {
    let room = Room::new("named");
    for (sql, place) in [
        ("UPDATE entry SET actor = 'eve' WHERE number = 4", "entry 4"),
        ("UPDATE entry SET end_user = 'City' WHERE number = 8", "entry 8"),
        ("UPDATE entry SET hardware = NULL WHERE number = 8", "entry 8"),
        ("UPDATE transfer SET quantity = 21 WHERE entry = 8", "entry 8"),
        ("DELETE FROM transfer WHERE entry = 4 AND line = 0", "entry 4"),
    ] {
        let path = room.told("ledger.db");
        without_triggers(&path, |it| it.execute_batch(sql).unwrap());
        let found = faults(&path, None);
        assert_eq!(found[0].place(), Some(place), "{sql}: {found:?}");
        let asked = Store::open(&path).unwrap().read(|book| book.entries(&Query::default()));
        assert_eq!(asked.unwrap_err().place(), Some(place));
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_license_that_was_exchanged_is_not_given_out() {
    let room = Room::new("license");
    let path = room.told("ledger.db");
    without_triggers(&path, |it| {
        it.execute_batch("UPDATE license SET sealed = x'00' WHERE entry = 8").unwrap();
        it.execute_batch("DELETE FROM license WHERE entry = 9").unwrap();
    });
    let store = Store::open(&path).unwrap();
    let license = |seed| store.read(|book| book.license(crate::common::ledger_contract::document(seed)));
    assert_eq!(reason(license(11)), Reason::DamagedLedger);
    assert!(license(13).unwrap().is_some());
    let found = store.read(|book| book.inconsistencies()).unwrap();
    assert!(found.iter().any(|line| line.contains("entry 9 is missing")), "{found:?}");
    assert!(found.iter().any(|line| line.contains("entry 8 names")), "{found:?}");
}

/// What the table of balances says is not believed: it is compared with the transfers, or with their sum that was stored.
#[test]
fn a_balance_that_was_raised_is_not_spent() {
    for many in [3, 600] {
        let room = Room::new(&format!("raised-{many}"));
        let path = room.told("ledger.db");
        let (pool, taken) = (Holder::Pool(code(9)), |number| activated_from(9, number));
        let mut store = Store::open(&path).unwrap();
        post_all(&mut store, vec![ordered(30, 9, "SO-9", &[("voice", 2_000)], None)]).unwrap();
        post_all(&mut store, (0..many).map(taken).collect()).unwrap();
        // The sum is stored when the pool is charged after many transfers.
        post_all(&mut store, vec![taken(many)]).unwrap();
        drop(store);
        let stored: i64 =
            by_hand(&path).query_row("SELECT count(*) FROM checked", [], |row| row.get(0)).unwrap();
        assert_eq!(stored, i64::from(many > 256));
        assert_eq!(faults(&path, None), []);
        let sql = "UPDATE balance SET quantity = quantity + 1 WHERE article = 'voice' AND holder";
        by_hand(&path).execute_batch(&format!("{sql} = '{pool}'")).unwrap();
        let refused = post_all(&mut Store::open(&path).unwrap(), vec![taken(many + 1)]);
        assert_eq!(reason(refused), Reason::DamagedLedger);
        // A stored sum that was raised as well is found by the audit.
        if many > 256 {
            by_hand(&path).execute_batch("UPDATE checked SET quantity = quantity + 1").unwrap();
            post_all(&mut Store::open(&path).unwrap(), vec![taken(many + 1)]).unwrap();
            let found = faults(&path, None);
            assert!(found.iter().any(|it| it.message().contains("the checked sum of voice")), "{found:?}");
        }
    }
}

/// One from a code, for a unit of its own.
fn activated_from(seed: u8, number: u32) -> Draft {
    let unit = Unit::Device(Mac([0, 4, 0xf1, 7, (number >> 8) as u8, number as u8]));
    let mut it = activation(1, vec![code(seed)]);
    it.unit = unit;
    let mut digest = [seed; 32];
    digest[..4].copy_from_slice(&number.to_be_bytes());
    let (from, to) = (Holder::Pool(code(seed)), Holder::Unit(unit, code(seed)));
    let sealed = Some((DocumentId::from_digest(&digest), vec![7; 40]));
    Draft {
        time: hour(31),
        actor: "ann".into(),
        act: Act::Activated(it),
        transfers: moves(&[("voice", 1)], from, to),
        sealed,
    }
}

/// Removing the last entries consistently can be detected only by the witness.
#[test]
fn the_witness_detects_a_truncated_chain() {
    let room = Room::new("cut");
    let path = room.told("ledger.db");
    let seen = witness(&Store::open(&path).unwrap());
    without_triggers(&path, |it| it.execute_batch("DELETE FROM entry WHERE number = 15").unwrap());
    assert_eq!(faults(&path, None), []);
    assert_eq!(faults(&path, Some(seen))[0].reason(), Reason::RestoredLedger);
}

#[test]
fn a_ledger_without_a_trigger_or_index_is_refused() {
    let room = Room::new("schema");
    let told = room.told("told.db");
    let path = room.path("ledger.db");
    for kind in ["trigger", "index"] {
        let all = names(&by_hand(&told), kind);
        assert!(all.len() > 8, "{all:?}");
        for name in all.iter().filter(|name| !name.starts_with("sqlite_")) {
            put(&told, &path, &[""]);
            by_hand(&path).execute_batch(&format!("DROP {kind} {name}")).unwrap();
            assert_eq!(reason(Store::open(&path)), Reason::DamagedLedger, "{name}");
        }
    }
    put(&told, &path, &[""]);
    by_hand(&path).execute_batch("CREATE TABLE more (it INTEGER)").unwrap();
    assert_eq!(reason(Store::open(&path)), Reason::DamagedLedger);
}

#[test]
fn the_numbers_in_the_header_are_refused_with_words_of_their_own() {
    let room = Room::new("header");
    let path = room.told("ledger.db");
    for (name, value, expected) in [
        ("user_version", 4, Reason::NewerLedger),
        ("user_version", 0, Reason::NotALedger),
        ("user_version", -1, Reason::NotALedger),
        ("user_version", 1, Reason::DamagedLedger),
        ("user_version", 2, Reason::DamagedLedger),
        ("user_version", 3, Reason::Internal),
        ("application_id", 7, Reason::NotALedger),
        ("application_id", 0, Reason::NotALedger),
    ] {
        by_hand(&path).pragma_update(None, name, value).unwrap();
        if expected == Reason::Internal {
            assert_eq!(faults(&path, None), []);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        assert_eq!(reason(Store::open(&path)), expected, "{name} {value}");
        assert_eq!(reason(Store::open_read_only(&path)), expected, "{name} {value}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name} {value}");
    }
}

/// A changed byte is detected, or it is in unused space and the ledger is unchanged.
#[test]
fn a_byte_of_the_file_is_found_or_changes_nothing() {
    let room = Room::new("bytes");
    let told = room.told("told.db");
    let path = room.path("ledger.db");
    let before = state(&Store::open_read_only(&told).unwrap());
    let bytes = fs::read(&told).unwrap();
    let mut found = 0;
    // The whole header, then a sample with every kind of page.
    for at in (0..100).step_by(5).chain((100..bytes.len()).step_by(479)) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        fs::write(&path, changed).unwrap();
        for tail in ["-wal", "-shm"] {
            let _ = fs::remove_file(crate::common::store_room::beside(&path, tail));
        }
        let faults = faults(&path, None);
        found += usize::from(!faults.is_empty());
        assert!(!faults.is_empty() || state(&Store::open_read_only(&path).unwrap()) == before, "byte {at}");
    }
    assert!(found > 20, "{found}");
}

#[test]
fn a_file_that_was_cut_short_is_refused() {
    let room = Room::new("truncated");
    let told = room.told("told.db");
    let path = room.path("ledger.db");
    let bytes = fs::read(&told).unwrap();
    for (length, expected) in [
        (0, &[Reason::NotALedger][..]),
        (50, &[Reason::NotALedger, Reason::DamagedLedger]),
        (100, &[Reason::NotALedger, Reason::DamagedLedger]),
        (4_096, &[Reason::DamagedLedger]),
        (bytes.len() / 2, &[Reason::DamagedLedger]),
        (bytes.len() - 4_096, &[Reason::DamagedLedger]),
    ] {
        fs::write(&path, &bytes[..length]).unwrap();
        let found = reason(Store::open(&path));
        assert!(expected.contains(&found), "{length}: {found}");
    }
    // A truncated last page is detected only by queries that read it; where it was empty, nothing is missing.
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let whole = state(&Store::open_read_only(&told).unwrap());
    let found = faults(&path, None);
    assert!(!found.is_empty() || state(&Store::open_read_only(&path).unwrap()) == whole);
}

#[test]
fn triggers_refuse_changes() {
    let room = Room::new("triggers");
    let path = room.told("ledger.db");
    let hand = by_hand(&path);
    for table in ["entry", "transfer", "license"] {
        for row in rows(&hand, table) {
            for (column, value) in &row.cells {
                let refused = hand.execute(&format!("UPDATE {table} SET {column} = ?1"), [value]);
                assert!(refused.unwrap_err().to_string().contains("is never changed"), "{table}.{column}");
            }
        }
        assert!(
            hand.execute(&format!("DELETE FROM {table}"), [])
                .unwrap_err()
                .to_string()
                .contains("never deleted")
        );
        let again =
            hand.execute(&format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"), []);
        let said = again.unwrap_err().to_string();
        assert!(said.contains("never replaced") || said.contains("one by one"), "{table}: {said}");
    }
    drop(hand);
    assert_eq!(faults(&path, None), []);
}

/// Changes of a value: one bit flipped, NULL replaced by a value, or a value by NULL.
fn changes(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => vec![Value::Text("x".into())],
        Value::Integer(it) => vec![Value::Integer(it ^ 1), Value::Integer(it + 64)],
        Value::Text(it) => {
            let mut bytes = it.clone().into_bytes();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            vec![Value::Text(String::from_utf8_lossy(&bytes).into()), Value::Null]
        }
        Value::Blob(it) => {
            let mut bytes = it.clone();
            bytes[it.len() / 2] ^= 1;
            vec![Value::Blob(bytes)]
        }
        Value::Real(_) => panic!("there are no such columns"),
    }
}

/// Whether the database allowed the change.
fn change(path: &Path, table: &str, row: &Row, column: &str, value: &Value) -> bool {
    let mut done = false;
    without_triggers(path, |hand| {
        let keys: Vec<String> = row.key.iter().map(|(name, _)| format!("{name} IS ?")).collect();
        let sql = format!("UPDATE {table} SET {column} = ? WHERE {}", keys.join(" AND "));
        let values = std::iter::once(value).chain(row.key.iter().map(|(_, value)| value));
        // The schema refuses duplicate keys and NULL in required columns.
        done = hand.execute(&sql, params_from_iter(values)) == Ok(1);
    });
    done
}

/// Makes a change with the triggers removed, and restores them afterwards, so that only the change can be detected.
pub fn without_triggers(path: &Path, work: impl FnOnce(&Connection)) {
    let hand = by_hand(path);
    let pragmas =
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA journal_mode = DELETE";
    hand.execute_batch(pragmas).unwrap();
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid";
    let triggers: Vec<(String, String)> = {
        let mut statement = hand.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    triggers.iter().for_each(|(name, _)| hand.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
    work(&hand);
    triggers.iter().for_each(|(_, sql)| hand.execute_batch(sql).unwrap());
}

fn names(hand: &Connection, kind: &str) -> Vec<String> {
    let mut statement = hand.prepare("SELECT name FROM sqlite_schema WHERE type = ?1").unwrap();
    let rows = statement.query_map([kind], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn rows(hand: &Connection, table: &str) -> Vec<Row> {
    let mut info = hand.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    let columns: Vec<(String, bool)> = info
        .query_map([], |row| Ok((row.get(1)?, row.get::<_, i64>(5)? > 0)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut statement = hand.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let read = |row: &rusqlite::Row<'_>| {
        let cells = columns.iter().enumerate().map(|(at, (name, _))| (name.clone(), row.get(at).unwrap()));
        let cells: Vec<(String, Value)> = cells.collect();
        let key =
            cells.iter().zip(&columns).filter(|(_, (_, key))| *key).map(|(cell, _)| cell.clone()).collect();
        Ok(Row { key, cells })
    };
    statement.query_map([], read).unwrap().map(Result::unwrap).collect()
}

#[test]
fn the_test_ledger_fills_every_table() {
    let room = Room::new("story");
    let mut store = room.fresh();
    assert_eq!(post_all(&mut store, story()).unwrap().len(), 15);
    let hand = by_hand(&room.path("fresh-1.db"));
    for table in names(&hand, "table").into_iter().filter(|table| table != "checked") {
        assert!(!rows(&hand, &table).is_empty(), "{table}");
    }
}
