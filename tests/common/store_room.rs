//! A folder for ledgers, in memory where there is such a folder: the tests are about files, not about a disk's patience.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result};
use airlatch_desk::ledger::{self, Ledger, Witness};
use airlatch_desk::store::Store;
use rusqlite::Connection;

use crate::common::ledger_contract::{post_all, story};

pub struct Room {
    pub folder: PathBuf,
    made: Cell<u32>,
}

impl Room {
    pub fn new(name: &str) -> Self {
        let memory = Path::new("/dev/shm");
        let temporary = std::env::temp_dir();
        let base = if memory.is_dir() { memory } else { &temporary };
        let folder = base.join(format!("airlatch-store-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self { folder, made: Cell::new(0) }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A ledger in a file of its own.
    pub fn fresh(&self) -> Store {
        self.made.set(self.made.get() + 1);
        Store::create(&self.path(&format!("fresh-{}.db", self.made.get()))).unwrap()
    }

    /// A ledger with the story of the contract, closed: one file without a log.
    pub fn told(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        post_all(&mut Store::create(&path).unwrap(), story()).unwrap();
        assert!(!beside(&path, "-wal").exists());
        path
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The path with something behind it.
pub fn beside(path: &Path, tail: &str) -> PathBuf {
    PathBuf::from(format!("{}{tail}", path.display()))
}

/// The other two files that belong to a ledger.
pub const TAILS: [&str; 3] = ["", "-wal", "-shm"];

/// Puts a ledger with its log in the place of another.
pub fn put(from: &Path, to: &Path, tails: &[&str]) {
    for tail in tails {
        let (from, to) = (beside(from, tail), beside(to, tail));
        let _ = fs::remove_file(&to);
        if from.exists() {
            fs::copy(from, to).unwrap();
        }
    }
}

/// The database with nothing of airlatch between: other hands.
pub fn by_hand(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

pub fn witness(ledger: &impl Ledger) -> Witness {
    ledger.read(|book| Witness::of(book)).unwrap()
}

/// Everything that may find fault with a ledger: opening it, its witness, its audit.
pub fn faults(path: &Path, witness: Option<Witness>) -> Vec<Error> {
    let look = |store: Store| {
        store.read(|book| {
            witness.map_or(Ok(()), |it| it.check(book))?;
            ledger::audit(book, &mut |_| {})
        })
    };
    Store::open(path).and_then(look).unwrap_or_else(|error| vec![error])
}

#[track_caller]
pub fn reason<T>(result: Result<T>) -> Reason {
    result.err().unwrap().reason()
}
