//! The registry of unfinished files and staging folders, which are removed when a signal ends the process.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::file_lock::is_still_at;

/// The unfinished files and staging folders of this process. The mutex also serializes changes of names.
static ALL: Mutex<Vec<Unfinished>> = Mutex::new(Vec::new());

/// One of them. The open handle shows whether the path still names it, and not a file of another process.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) path: PathBuf,
    pub(super) handle: Arc<File>,
    pub(super) remove: fn(&Path),
}

/// Removes all of them at the end of the process. The mutex stays locked, so no change of names begins afterwards.
pub(in crate::platform) fn clear() {
    let mut all = all();
    for it in all.drain(..) {
        if is_still_at(&it.handle, &it.path) {
            (it.remove)(&it.path);
        }
    }
    std::mem::forget(all);
}

/// Locks the registry. A signal waits until the guard is dropped.
pub(super) fn all() -> MutexGuard<'static, Vec<Unfinished>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}
