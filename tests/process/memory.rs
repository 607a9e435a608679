//! The clock mark of a host, written by many processes at once.

use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use airlatch_core::crypto;
use airlatch_core::format;
use airlatch_core::model::{Kind, License, Lock};

use crate::common::life::{Life, YEAR, key};

/// Starts the program with the home and state folder of `life`; it uses the real clock.
fn start(life: &Life, words: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_airlatch"));
    command.args(words).arg("--home").arg(life.folder.join("home")).current_dir(&life.folder).env_clear();
    command.env("HOME", life.folder.join("nobody")).env("XDG_STATE_HOME", life.folder.join("state"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(child: Child) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// A host with a license for this installation, on any hardware, installed today.
fn installed(name: &str) -> Life {
    let mut life = Life::new(name);
    life.now = airlatch_machine::platform::now();
    let lock = Lock::SystemId(life.host().facts.system_id.unwrap());
    let allow = airlatch_core::model::AllowedClasses::ALL;
    life.install(&License { lock, allow, ..life.license() }).unwrap();
    std::fs::create_dir_all(life.folder.join("home/trust")).unwrap();
    std::fs::write(life.folder.join("home/trust/acme.pub"), key(1).public().to_pem()).unwrap();
    life
}

#[test]
fn a_hundred_processes_damage_no_mark_and_lose_no_reset() {
    let mut life = installed("crowd");
    let today = life.now;
    life.wait(10 * YEAR);
    assert_eq!(life.word(), "expired");
    life.now = today;
    assert_eq!(life.word(), "grace clock-rollback");
    let reset = life.reset(today);
    let sealed = crypto::seal(Kind::ClockReset, &format::write_reset(&reset).unwrap(), &key(1));
    std::fs::write(life.folder.join("a.reset"), format::armor(Kind::ClockReset, sealed.bytes(), &[]))
        .unwrap();
    let [beside, _] = life.marks();
    let done = AtomicBool::new(false);
    let (ends, reset_end) = std::thread::scope(|scope| {
        // Every process has a mark to write all the time; the second place always has one to read.
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let _ = std::fs::remove_file(&beside);
                std::thread::sleep(std::time::Duration::from_millis(3));
            }
        });
        let mut children: Vec<Child> = (0..50).map(|_| start(&life, &["verify"])).collect();
        let reset = start(&life, &["install", "a.reset"]);
        children.extend((0..50).map(|_| start(&life, &["verify"])));
        let ends: Vec<_> = children.into_iter().map(end).collect();
        let reset = end(reset);
        done.store(true, Ordering::Relaxed);
        (ends, reset)
    });
    assert_eq!(reset_end.0, Some(0), "{}", reset_end.1);
    for (code, said) in ends {
        let well = match code {
            Some(0) => said.starts_with("valid") || said.contains("[clock-rollback]"),
            _ => false,
        };
        assert!(well && !said.contains("lost-mark"), "{code:?} {said}");
    }
    assert_eq!((life.mark().resets, life.memory().lost_at), (1, None));
    let again: Vec<Child> = (0..100).map(|_| start(&life, &["verify", "--reason"])).collect();
    for (code, said) in again.into_iter().map(end) {
        assert_eq!((code, said.trim()), (Some(0), "valid"));
    }
    assert_eq!(end(start(&life, &["install", "a.reset"])).0, Some(1), "it was used");
}

/// While another process holds the lock, a verdict neither waits nor writes; a clock reset waits.
#[test]
fn a_verdict_waits_for_nobody_and_a_reset_waits_its_turn() {
    let life = installed("turn");
    let reset = life.reset(life.now);
    let sealed = crypto::seal(Kind::ClockReset, &format::write_reset(&reset).unwrap(), &key(1));
    std::fs::write(life.folder.join("a.reset"), format::armor(Kind::ClockReset, sealed.bytes(), &[]))
        .unwrap();
    let [beside, second] = life.marks();
    std::fs::remove_file(&second).unwrap();
    let before = std::fs::read(&beside).unwrap();
    let lock = life.folder.join("home/.clock.lock");
    let guard = airlatch_machine::platform::Files::new("").lock_file(&lock, "test", 0).unwrap();
    let began = std::time::Instant::now();
    let (code, said) = end(start(&life, &["verify"]));
    assert!(code == Some(0) && !said.contains("remembered"), "{said}");
    assert!(began.elapsed().as_secs() < 5);
    let mut waits = start(&life, &["install", "a.reset"]);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(waits.try_wait().unwrap().is_none(), "it did not wait");
    assert_eq!((std::fs::read(&beside).unwrap(), second.exists()), (before, false), "nothing was written");
    drop(guard);
    assert_eq!(end(waits).0, Some(0));
    assert!(second.exists() && life.mark().resets == 1);
}

/// A home created by many processes at once has one key and one clock mark, which is not lost.
#[test]
fn a_hundred_processes_make_one_home() {
    let life = Life::new("first");
    std::fs::remove_dir_all(life.folder.join("home")).unwrap();
    std::fs::remove_dir_all(life.folder.join("state")).unwrap();
    let children: Vec<Child> = (0..100).map(|_| start(&life, &["id"])).collect();
    let mut ids: Vec<String> = Vec::new();
    for (code, said) in children.into_iter().map(end) {
        assert_eq!(code, Some(0), "{said}");
        ids.push(said.lines().next().unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert!(life.host().recall.mark.is_some() && life.host().recall.notes.is_empty());
}

/// `host.pub` gives the System ID; if it belongs to another key or is missing, `host.key` does.
#[test]
fn the_system_id_comes_from_the_private_key_if_the_public_one_does_not_fit() {
    let life = installed("half");
    let (half, id) = (life.folder.join("home/host.pub"), life.host().facts.system_id);
    assert_eq!(life.word(), "valid");
    std::fs::write(&half, key(9).public().to_pem()).unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id, life.notes()), ("valid", id, Vec::new()));
    std::fs::write(&half, "nonsense").unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id), ("valid", id));
    std::fs::remove_file(&half).unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id), ("valid", id));
    // A public key without its private key gives no System ID.
    std::fs::write(&half, key(2).public().to_pem()).unwrap();
    std::fs::remove_file(life.folder.join("home/host.key")).unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id), ("wrong-host", None));
}
