//! Files of the desk home that are missing, garbage, damaged, or of another version.

use std::fs;

use rusqlite::Connection;

use super::copies::{issue, refused};
use crate::scene::Scene;

#[test]
fn a_witness_that_is_gone_or_garbage_is_refused() {
    let scene = Scene::desk("witness");
    let witness = scene.path("desk/witness.toml");
    let text = fs::read_to_string(&witness).unwrap();
    let restore = "airlatch ledger restore";
    fs::remove_file(&witness).unwrap();
    refused(&scene, "no-witness", 2, restore);
    for garbage in
        ["", "\0\0\0\0", "Dear Ann", &text[..text.find("hash").unwrap()], &text.replace("hash", "cash")]
    {
        fs::write(&witness, garbage).unwrap();
        refused(&scene, "no-witness", 2, restore);
    }
    // `ledger restore` writes a new one, and records it.
    scene.done("ledger restore --yes --desk @/desk");
    assert_eq!(scene.ledger("desk").unwrap().restored, 1);
    assert!(issue(&scene, 1).status.success());
}

#[test]
fn a_newer_ledger_is_refused() {
    let scene = Scene::desk("newer");
    let ledger = Connection::open(scene.path("desk/ledger.db")).unwrap();
    ledger.pragma_update(None, "user_version", 99).unwrap();
    drop(ledger);
    refused(&scene, "newer-ledger", 2, "use the version that wrote it");
}

#[test]
fn what_is_no_ledger_is_refused() {
    let scene = Scene::desk("none");
    scene.done("ledger backup @/backup.db --desk @/desk");
    let path = scene.path("desk/ledger.db");
    let restore = "airlatch ledger restore BACKUP";
    for bytes in [&b"Dear Ann, this is no ledger but a letter"[..], b"", &[0; 4096]] {
        fs::write(&path, bytes).unwrap();
        refused(&scene, "not-a-ledger", 2, restore);
    }
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE letter (text)").unwrap();
    refused(&scene, "not-a-ledger", 2, restore);
    fs::remove_file(&path).unwrap();
    refused(&scene, "not-found", 2, restore);
    scene.done("ledger restore @/backup.db --yes --desk @/desk");
    assert!(issue(&scene, 1).status.success());
}

#[test]
fn a_damaged_ledger_is_refused() {
    let scene = Scene::desk("damaged");
    let path = scene.path("desk/ledger.db");
    let whole = fs::read(&path).unwrap();
    let hint = "put a backup back: airlatch ledger restore BACKUP";
    // Half of the file; and the beginning of every page except the first.
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    refused(&scene, "damaged-ledger", 1, hint);
    let mut bytes = whole.clone();
    bytes.chunks_mut(4096).skip(1).for_each(|page| page[..8].fill(0xa5));
    fs::write(&path, &bytes).unwrap();
    refused(&scene, "damaged-ledger", 1, hint);
    fs::write(&path, &whole).unwrap();
    assert!(issue(&scene, 1).status.success());
}

/// A balance changed with SQL is found by the audit.
#[test]
fn a_changed_balance_is_found() {
    let scene = Scene::desk("changed");
    assert!(issue(&scene, 1).status.success());
    let ledger = Connection::open(scene.path("desk/ledger.db")).unwrap();
    ledger.execute_batch("UPDATE balance SET quantity = quantity + 9 WHERE holder LIKE 'pool%'").unwrap();
    drop(ledger);
    let ran = scene.run("ledger audit --desk @/desk");
    assert!(ran.status.code() == Some(1) && ran.err.contains("[damaged-ledger]"), "{ran:?}");
}
