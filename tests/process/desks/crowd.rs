//! Processes that run `issue`, `batch` and `ledger backup` at the same time.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::desk::{Books, SEATS, at_once, mac, macs, system_id};
use crate::scene::{Ran, Scene};

#[test]
fn two_desks_sell_every_seat_once() {
    sold_out(2, 40);
}

#[test]
fn eight_desks_sell_every_seat_once() {
    sold_out(8, 10);
}

/// Runs this many desks, each with more units than there are seats.
fn sold_out(desks: usize, attempts: usize) {
    let scene = Scene::desk(&format!("crowd-{desks}"));
    let sell = |desk: usize| -> Vec<Ran> {
        let attempt = |n: usize| {
            let n = desk * attempts + n;
            let unit = if n.is_multiple_of(2) {
                format!("--mac {}", mac(n))
            } else {
                format!("--system-id {}", system_id(n))
            };
            scene.run(&format!("issue --desk @/desk --code seats {unit} --all --yes --out @/{n}.license"))
        };
        (0..attempts).map(attempt).collect()
    };
    let ends = at_once((0..desks).map(|desk| move || sell(desk)));
    let (sold, refused): (Vec<_>, Vec<_>) = ends.into_iter().flatten().partition(|ran| ran.status.success());
    refused.iter().for_each(|ran| says_no(ran, "short-pool"));
    assert_eq!((sold.len() as u64, sold.len() + refused.len()), (SEATS, desks * attempts));
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.used("seats"), books.left("seats")), (SEATS, 0));
    assert_eq!(scene.licenses_in("", ".license", &books).unwrap().len() as u64, SEATS);
    assert_eq!(books.licenses.len() as u64, SEATS);
    audited(&scene);
}

#[test]
fn one_request_at_two_desks_gives_one_license() {
    let scene = Scene::desk("request");
    for round in 1..=5_u64 {
        let home = format!("home-{round}");
        scene.done(&format!(
            "request --home @/{home} --product call-services --feature sessions=10 --out @/{home}.request"
        ));
        let issue = |out: &str| {
            scene.run(&format!(
                "issue --desk @/desk --code host @/{home}.request --weak-lock --yes --out @/{home}-{out}.license"
            ))
        };
        let outs = ["one", "two", "three"];
        for ran in at_once(outs.map(|out| move || issue(out))) {
            assert!(ran.status.success(), "{ran:?}");
        }
        let license = |out: &str| fs::read(scene.path(&format!("{home}-{out}.license"))).unwrap();
        assert!(outs.iter().all(|out| license(out) == license("one")), "two licenses for one request");
        let books = scene.ledger("desk").unwrap();
        assert_eq!((books.used("host"), books.answers.len() as u64), (10 * round, round));
    }
    audited(&scene);
}

#[test]
fn one_receipt_at_many_desks_is_booked_back_once() {
    let scene = Scene::desk("receipt");
    scene.given_back();
    let book = |again: usize| {
        let line = if again.is_multiple_of(2) { "issue" } else { "ledger return" };
        scene.run(&format!("{line} --desk @/desk @/host.receipt --yes"))
    };
    let ends = at_once((0..6).map(|n| move || book(n)));
    assert!(ends.iter().all(|ran| ran.status.success()), "{ends:?}");
    let first = ends.iter().filter(|ran| ran.out.contains("booked back by entry 5")).count();
    let others = ends.iter().filter(|ran| ran.out.contains("booked back already, entry 5,")).count();
    assert_eq!((first, others), (1, 5), "{ends:?}");
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.used("host"), books.left("host"), books.released.len()), (0, 100, 1));
    audited(&scene);
}

#[test]
fn one_request_for_a_reset_at_many_desks_gives_one_reset() {
    let scene = Scene::desk("reset");
    scene.clock_lost();
    let sign = |n: usize| scene.run(&format!("issue --desk @/desk @/clock.request --yes --out @/{n}.reset"));
    let ends = at_once((0..4).map(|n| move || sign(n)));
    assert!(ends.iter().all(|ran| ran.status.success()), "{ends:?}");
    let reset = |n: usize| fs::read(scene.path(&format!("{n}.reset"))).unwrap();
    assert!((1..4).all(|n| reset(n) == reset(0)), "two resets for one request");
    assert_eq!(scene.ledger("desk").unwrap().resets.len(), 1);
    audited(&scene);
}

/// If both write the same file, one may report that the other is writing it, and nothing else.
#[test]
fn one_request_at_two_desks_into_one_file_gives_one_license() {
    let scene = Scene::desk("one-file");
    for round in 1..=8_u64 {
        let mac = mac(usize::try_from(round).unwrap());
        let line =
            format!("issue --desk @/desk --code seats --mac {mac} --all --yes --out @/{round}.license");
        let ends = at_once([0; 4].map(|_| || scene.run(&line)));
        ends.iter().filter(|ran| !ran.status.success()).for_each(|ran| ran.fails("busy"));
        assert!(ends.iter().any(|ran| ran.status.success()));
        let books = scene.ledger("desk").unwrap();
        assert_eq!(books.used("seats"), round);
        assert_eq!(scene.licenses_in("", ".license", &books).unwrap().len() as u64, round);
    }
    audited(&scene);
}

/// Two lists of 30 telephones with ten in common: the second process plans again, and finds them issued.
#[test]
fn overlapping_batches_charge_every_device_once() {
    let scene = Scene::desk("batches");
    scene.write("one.tsv", macs(0, 30));
    scene.write("two.tsv", macs(20, 30));
    let batch = |name: &str| {
        scene.run(&format!("batch @/{name}.tsv --desk @/desk --code seats --out-dir @/{name} --yes"))
    };
    let names = ["one", "two"];
    for ran in at_once(names.map(|name| move || batch(name))) {
        assert!(ran.status.success(), "{ran:?}");
    }
    let books = scene.ledger("desk").unwrap();
    // The license number of a list is part of the license, so it is the same for the devices in both lists.
    assert_eq!((books.used("seats"), books.licenses.len()), (50, 50));
    for name in names {
        assert_eq!(scene.licenses_in(name, ".cfg", &books).unwrap().len(), 30);
    }
    audited(&scene);
}

/// Nobody finds the licenses of another in the way; while one writes, the others may be told to wait.
#[test]
fn batches_of_one_list_into_one_folder_agree() {
    let scene = Scene::desk("one-folder");
    for round in 0..4 {
        scene.write("list.tsv", macs(10 * round, 10));
        let batch = "batch @/list.tsv --desk @/desk --code seats --out-dir @/out --yes";
        let ends = at_once([0; 8].map(|_| || scene.run(batch)));
        ends.iter().filter(|ran| !ran.status.success()).for_each(|ran| ran.fails("busy"));
        assert!(ends.iter().any(|ran| ran.status.success()));
        let books = scene.ledger("desk").unwrap();
        assert_eq!(scene.licenses_in("out", ".cfg", &books).unwrap().len(), 10 * (round + 1));
    }
    audited(&scene);
}

#[test]
fn a_batch_and_single_licenses_get_along() {
    let scene = Scene::desk("interleaved");
    scene.write("list.tsv", macs(0, 25));
    let batch = "batch @/list.tsv --desk @/desk --code seats --out-dir @/batch --yes";
    let single = |desk: usize| -> Vec<Ran> {
        let issue = |n: usize| {
            let n = 100 + 10 * desk + n;
            scene.run(&format!(
                "issue --desk @/desk --code seats --mac {} --all --yes --out @/{n}.license",
                mac(n)
            ))
        };
        (0..10).map(issue).collect()
    };
    let whole = || vec![scene.run(batch)];
    let mut ends = at_once((0..4).map(|desk| -> Box<dyn FnOnce() -> Vec<Ran> + Send> {
        if desk == 0 { Box::new(whole) } else { Box::new(move || single(desk)) }
    }));
    let last = &ends.remove(0)[0];
    let singles = ends.iter().flatten().filter(|ran| ran.status.success()).count() as u64;
    ends.iter().flatten().filter(|ran| !ran.status.success()).for_each(|ran| says_no(ran, "short-pool"));
    // The batch is issued completely or not at all, and every seat is used.
    let batched = if last.status.success() { 25 } else { 0 };
    if batched == 0 {
        says_no(last, "short-pool");
    }
    let books = scene.ledger("desk").unwrap();
    assert_eq!(books.used("seats"), singles + batched);
    assert_eq!(singles, if batched == 0 { 30 } else { 25 });
    assert_eq!(scene.licenses_in("", ".license", &books).unwrap().len() as u64, singles);
    assert_eq!(scene.licenses_in("", ".cfg", &books).unwrap().len() as u64, batched);
    audited(&scene);
}

#[test]
fn backups_made_while_licenses_go_out_are_whole() {
    let scene = Scene::desk("backups");
    let done = AtomicBool::new(false);
    let issue = || {
        for n in 0..30 {
            scene.done(&format!(
                "issue --desk @/desk --code seats --mac {} --all --yes --out @/{n}.license",
                mac(n)
            ));
        }
        done.store(true, Ordering::Relaxed);
        0_usize
    };
    let back_up = || {
        let mut count = 0;
        while !done.load(Ordering::Relaxed) || count < 3 {
            scene.done(&format!("ledger backup @/{count}.db --desk @/desk"));
            count += 1;
        }
        count
    };
    let made = at_once([Box::new(issue) as Box<dyn FnOnce() -> usize + Send>, Box::new(back_up)]);
    fs::remove_file(scene.path("desk/witness.toml")).unwrap();
    let mut ends = Vec::new();
    for number in 0..made[1] {
        let books = Books::of(&scene.path(&format!("{number}.db")), &scene.path("desk")).unwrap();
        assert_eq!(books.used("seats"), books.licenses.len() as u64, "backup {number}");
        ends.push(books.entries);
    }
    assert!(ends.is_sorted() && ends.first() < ends.last(), "{ends:?}");
}

/// Asserts a refusal for this reason.
#[track_caller]
fn says_no(ran: &Ran, reason: &str) {
    let said = ran.err.contains(&format!("[{reason}]")) && ran.err.contains("hint: ");
    assert!(said && ran.status.code() == Some(1) && !ran.panicked(), "not {reason}: {ran:?}");
}

fn audited(scene: &Scene) {
    let said = scene.done("ledger audit --against @ --desk @/desk");
    assert!(said.contains("no faults"), "{said}");
    let left: BTreeSet<_> = scene.leftovers().into_iter().collect();
    assert!(left.is_empty(), "{left:?}");
}
