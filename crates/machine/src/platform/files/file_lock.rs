//! Advisory file locks: a temporary file without a lock was left by a process that has ended.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::platform::os;

/// The holder of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// This process, from now on.
    Us,
    /// Another process that is running.
    Another,
    /// Unknown: the file system has no locks.
    Unknown,
}

/// Tries to lock a file or folder; closing the handle releases the lock.
pub(super) fn lock(file: &File) -> Owner {
    match file.try_lock() {
        Ok(()) => Owner::Us,
        Err(TryLockError::WouldBlock) => Owner::Another,
        Err(TryLockError::Error(_)) => Owner::Unknown,
    }
}

/// Whether the path still names the open file; another process may have removed it between opening and locking.
pub(super) fn is_still_at(file: &File, path: &Path) -> bool {
    let (Ok(held), Ok(found)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    os::identity(&held) == os::identity(&found)
}
