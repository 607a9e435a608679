//! Locks that tell what a dead process left from what a live one is writing.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::platform::os;

/// Whose a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// This process holds the lock now.
    Us,
    /// A live process holds it.
    Another,
    /// The file system has no locks, so nobody can tell.
    Unknown,
}

/// Tries to lock a file or folder; the lock ends with the handle.
pub(super) fn lock(file: &File) -> Owner {
    match file.try_lock() {
        Ok(()) => Owner::Us,
        Err(TryLockError::WouldBlock) => Owner::Another,
        Err(TryLockError::Error(_)) => Owner::Unknown,
    }
}

/// Whether the path still leads to this very file; it may have been removed between opening and locking.
pub(super) fn still_there(file: &File, path: &Path) -> bool {
    let (Ok(held), Ok(found)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    os::identity(&held) == os::identity(&found)
}
