//! A folder for ledgers, in memory where there is such a folder: the tests are about files, not about a disk's patience.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use airlatch::store::Store;

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
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
