//! What stands on a disk unfinished: a signal that ends the process takes it away first.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::file_lock::still_there;

/// All of this process: temporaries, and folders where files are prepared.
static ALL: Mutex<Vec<Unfinished>> = Mutex::new(Vec::new());

/// One of them: the handle tells it from what another process puts in its place.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) path: PathBuf,
    pub(super) handle: Arc<File>,
    pub(super) remove: fn(&Path),
}

/// Takes all away, for the end of the process: no change begins from now on.
pub(in crate::platform) fn clear() {
    let mut all = all();
    for it in all.drain(..) {
        if still_there(&it.handle, &it.path) {
            (it.remove)(&it.path);
        }
    }
    std::mem::forget(all);
}

/// All of this process; no signal ends it while the guard lives.
pub(super) fn all() -> MutexGuard<'static, Vec<Unfinished>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}
