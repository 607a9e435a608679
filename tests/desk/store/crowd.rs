//! Several processes on one ledger, and processes that die or stop in the middle of a transaction.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use airlatch_core::model::Reason;
use airlatch_desk::ledger::{BalanceFilter, Book, Ledger, Query};
use airlatch_desk::store::Store;

use crate::common::child::myself;
use crate::common::ledger_contract::{activated, code, opened, ordered, post_all, sealed, state, stated};
use crate::common::store_room::{Room, by_hand, faults, reason};

const SEATS: u64 = 50;

#[test]
fn two_connections_sell_every_article_once() {
    sold_out(2, 40);
}

#[test]
fn eight_processes_sell_every_article_once() {
    sold_out(8, 10);
}

fn sold_out(desks: u8, attempts: u8) {
    let room = Room::new(&format!("crowd-{desks}"));
    let path = booked(&room);
    let sold: u64 = std::thread::scope(|scope| {
        let desk = |_| scope.spawn(|| sell(&path, attempts));
        let desks: Vec<_> = (0..desks).map(desk).collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).sum()
    });
    assert_eq!(sold, SEATS);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.head().unwrap().number, 2 + SEATS);
    assert_eq!(store.read(|book| book.balances(BalanceFilter::Pool(code(1)))).unwrap(), []);
    drop(store);
    assert_eq!(faults(&path, None), []);
}

/// How many articles this process took.
fn sell(path: &Path, attempts: u8) -> u64 {
    let mut store = Store::open(path).unwrap();
    let mut sold = 0;
    for unit in 0..attempts {
        // Reads first, as the desk does: what was read has to stay true until the post.
        let done = store.transact(|book| {
            let left = book.balances(BalanceFilter::Pool(code(1)))?.first().map_or(0, |it| it.quantity);
            let posted = book.post(activated(2, unit, &[1], &[("voice", 1)]));
            assert_eq!(posted.is_ok(), left > 0);
            posted
        });
        match done {
            Ok(_) => sold += 1,
            Err(error) => assert_eq!(error.reason(), Reason::ShortPool, "{error}"),
        }
    }
    sold
}

#[test]
fn a_read_transaction_sees_one_state() {
    let room = Room::new("snapshot");
    let path = booked(&room);
    let mut other = Store::open(&path).unwrap();
    let store = Store::open_read_only(&path).unwrap();
    let look = |book: &dyn Book| {
        let before = book.head()?;
        post_all(&mut other, vec![stated(3, "acme", "ACME", None)])?;
        assert_eq!(book.entries(&Query::default())?.len() as u64, before.number);
        Ok(before)
    };
    let before = store.read(look).unwrap();
    assert_eq!(store.head().unwrap().number, before.number + 1);
}

#[test]
fn a_read_transaction_cannot_post() {
    let room = Room::new("look");
    let path = booked(&room);
    let mut store = Store::open_read_only(&path).unwrap();
    let refused = post_all(&mut store, vec![stated(3, "acme", "ACME", None)]);
    assert_eq!(reason(refused), Reason::ReadOnly);
}

#[test]
fn a_killed_process_leaves_no_partial_transaction() {
    let room = Room::new("killed");
    let path = booked(&room);
    let before = state(&Store::open(&path).unwrap());
    for _ in 0..5 {
        let mut child = child(&path, "child_posts_and_never_ends");
        child.0.kill().unwrap();
        child.0.wait().unwrap();
        assert_eq!(faults(&path, None), []);
        assert!(state(&Store::open(&path).unwrap()) == before);
    }
    post_all(&mut Store::open(&path).unwrap(), vec![activated(2, 1, &[1], &[("voice", SEATS)])]).unwrap();
}

#[test]
fn a_stopped_process_makes_others_busy() {
    let room = Room::new("stopped");
    let path = booked(&room);
    let mut store = Store::open(&path).unwrap();
    let child = child(&path, "child_posts_and_never_ends");
    signal(&child.0, "STOP");
    let busy = post_all(&mut store, vec![stated(3, "acme", "ACME", None)]).unwrap_err();
    assert_eq!((busy.reason(), busy.place()), (Reason::Busy, path.to_str()));
    // Reading doesn't wait for the lock.
    assert_eq!(store.head().unwrap().number, 2);
    drop(child);
    post_all(&mut store, vec![stated(3, "acme", "ACME", None)]).unwrap();
}

#[test]
#[ignore = "run by another test, as the other process"]
fn child_posts_and_never_ends() {
    let path = PathBuf::from(std::env::var_os("AIRLATCH_TEST_LEDGER").unwrap());
    let mut store = Store::open(&path).unwrap();
    let endless = |book: &mut dyn Book| {
        for round in 0_u64.. {
            book.post(activated(2, 1, &[1], &[]))?;
            // Enough to spill pages from memory to the log.
            if round == 5_000 {
                println!("\nposting");
            }
        }
        Ok(())
    };
    store.transact(endless).unwrap();
}

/// A child process that is killed at the end of its test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn child(path: &Path, test: &str) -> Killed {
    let mut child = myself(module_path!(), test)
        .env("AIRLATCH_TEST_LEDGER", path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let child = Killed(child);
    assert!(lines.any(|line| line.unwrap() == "posting"));
    child
}

fn signal(child: &Child, name: &str) {
    let kill = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status();
    assert!(kill.unwrap().success());
}

fn booked(room: &Room) -> PathBuf {
    let path = room.path("ledger.db");
    let drafts = vec![opened(0), ordered(1, 1, "SO-1", &[("voice", SEATS)], None)];
    post_all(&mut Store::create(&path).unwrap(), drafts).unwrap();
    path
}

/// If writing an entry fails halfway and the caller ignores the error, nothing of the transaction may be kept.
#[test]
fn a_failed_entry_is_not_committed() {
    let room = Room::new("half-way");
    let path = booked(&room);
    let mut store = Store::open(&path).unwrap();
    let before = state(&store);
    let stop = "CREATE TRIGGER stop BEFORE INSERT ON license BEGIN SELECT RAISE(ABORT, 'stop'); END";
    by_hand(&path).execute_batch(stop).unwrap();
    let done = store.transact(|book| {
        book.post(stated(3, "acme", "ACME", None))?;
        let half = book.post(sealed(activated(4, 1, &[1], &[("voice", 1)]), 11, None, None)).unwrap_err();
        assert_eq!(book.post(stated(5, "acme", "ACME", None)).unwrap_err(), half);
        Ok(())
    });
    assert_eq!(reason(done), Reason::DamagedLedger);
    by_hand(&path).execute_batch("DROP TRIGGER stop").unwrap();
    assert!(state(&store) == before);
}
