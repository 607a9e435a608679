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

/// A restore that fails leaves the ledger as it was, also where only its last step would fail.
#[test]
fn a_restore_that_fails_books_nothing() {
    let scene = Scene::desk("restore-fails");
    assert!(issue(&scene, 1).status.success());
    scene.done("ledger backup @/backup.db --desk @/desk");
    let witness = scene.path("desk/witness.toml");
    let text = fs::read(&witness).unwrap();
    fs::remove_file(&witness).unwrap();
    fs::create_dir(&witness).unwrap();
    for line in ["ledger restore --yes --desk @/desk", "ledger restore @/backup.db --yes --desk @/desk"] {
        scene.run(line).fails("not-a-file");
        scene.run(line).fails("not-a-file");
    }
    fs::remove_dir(&witness).unwrap();
    fs::write(&witness, text).unwrap();
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.entries, books.restored), (4, 0));
    assert!(!scene.exists("desk/ledger.db.replaced-1"));
}

/// The files of a ledger are files: no verb follows a link, waits for a pipe, or calls a folder damaged.
#[test]
fn what_is_no_file_is_refused_for_the_ledger() {
    let scene = Scene::desk("not-files");
    scene.done("ledger backup @/backup.db --desk @/desk");
    fs::rename(scene.path("desk/ledger.db"), scene.path("elsewhere.db")).unwrap();
    let restore = "ledger restore @/backup.db --yes --desk @/desk";
    for name in ["desk/ledger.db", "desk/ledger.db-wal", "desk/ledger.db-shm"] {
        let path = scene.path(name);
        if name != "desk/ledger.db" {
            fs::copy(scene.path("elsewhere.db"), scene.path("desk/ledger.db")).unwrap();
        }
        let _ = fs::remove_file(&path);
        let make: [&dyn Fn(); 3] = [
            &|| std::os::unix::fs::symlink(scene.path("elsewhere.db"), &path).unwrap(),
            &|| fs::create_dir(&path).unwrap(),
            &|| assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success()),
        ];
        for make in make {
            make();
            refused(&scene, "not-a-file", 2, "put the file itself there");
            for line in [
                restore,
                "ledger restore --yes --desk @/desk",
                "ledger audit --desk @/desk",
                "desk backup @/never --desk @/desk",
            ] {
                scene.run(line).fails("not-a-file");
            }
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
        }
    }
    assert!(issue(&scene, 1).status.success());
    // What is to be restored is a file too.
    assert!(std::process::Command::new("mkfifo").arg(scene.path("pipe")).status().unwrap().success());
    fs::create_dir(scene.path("folder")).unwrap();
    for name in ["pipe", "folder"] {
        scene.run(&format!("ledger restore @/{name} --yes --desk @/desk")).fails("not-a-file");
    }
}
