//! Backups, restored copies, and write-ahead logs of another ledger.

use std::fs;
use std::path::Path;

use airlatch_core::model::Reason;
use airlatch_desk::ledger::Ledger;
use airlatch_desk::store::Store;

use super::damage::without_triggers;
use crate::common::ledger_contract::{ordered, post_all, state, stated, story};
use crate::common::store_room::{Room, TAILS, beside, by_hand, faults, put, reason, witness};

#[test]
fn a_backup_is_the_same_ledger_in_one_file() {
    let room = Room::new("backup");
    let mut store = room.fresh();
    post_all(&mut store, story()).unwrap();
    let path = room.path("backup.db");
    assert_eq!(store.backup_to(&path).unwrap(), store.head().unwrap());
    assert!(!beside(&path, "-wal").exists() && !beside(&path, "-shm").exists());
    assert_eq!(faults(&path, Some(witness(&store))), []);
    assert!(state(&Store::open(&path).unwrap()) == state(&store));
    let bytes = fs::read(&path).unwrap();
    assert_eq!(reason(store.backup_to(&path)), Reason::Exists);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    fs::write(room.path("letter"), "Dear Ann").unwrap();
    assert_eq!(reason(store.backup_to(&room.path("letter"))), Reason::Exists);
    assert_eq!(reason(store.backup_to(&room.path("no/backup.db"))), Reason::NotFound);
}

#[test]
fn a_backup_of_a_damaged_ledger_is_refused() {
    let room = Room::new("backup-damaged");
    let path = room.told("ledger.db");
    by_hand(&path)
        .execute_batch("UPDATE balance SET quantity = quantity + 1 WHERE holder LIKE 'pool%'")
        .unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(reason(store.backup_to(&room.path("backup.db"))), Reason::DamagedLedger);
}

/// Its pages and balances are fine, but not its chain or its labels.
#[test]
fn a_backup_of_a_changed_chain_is_refused() {
    for (name, column) in [("actor", "actor = 'eve'"), ("label", "unit = NULL"), ("link", "previous = hash")]
    {
        let room = Room::new(&format!("backup-{name}"));
        let path = room.told("ledger.db");
        without_triggers(&path, |it| {
            it.execute_batch(&format!("UPDATE entry SET {column} WHERE number = 8")).unwrap()
        });
        let store = Store::open(&path).unwrap();
        let error = store.backup_to(&room.path("backup.db")).unwrap_err();
        assert_eq!(error.reason(), Reason::DamagedLedger, "{name}");
        assert!(error.details()[0].starts_with("entry 8: "), "{name}: {:?}", error.details());
    }
}

#[test]
fn a_backup_made_while_others_post_is_whole() {
    let room = Room::new("backup-meanwhile");
    let path = room.told("ledger.db");
    let mut busy = Store::open(&path).unwrap();
    std::thread::scope(|scope| {
        let posting = scope.spawn(move || {
            (0..200).for_each(|_| drop(post_all(&mut busy, vec![stated(20, "acme", "ACME", None)]).unwrap()));
        });
        let store = Store::open(&path).unwrap();
        for number in 0..10 {
            let copy = room.path(&format!("backup-{number}.db"));
            let head = store.backup_to(&copy).unwrap();
            assert_eq!(faults(&copy, None), []);
            assert_eq!(Store::open_read_only(&copy).unwrap().head().unwrap(), head);
        }
        posting.join().unwrap();
    });
}

/// An old copy in place of the ledger, with its own log, without a log, or with the log of the newer ledger.
#[test]
fn the_witness_detects_an_old_copy() {
    let room = Room::new("restored");
    let (path, old) = (room.path("ledger.db"), room.path("old.db"));
    let mut store = Store::create(&path).unwrap();
    post_all(&mut store, story()).unwrap();
    let before = witness(&store);
    put(&path, &old, &TAILS);
    store.backup_to(&room.path("backup.db")).unwrap();
    post_all(&mut store, vec![ordered(20, 4, "SO-4", &[("voice", 1)], None)]).unwrap();
    let seen = witness(&store);
    let after = state(&store);
    let log = fs::read(beside(&path, "-wal")).unwrap();
    drop(store);
    assert_eq!(faults(&path, Some(seen)), []);
    // The witness may lag behind.
    assert_eq!(faults(&path, Some(before)), []);

    for (from, tails) in [(&old, &TAILS[..]), (&old, &["", "-wal"]), (&room.path("backup.db"), &TAILS)] {
        put(from, &path, tails);
        let found = faults(&path, Some(seen));
        assert_eq!(found[0].reason(), Reason::RestoredLedger, "{found:?}");
        assert_eq!(found[0].details()[0], "the ledger ends with entry 15, the witness saw entry 16");
    }
    // Without its log the file is even older, or empty.
    put(&old, &path, &TAILS);
    fs::remove_file(beside(&path, "-wal")).unwrap();
    fs::remove_file(beside(&path, "-shm")).unwrap();
    let found = faults(&path, Some(seen));
    assert!([Reason::RestoredLedger, Reason::NotALedger].contains(&found[0].reason()), "{found:?}");
    // The old file with the newer log: either accepted completely or refused, never a mixture.
    for from in [&old, &room.path("backup.db")] {
        put(from, &path, &[""]);
        fs::write(beside(&path, "-wal"), &log).unwrap();
        let _ = fs::remove_file(beside(&path, "-shm"));
        let found = faults(&path, Some(seen));
        assert!(!found.is_empty() || state(&Store::open(&path).unwrap()) == after, "a mixture passed");
    }
}

/// The log of another ledger is refused, and the file is unchanged when that log is removed.
#[test]
fn the_log_of_another_ledger_is_refused_and_does_no_harm() {
    let room = Room::new("stale");
    let path = room.told("ledger.db");
    let seen = witness(&Store::open(&path).unwrap());
    let before = state(&Store::open(&path).unwrap());
    let bytes = fs::read(&path).unwrap();
    for (number, moved) in [(1, "PASSIVE"), (2, "RESTART")] {
        let other = room.path(&format!("other-{number}.db"));
        let mut store = Store::create(&other).unwrap();
        post_all(&mut store, story().into_iter().take(3).collect()).unwrap();
        // A log with all entries, and one with only those after a checkpoint.
        if moved == "RESTART" {
            by_hand(&other).query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).unwrap();
        }
        post_all(&mut store, story().into_iter().skip(3).take(4).collect()).unwrap();
        for look in [Store::open_read_only as fn(&Path) -> _, Store::open] {
            fs::copy(beside(&other, "-wal"), beside(&path, "-wal")).unwrap();
            let checked = look(&path).and_then(|store: Store| {
                store.read(|book| {
                    seen.check(book)?;
                    airlatch_desk::ledger::audit(book, &mut |_| {})?.into_iter().next().map_or(Ok(()), Err)
                })
            });
            let found = reason(checked);
            let fine = [Reason::ForkedLedger, Reason::RestoredLedger, Reason::DamagedLedger];
            assert!(fine.contains(&found), "{moved}: {found}");
            assert_eq!(fs::read(&path).unwrap(), bytes, "{moved}: the file was changed");
            for tail in ["-wal", "-shm"] {
                let _ = fs::remove_file(beside(&path, tail));
            }
            assert!(state(&Store::open(&path).unwrap()) == before, "{moved}");
        }
    }
}

/// After a power failure only the log has the last commits.
#[test]
fn what_was_committed_is_there_though_nobody_closed_it() {
    let room = Room::new("log");
    let (path, fallen) = (room.path("ledger.db"), room.path("fallen.db"));
    let mut store = Store::create(&path).unwrap();
    post_all(&mut store, story()).unwrap();
    put(&path, &fallen, &["", "-wal"]);
    assert_eq!(faults(&fallen, Some(witness(&store))), []);
    // The last page of the log is incomplete: its whole transaction is lost.
    let seen = witness(&store);
    post_all(&mut store, vec![ordered(20, 4, "SO-4", &[("voice", 1)], None)]).unwrap();
    put(&path, &fallen, &TAILS[..2]);
    let log = fs::read(beside(&fallen, "-wal")).unwrap();
    fs::write(beside(&fallen, "-wal"), &log[..log.len() - 100]).unwrap();
    let _ = fs::remove_file(beside(&fallen, "-shm"));
    assert_eq!(faults(&fallen, Some(seen)), []);
    assert_eq!(Store::open(&fallen).unwrap().head().unwrap().number, 15);
}
