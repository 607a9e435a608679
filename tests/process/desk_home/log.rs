//! The write-ahead log after a killed batch: its loss is noticed, and it is looked through once.

use std::fs;

use airlatch_desk::store::Store;

use super::copies::issue;
use crate::desk::macs;
use crate::faults::trace::{Fault, calls, changes, inject};
use crate::scene::{Scene, has};

const BATCH: &str = "batch @/macs.tsv --desk @/desk --code seats --out-dir @/new --yes";
const LOG: &str = "desk/ledger.db-wal";

/// Kills a batch at calls of every kind, and removes the log. Either nothing is lost, or every verb says so, until it is accepted.
#[test]
fn a_log_removed_after_a_killed_batch_is_missed() {
    if !has("strace") {
        return;
    }
    let start = Scene::desk("log-removed");
    let found = calls(&start.copy("log-trial"), BATCH);
    let mut lost = 0;
    for (call, numbers) in found.iter().filter(|(call, _)| changes(call)) {
        for n in numbers {
            let fault = Fault { call: call.clone(), n: *n, what: "signal=KILL".into(), and_after: false };
            let scene = start.copy("log-case");
            inject(&scene, BATCH, &fault);
            let all = entries(&scene.copy("log-before"));
            if !scene.exists(LOG) {
                scene.done("ledger audit --desk @/desk");
                continue;
            }
            fs::remove_file(scene.path(LOG)).unwrap();
            let _ = fs::remove_file(scene.path("desk/ledger.db-shm"));
            match entries(&scene.copy("log-after")) {
                Some(left) if Some(left) == all => continue,
                Some(_) => {}
                // It was killed while the log was moved into the file.
                None => {
                    let ran = scene.run("ledger balance --desk @/desk");
                    assert!(ran.err.contains("[damaged-ledger]"), "{fault:?}: {ran:?}");
                    continue;
                }
            }
            lost += 1;
            // Looking must not remove the evidence.
            for line in
                ["ledger audit --desk @/desk", "ledger audit --desk @/desk", "ledger balance --desk @/desk"]
            {
                let ran = scene.run(line);
                let told = ran.status.code() == Some(1) && ran.err.contains("[restored-ledger]");
                assert!(told, "{fault:?}: {line}: {ran:?}");
            }
            assert!(!issue(&scene, 9).status.success(), "{fault:?}");
            let said = scene.done("ledger restore --yes --desk @/desk");
            assert!(said.contains("lost") || said.contains("log is gone"), "{fault:?}: {said}");
            assert_eq!(scene.ledger("desk").unwrap().restored, 1, "{fault:?}");
            assert!(issue(&scene, 9).status.success(), "{fault:?}");
        }
    }
    assert!(lost > 3, "only {lost} of the kills left entries in the log only");
}

/// A batch that stops in the middle, or is killed and run again, is no loss.
#[test]
fn a_log_that_was_used_up_is_not_missed() {
    let scene = Scene::desk("log-used");
    let witness = scene.path("desk/witness.toml");
    let marked = fs::read_to_string(&witness).unwrap() + "# later entries may be in the write-ahead log\n";
    let open = Store::open_read_only(&scene.path("desk/ledger.db")).unwrap();
    assert!(issue(&scene, 1).status.success());
    drop(open);
    fs::write(&witness, &marked).unwrap();
    assert!(scene.exists(LOG));
    // One that changes nothing keeps the log; one that books moves it into the file.
    scene.done("order new 4711 --product seat --line video=7 --permanent --dry-run --desk @/desk");
    scene.done("ledger balance --desk @/desk");
    assert!(issue(&scene, 2).status.success());
    assert!(!scene.exists(LOG));
    scene.done("ledger audit --desk @/desk");
    assert_eq!(scene.ledger("desk").unwrap().used("seats"), 2);
}

/// The first look after a crash audits the ledger, since its log may be another one's; the witness then says that it was done.
#[test]
fn a_log_is_looked_through_once() {
    let scene = Scene::desk("log-once");
    let witness = scene.path("desk/witness.toml");
    let before = fs::read_to_string(&witness).unwrap();
    let open = Store::open_read_only(&scene.path("desk/ledger.db")).unwrap();
    scene.write("some.tsv", macs(20, 20));
    scene.done("batch @/some.tsv --desk @/desk --code seats --out-dir @/some --yes");
    drop(open);
    let of_another =
        before.lines().filter(|line| !line.starts_with("# the file")).collect::<Vec<_>>().join("\n");
    fs::write(&witness, of_another).unwrap();
    scene.done("ledger balance --desk @/desk");
    let after = fs::read_to_string(&witness).unwrap();
    assert!(after.contains("number = 23\n") && after.contains("# the file: "), "{after}");
    assert!(scene.exists(LOG), "a look moves nothing");
    scene.done("ledger balance --desk @/desk");
    assert_eq!(fs::read_to_string(&witness).unwrap(), after);
}

fn entries(scene: &Scene) -> Option<u64> {
    Store::open_read_only(&scene.path("desk/ledger.db")).ok()?.head().ok().map(|head| head.number)
}
