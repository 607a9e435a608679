//! Where the repository is, whichever crate the tests belong to, and where a test may lay out its files.

use std::path::{Path, PathBuf};

use super::slow;

/// The repository: the folder above this crate's that holds the vectors.
pub fn repository() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.into_iter().find(|folder| folder.join("tests/vectors").is_dir());
    found.unwrap().to_owned()
}

/// Where folders of tests go: into memory where there is such a place, as much is synced and disks take their time; on the disk
/// under `just slow`.
pub fn scratch() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() && !slow::all() { memory.to_owned() } else { std::env::temp_dir() }
}
