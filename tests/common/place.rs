//! Where the repository is, whichever crate the tests belong to.

use std::path::{Path, PathBuf};

/// The repository: the folder above this crate's that holds the vectors.
pub fn repository() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.into_iter().find(|folder| folder.join("tests/vectors").is_dir());
    found.unwrap().to_owned()
}
