//! An old copy in place of the ledger, with and without its WAL, and the ledger or witness of another desk.

use std::fs;

use airlatch_desk::store::Store;

use crate::desk::{mac, macs};
use crate::scene::{Ran, Scene};

/// Issues a license to the nth telephone.
pub(crate) fn issue(scene: &Scene, n: usize) -> Ran {
    scene.run(&format!("issue --desk @/desk --code seats --mac {} --all --yes --out @/{n}.license", mac(n)))
}

/// Asserts that issuing, reading and booking are refused for this reason, and that no file of the desk changes.
#[track_caller]
pub(crate) fn refused(scene: &Scene, reason: &str, exit: i32, hint: &str) {
    let before = ledger_files(scene);
    let verbs = [
        "issue --desk @/desk --code seats --mac 0004f1ffffff --all --yes --out @/never.license",
        "issue --desk @/desk --code host @/host.request --weak-lock --yes --out @/never.license --json",
        "batch @/macs.tsv --desk @/desk --code seats --out-dir @/never --yes",
        "order new 4711 --product seat --line video=7 --permanent --yes --desk @/desk",
        "ledger balance --desk @/desk",
        "ledger backup @/never.db --desk @/desk",
    ];
    for line in verbs {
        let ran = scene.run(line);
        let said = if line.ends_with("--json") {
            ran.err.contains(&format!("\"reason\": \"{reason}\""))
        } else {
            ran.err.contains(&format!("[{reason}]")) && ran.err.contains("hint: ")
        };
        assert!(said && ran.err.contains(hint), "not {reason}, {hint}: {line}: {ran:?}");
        assert_eq!(ran.status.code(), Some(exit), "{line}: {ran:?}");
    }
    for name in ["never", "never.license", "never.db"] {
        assert!(!scene.exists(name), "{name}");
    }
    assert!(ledger_files(scene) == before, "trying changed the ledger");
}

/// The files of the ledger without the database header, which has no content.
fn ledger_files(scene: &Scene) -> Vec<Vec<u8>> {
    let read = |name: &str| {
        let path = scene.path("desk").join(name);
        if path.is_file() { fs::read(path).unwrap() } else { Vec::new() }
    };
    vec![read("ledger.db").into_iter().skip(100).collect(), read("witness.toml")]
}

const FILE: &str = "desk/ledger.db";
const LOG: &str = "desk/ledger.db-wal";

/// Replaces the ledger by copies of its file and its WAL.
fn put(scene: &Scene, file: &str, log: Option<&str>) {
    for tail in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(scene.path(&format!("{FILE}{tail}")));
    }
    fs::copy(scene.path(file), scene.path(FILE)).unwrap();
    if let Some(log) = log {
        fs::copy(scene.path(log), scene.path(LOG)).unwrap();
    }
}

/// An open connection: the WAL is not removed while it exists.
fn held(scene: &Scene) -> Store {
    Store::open_read_only(&scene.path(FILE)).unwrap()
}

fn keep(scene: &Scene, from: &str, to: &str) {
    fs::copy(scene.path(from), scene.path(to)).unwrap();
}

#[test]
fn an_old_copy_put_back_is_refused() {
    let scene = Scene::desk("old");
    assert!(issue(&scene, 1).status.success());
    keep(&scene, FILE, "old.db");
    scene.done("ledger backup @/backup.db --desk @/desk");
    for n in 2..=4 {
        assert!(issue(&scene, n).status.success());
    }
    keep(&scene, FILE, "new.db");
    for old in ["old.db", "backup.db"] {
        put(&scene, old, None);
        refused(&scene, "restored-ledger", 1, "airlatch ledger restore");
    }
    // The audit names the licenses in the field, and the newest copy restores the ledger.
    let ran = scene.run("ledger audit --against @ --desk @/desk");
    assert!(ran.status.code() == Some(1) && ran.err.matches("[restored-ledger]").count() >= 3, "{ran:?}");
    assert!(ran.err.contains("4.license"), "{ran:?}");
    put(&scene, "new.db", None);
    assert!(issue(&scene, 5).status.success());
    assert_eq!(scene.ledger("desk").unwrap().used("seats"), 5);
}

#[test]
fn what_is_lost_can_be_accepted_and_is_written_down() {
    let scene = Scene::desk("accepted");
    keep(&scene, FILE, "old.db");
    assert!(issue(&scene, 1).status.success());
    put(&scene, "old.db", None);
    refused(&scene, "restored-ledger", 1, "airlatch ledger restore");
    let said = scene.done("ledger restore --yes --desk @/desk");
    assert!(said.contains("1 later entry is lost"), "{said}");
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.restored, books.used("seats")), (1, 0));
    // A license that the ledger does not know proves the loss.
    let ran = scene.run("ledger audit --against @ --desk @/desk");
    assert!(
        ran.status.code() == Some(1) && ran.err.contains("restored a backup without this license"),
        "{ran:?}"
    );
    assert!(issue(&scene, 2).status.success());
}

#[test]
fn an_old_copy_with_its_own_old_log_is_refused() {
    let scene = Scene::desk("old-log");
    let holder = held(&scene);
    assert!(issue(&scene, 1).status.success());
    keep(&scene, FILE, "old.db");
    keep(&scene, LOG, "old.log");
    assert!(issue(&scene, 2).status.success());
    drop(holder);
    put(&scene, "old.db", Some("old.log"));
    refused(&scene, "restored-ledger", 1, "airlatch ledger restore");
    // The WAL has entries that the file does not have: without it the copy is older still.
    put(&scene, "old.db", None);
    refused(&scene, "restored-ledger", 1, "airlatch ledger restore");
}

/// A newer WAL over an older file is a mixture that ends with the entry the witness expects.
#[test]
fn an_old_copy_under_the_newer_log_is_refused() {
    for between in [1, 4, 8, 12, 40] {
        let scene = Scene::desk(&format!("newer-log-{between}"));
        assert!(issue(&scene, 100).status.success());
        keep(&scene, FILE, "old.db");
        scene.write("some.tsv", macs(200, between));
        scene.done("batch @/some.tsv --desk @/desk --code seats --out-dir @/some --yes");
        let holder = held(&scene);
        assert!(issue(&scene, 101).status.success());
        keep(&scene, FILE, "new.db");
        keep(&scene, LOG, "new.log");
        drop(holder);
        put(&scene, "old.db", Some("new.log"));
        let ran = issue(&scene, 102);
        if ran.status.success() {
            // All newer pages were in the WAL: nothing is missing.
            assert!(between < 8 && scene.ledger("desk").is_ok(), "a mixture of {between} was taken: {ran:?}");
            continue;
        }
        let told = ran.err.contains("[damaged-ledger]") || ran.err.contains("[restored-ledger]");
        assert!(told && ran.status.code() == Some(1), "{between}: {ran:?}");
        if ran.err.contains("[damaged-ledger]") {
            assert!(ran.err.contains("may belong to another copy"), "{ran:?}");
            refused(&scene, "damaged-ledger", 1, "see all faults: airlatch ledger audit");
        }
        put(&scene, "new.db", Some("new.log"));
        assert!(issue(&scene, 102).status.success());
        assert_eq!(scene.ledger("desk").unwrap().used("seats"), 3 + between as u64);
    }
}

#[test]
fn the_ledger_or_witness_of_another_desk_is_refused() {
    let scene = Scene::desk("other");
    scene.make_desk("second");
    for file in ["ledger.db", "witness.toml"] {
        keep(&scene, &format!("desk/{file}"), file);
        fs::copy(scene.path("second").join(file), scene.path("desk").join(file)).unwrap();
        refused(&scene, "forked-ledger", 1, "airlatch ledger audit --against DIR");
        keep(&scene, file, &format!("desk/{file}"));
    }
    // Both of them: then the licenses in it are signed by another key.
    let line = "issue --desk @/second --code seats --mac 0004f1000001 --all --yes --out @/second.license";
    scene.done(line);
    for file in ["ledger.db", "witness.toml"] {
        fs::copy(scene.path("second").join(file), scene.path("desk").join(file)).unwrap();
    }
    let ran = scene.run("ledger audit --desk @/desk");
    assert!(ran.status.code() == Some(1) && ran.err.contains("[untrusted-key]"), "{ran:?}");
}
