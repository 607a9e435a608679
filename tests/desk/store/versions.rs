//! A ledger with version 1 of the schema: it can be read as it is, and is migrated when it is opened for writing.

use std::fs;
use std::path::PathBuf;

use airlatch_desk::ledger::{Act, Draft, Ledger, Query};
use airlatch_desk::store::Store;

use crate::common::ledger_contract::{activated, activation, hardware, post_all, state, story};
use crate::common::store_room::{Room, beside, by_hand};

/// The entries as in version 1, where activations have no hardware.
fn old_story() -> Vec<Draft> {
    let mut story = story();
    for draft in &mut story {
        if let Act::Activated(activation) = &mut draft.act {
            activation.hardware = None;
        }
    }
    story
}

/// A ledger with version 1 of the schema.
fn begun_with_version_1(room: &Room) -> PathBuf {
    let path = room.path("ledger.db");
    post_all(&mut Store::create(&path).unwrap(), old_story()).unwrap();
    by_hand(&path)
        .execute_batch(
            "DROP TABLE checked; DROP INDEX entry_hardware; ALTER TABLE entry DROP COLUMN hardware; \
             PRAGMA user_version = 1",
        )
        .unwrap();
    path
}

#[test]
fn reading_an_older_ledger_does_not_change_it() {
    let room = Room::new("older-look");
    let path = begun_with_version_1(&room);
    let bytes = fs::read(&path).unwrap();
    let mut fresh = room.fresh();
    post_all(&mut fresh, old_story()).unwrap();
    let store = Store::open_read_only(&path).unwrap();
    assert!(state(&store) == state(&fresh));
    assert_eq!(store.backup_to(&room.path("backup.db")).unwrap(), fresh.head().unwrap());
    drop(store);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert!(!beside(&path, ".v1.backup").exists());
    assert!(state(&Store::open(&room.path("backup.db")).unwrap()) == state(&fresh));
}

#[test]
fn opening_an_older_ledger_for_writing_migrates_it() {
    let room = Room::new("older-work");
    let path = begun_with_version_1(&room);
    let before = state(&Store::open_read_only(&path).unwrap());
    let mut store = Store::open(&path).unwrap();
    assert!(state(&store) == before);
    assert!(state(&Store::open_read_only(&beside(&path, ".v1.backup")).unwrap()) == before);
    let mut draft = activated(20, 1, &[1], &[]);
    draft.act = Act::Activated(activation(1, vec![]));
    post_all(&mut store, vec![draft]).unwrap();
    let query = Query { hardware: Some(hardware(1)), ..Query::default() };
    assert_eq!(store.read(|book| book.entries(&query)).unwrap().len(), 1);
}
