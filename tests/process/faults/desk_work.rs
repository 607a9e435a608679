//! The commands of the desk, and the check that no seat was lost or doubled.
//!
//! The order of writing is: the ledger's transaction, its witness, the file. So the faults include a kill between commit and
//! witness (the first call on `witness.toml` after the last `fsync` of the WAL), and one between witness and file.

use std::fs;

use airlatch_core::format;

use super::work::{Work, key, names};
use crate::desk::{Books, mac};
use crate::scene::Scene;

pub(crate) const DESK_INIT: Work = Work {
    name: "desk init",
    line: "desk init @/new --no-passphrase --vendor ACME",
    set: Scene::desk,
    before: |_| {},
    check: |scene| {
        let (private, public) = (key(scene, "new/keys/desk.key")?, key(scene, "new/keys/desk.pub")?);
        if private.is_some() && private != public {
            return Err("the desk's keys are no pair".into());
        }
        if !scene.exists("new/witness.toml") {
            return Ok(false);
        }
        let entries = scene.ledger("new")?.entries;
        let whole = entries == 1 && private.is_some() && scene.exists("new/desk.toml");
        if whole { Ok(true) } else { Err(format!("a desk with {entries} entries that is not whole")) }
    },
};

pub(crate) const ORDER: Work = Work {
    name: "order new",
    line: "order new 4711 --product seat --line video=7 --permanent --yes --desk @/desk",
    set: Scene::desk,
    before: |_| {},
    check: |scene| match scene.ledger("desk")?.amounts.iter().filter(|it| it.0 == "4711").collect::<Vec<_>>()
        [..]
    {
        [] => Ok(false),
        [(_, 7, 0, 7)] => Ok(true),
        ref other => Err(format!("booked {other:?}")),
    },
};

pub(crate) const CHARGE: Work = Work {
    name: "issue --code",
    line: "issue --desk @/desk --code host @/host.request --weak-lock --yes --out @/new.license",
    set: Scene::desk,
    before: |_| {},
    check: |scene| charged(scene, "host", 10, "new.license", 1),
};

pub(crate) const CHARGE_TYPED: Work = Work {
    name: "issue --code --mac",
    line: "issue --desk @/desk --code seats --mac 0004f1000001 --all --yes --out @/new.license",
    set: Scene::desk,
    before: |_| {},
    check: |scene| charged(scene, "seats", 1, "new.license", 1),
};

pub(crate) const CHARGE_BATCH: Work = Work {
    name: "batch --code",
    line: "batch @/macs.tsv --desk @/desk --code seats --out-dir @/new --yes",
    set: Scene::desk,
    before: |_| {},
    check: |scene| charged(scene, "seats", 3, "license.cfg", 3),
};

pub(crate) const RETURN: Work = Work {
    name: "issue RECEIPT",
    line: "issue --desk @/desk @/host.receipt --yes",
    set: Scene::desk,
    before: Scene::given_back,
    check: |scene| {
        let books = scene.ledger("desk")?;
        match (books.released.len(), books.used("host")) {
            (0, 10) => Ok(false),
            (1, 0) => Ok(true),
            other => Err(format!("booked back, and still used: {other:?}")),
        }
    },
};

pub(crate) const RESET: Work = Work {
    name: "issue --out RESET",
    line: "issue --desk @/desk @/clock.request --yes --out @/new.reset",
    set: Scene::desk,
    before: Scene::clock_lost,
    check: |scene| {
        let books = scene.ledger("desk")?;
        if !scene.exists("new.reset") {
            return if books.resets.len() < 2 { Ok(false) } else { Err("signed twice".into()) };
        }
        let bytes = fs::read(scene.path("new.reset")).map_err(|e| e.to_string())?;
        let read = format::open_one(&bytes).and_then(|(it, _)| format::read_reset(&it, &books.trusted));
        let reset = read.map_err(|why| format!("a partial file: {why}"))?;
        if books.resets == [reset.document_id()] { Ok(true) } else { Err("it is not in the ledger".into()) }
    },
};

pub(crate) const BACKUP: Work = Work {
    name: "ledger backup",
    line: "ledger backup @/new/ledger.db --desk @/desk",
    set: Scene::desk,
    before: |scene| {
        issue(scene, 1);
        fs::create_dir(scene.path("new")).unwrap();
    },
    check: |scene| backed_up(scene, 4),
};

pub(crate) const RESTORE: Work = Work {
    name: "ledger restore",
    line: "ledger restore @/backup.db --yes --desk @/desk",
    set: Scene::desk,
    before: |scene| {
        issue(scene, 1);
        scene.done("ledger backup @/backup.db --desk @/desk");
        issue(scene, 2);
    },
    check: |scene| restored(scene, 5),
};

/// The batch before was killed: its entries are in the write-ahead log only, and the witness has not seen them.
pub(crate) const RESTORE_KILLED: Work = Work {
    name: "ledger restore after a killed batch",
    before: |scene| {
        issue(scene, 1);
        scene.done("ledger backup @/backup.db --desk @/desk");
        killed_batch(scene);
    },
    check: |scene| restored(scene, 7),
    ..RESTORE
};

pub(crate) const BACKUP_KILLED: Work = Work {
    name: "ledger backup after a killed batch",
    before: |scene| {
        issue(scene, 1);
        killed_batch(scene);
        fs::create_dir(scene.path("new")).unwrap();
    },
    check: |scene| backed_up(scene, 7),
    ..BACKUP
};

pub(crate) const DESK_BACKUP: Work = Work {
    name: "desk backup",
    line: "desk backup @/new/desk --desk @/desk",
    set: Scene::desk,
    before: |scene| {
        issue(scene, 1);
        fs::create_dir(scene.path("new")).unwrap();
    },
    check: |scene| {
        scene.ledger("desk")?;
        let manifest = fs::read_to_string(scene.path("new/desk/backup.toml")).unwrap_or_default();
        if !manifest.contains("[[file]]") {
            return Ok(false);
        }
        let entries = Books::of(&scene.path("new/desk/ledger.db"), &scene.path("new/desk"))?.entries;
        if entries == 4 { Ok(true) } else { Err(format!("a backup with {entries} entries")) }
    },
};

pub(crate) const DESK_RESTORE: Work = Work {
    name: "desk restore",
    line: "desk restore @/backup --desk @/second --yes",
    set: Scene::desk,
    before: |scene| {
        issue(scene, 1);
        scene.done("desk backup @/backup --desk @/desk");
    },
    check: |scene| {
        if !scene.exists("second/witness.toml") {
            return Ok(false);
        }
        let books = scene.ledger("second")?;
        match (books.restored, books.licenses.len()) {
            (1, 1) => Ok(true),
            other => Err(format!("restores and licenses: {other:?}")),
        }
    },
};

/// There is no backup, or one with all entries.
fn backed_up(scene: &Scene, all: u64) -> Result<bool, String> {
    let books = scene.ledger("desk")?;
    if books.entries != all {
        return Err(format!("the desk has {} entries", books.entries));
    }
    let there = names(&scene.path("new"));
    if there.is_empty() {
        return Ok(false);
    }
    let entries = Books::of(&scene.path("new/ledger.db"), &scene.path("desk"))?.entries;
    if there == ["ledger.db"] && entries == all { Ok(true) } else { Err(format!("{there:?}: {entries}")) }
}

/// The ledger is the one before with all its entries, or the restored one; the one before is kept complete.
fn restored(scene: &Scene, before: u64) -> Result<bool, String> {
    let whole = |name: &String| {
        let found = name.starts_with("ledger.db") && !name.ends_with("-shm") && !name.ends_with("-wal");
        found && entries(scene, name) == Some(before)
    };
    let names = names(&scene.path("desk"));
    if !names.iter().any(whole) {
        return Err(format!("the ledger before is lost: {names:?}"));
    }
    let audit = scene.run("ledger audit --desk @/desk");
    if !audit.status.success() {
        return Err(format!("neither the old ledger nor the new one: {audit:?}"));
    }
    let books = scene.ledger("desk")?;
    match (books.entries, books.restored, books.licenses.len()) {
        (5, 1, 1) => Ok(true),
        (entries, 0, _) if entries == before => Ok(false),
        other => Err(format!("entries, restores and licenses: {other:?}")),
    }
}

/// Leaves a desk as a batch of three does that was killed after its commit.
fn killed_batch(scene: &Scene) {
    let witness = fs::read(scene.path("desk/witness.toml")).unwrap();
    // As long as this connection is open, the log is not moved into the file.
    let open = airlatch_desk::store::Store::open_read_only(&scene.path("desk/ledger.db")).unwrap();
    scene.write("some.tsv", crate::desk::macs(11, 3));
    scene.done("batch @/some.tsv --desk @/desk --code seats --out-dir @/some --yes");
    drop(open);
    let in_log = "# later entries may be in the write-ahead log\n";
    scene.write("desk/witness.toml", [&witness, in_log.as_bytes()].concat());
}

/// The number of entries of a ledger in the desk's folder, without checking its witness.
fn entries(scene: &Scene, name: &str) -> Option<u64> {
    use airlatch_desk::ledger::Ledger;
    let store = airlatch_desk::store::Store::open_read_only(&scene.path("desk").join(name)).ok()?;
    let faults = store.read(|book| airlatch_desk::ledger::audit(book, &mut |_| {})).ok()?;
    faults.is_empty().then(|| store.head().unwrap().number)
}

fn issue(scene: &Scene, n: usize) {
    let line = format!("issue --desk @/desk --code seats --mac {} --all --yes --out @/{n}.license", mac(n));
    scene.done(&line);
}

/// Nothing was charged, or everything once; every license file is in the ledger and charged.
fn charged(scene: &Scene, order: &str, all: u64, ending: &str, licenses: usize) -> Result<bool, String> {
    let books = scene.ledger("desk")?;
    let files = scene.licenses_in("", ending, &books)?.len();
    match (books.used(order), books.licenses.len()) {
        (0, 0) => Ok(false),
        (used, booked) if used == all && booked == licenses => Ok(files == licenses),
        other => Err(format!("charged and licensed {other:?}, {files} files")),
    }
}
