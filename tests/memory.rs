//! What a host remembers, kept by many processes at once, and merged in any order.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop, and lays out its own files"
)]

#[path = "clock/life.rs"]
mod life;

use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use airlatch::crypto;
use airlatch::format;
use airlatch::model::{ClockMark, DocumentId, Drift, Kind, License, Lock, Memory, Released, SystemId, Time};
use airlatch::rules::remember::{adds_nothing, differs, merge, merge_marks};
use life::{DAY, Life, YEAR, key, time};
use proptest::prelude::*;

/// The program with the home and state of a life; its clock is the real one.
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

/// A host where a license for this installation is installed today, whatever hardware it runs on.
fn installed(name: &str) -> Life {
    let mut life = Life::new(name);
    life.now = airlatch::platform::now();
    let lock = Lock::SystemId(life.host().facts.system_id.unwrap());
    let allow = airlatch::model::Allowed::ALL;
    life.install(&License { lock, allow, ..life.license() }).unwrap();
    std::fs::create_dir_all(life.folder.join("home/trust")).unwrap();
    std::fs::write(life.folder.join("home/trust/acme.pub"), key(1).public().to_pem()).unwrap();
    life
}

#[test]
fn a_hundred_processes_tear_no_mark_and_lose_no_reset() {
    let mut life = installed("crowd");
    let today = life.now;
    life.wait(10 * YEAR);
    assert_eq!(life.word(), "expired");
    life.now = today;
    assert_eq!(life.word(), "clock-rollback");
    let reset = life.reset(today);
    let sealed = crypto::seal(Kind::ClockReset, &format::write_reset(&reset).unwrap(), &key(1));
    std::fs::write(life.folder.join("a.reset"), format::armor(Kind::ClockReset, sealed.bytes(), &[]))
        .unwrap();
    let [beside, _] = life.marks();
    let done = AtomicBool::new(false);
    let (ends, reset_end) = std::thread::scope(|scope| {
        // So that everybody has something to write all the time; the other place always knows.
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
            Some(0) => said.starts_with("valid"),
            Some(1) => said.contains("[clock-rollback]"),
            _ => false,
        };
        assert!(well && !said.contains("lost-mark"), "{code:?} {said}");
    }
    assert_eq!((life.mark().resets, life.memory().lost), (1, None));
    let again: Vec<Child> = (0..100).map(|_| start(&life, &["verify", "--reason"])).collect();
    for (code, said) in again.into_iter().map(end) {
        assert_eq!((code, said.trim()), (Some(0), "valid"));
    }
    assert_eq!(end(start(&life, &["install", "a.reset"])).0, Some(1), "it was used");
}

/// While another run keeps something a verdict is given without a wait and without writing; a reset waits for its turn.
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
    let guard = airlatch::platform::Files::new("").guard(&lock, "test", 0).unwrap();
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

/// Homes made by many at once have one key and one memory, which is not lost.
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

/// The half beside the key says at once whose home it is; where it is another's or missing, the key itself says it.
#[test]
fn the_key_says_whose_home_it_is_where_its_half_does_not_fit() {
    let life = installed("half");
    let (half, id) = (life.folder.join("home/host.pub"), life.host().facts.system_id);
    assert_eq!(life.word(), "valid");
    std::fs::write(&half, key(9).public().to_pem()).unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id, life.notes()), ("valid", id, Vec::new()));
    std::fs::write(&half, "nonsense").unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id), ("valid", id));
    std::fs::remove_file(&half).unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id), ("valid", id));
    // A half means nothing without its key.
    std::fs::write(&half, key(2).public().to_pem()).unwrap();
    std::fs::remove_file(life.folder.join("home/host.key")).unwrap();
    assert_eq!((life.word().as_str(), life.host().facts.system_id), ("wrong-host", None));
}

fn times() -> impl Strategy<Value = Option<Time>> {
    prop::option::of((0..5_i64).prop_map(|day| Time::from_seconds(day * DAY)))
}

fn id(seed: u8) -> DocumentId {
    DocumentId::from_digest(&[seed; 32])
}

fn memories() -> impl Strategy<Value = Memory> {
    let drifts = prop::collection::btree_map(0..3_u8, (0..3_i64, times()), 0..3);
    let starts = prop::collection::btree_map("[ab]", 0..3_i64, 0..3);
    let released = prop::collection::btree_map(0..3_u8, (0..3_i64, prop::option::of(0..3_u64)), 0..3);
    (times(), times(), drifts, starts, released).prop_map(|(latest, lost, drifts, starts, released)| {
        let drift = |(seed, (used, last))| (id(seed), Drift { used, last });
        let release = |(seed, (at, number)): (u8, (i64, Option<u64>))| Released {
            license: id(seed),
            product: "pbx".into(),
            ledger: number.map(|number| ([7; 16], number)),
            at: Time::from_seconds(at),
        };
        Memory {
            latest,
            lost,
            drifts: drifts.into_iter().map(drift).collect(),
            starts: starts.into_iter().map(|(product, at)| (product, Time::from_seconds(at))).collect(),
            released: released.into_iter().map(release).collect(),
        }
    })
}

fn marks() -> impl Strategy<Value = ClockMark> {
    (memories(), 0..3_u64, 0..2_u8).prop_map(|(memory, resets, nonce)| ClockMark {
        system_id: SystemId::from_digest(&[1; 32]),
        nonce: [nonce; 16],
        resets,
        memory,
    })
}

/// Whether `more` knows all that `less` does, but for the time, of which the one that was reset last knows best.
fn knows(more: &Memory, less: &Memory) -> bool {
    less.drifts.iter().all(|(id, drift)| more.drifts.get(id).is_some_and(|found| found >= drift))
        && less
            .starts
            .iter()
            .all(|(product, start)| more.starts.get(product).is_some_and(|found| found <= start))
        && less.released.iter().all(|one| more.released.iter().any(|found| found.license == one.license))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_merging_makes_no_difference(a in marks(), b in marks(), c in marks()) {
        let ab = merge_marks(&a, &b);
        prop_assert_eq!(&ab, &merge_marks(&b, &a));
        prop_assert_eq!(merge_marks(&ab, &c), merge_marks(&a, &merge_marks(&b, &c)));
        prop_assert_eq!(&merge_marks(&ab, &a), &ab);
        prop_assert_eq!(&merge_marks(&ab, &ab), &ab);
        prop_assert!(adds_nothing(&a, &ab) && adds_nothing(&b, &ab));
        prop_assert_eq!(adds_nothing(&b, &a), ab == a);
    }

    #[test]
    fn nothing_that_is_counted_gets_lost_in_merging(a in marks(), b in marks()) {
        let both = merge_marks(&a, &b);
        for one in [&a, &b] {
            // A reset takes days on changed hardware back, and an older copy does not bring them up again.
            let drifts = if one.resets == both.resets { one.memory.drifts.clone() } else { Default::default() };
            let counted = Memory { drifts, ..one.memory.clone() };
            prop_assert!(knows(&both.memory, &counted));
            prop_assert!(both.resets >= one.resets);
        }
        let last = if a.resets > b.resets { &a } else { &b };
        if a.resets != b.resets {
            let known = |mark: &ClockMark| (mark.memory.latest, mark.memory.lost, mark.memory.drifts.clone(), mark.nonce);
            prop_assert_eq!(known(&both), known(last));
        }
    }

    #[test]
    fn what_is_merged_again_is_not_worth_writing(a in memories(), b in memories()) {
        let ab = merge(&a, &b);
        prop_assert_eq!(&merge(&ab, &b), &ab);
        prop_assert!(!differs(&merge(&a, &a), &a, 0));
        prop_assert_eq!(differs(&a, &b, 0), differs(&b, &a, 0));
    }

    /// A mark comes back from its file as it was.
    #[test]
    fn every_mark_is_read_back(mark in marks()) {
        let owner = key(2);
        let mark = ClockMark { system_id: owner.public().system_id(), ..mark };
        let sealed = crypto::seal(Kind::ClockMark, &format::write_clock_mark(&mark).unwrap(), &owner);
        let read = format::read_clock_mark(&sealed).unwrap();
        prop_assert_eq!(read.get(), &mark);
    }
}

#[test]
fn an_hour_alone_is_not_worth_writing() {
    let now = time("2026-11-21T12:00:00Z");
    let drift = |used, last| [(id(1), Drift { used, last })].into();
    let one = Memory { latest: Some(now), drifts: drift(5, Some(now)), ..Memory::default() };
    let later = now.plus(3600);
    let other = Memory { latest: Some(later), drifts: drift(3605, Some(later)), ..Memory::default() };
    assert!(!differs(&one, &other, 3600));
    assert!(differs(&one, &other, 3599));
    assert!(differs(&one, &Memory { drifts: drift(5, None), ..one.clone() }, i64::MAX));
}
