//! What stands on a disk unfinished: a signal that ends the process takes it away first.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::lock::still_there;
use crate::platform::signals;

/// All of this process: temporaries, and folders where files are prepared.
static ALL: Mutex<Vec<Unfinished>> = Mutex::new(Vec::new());

/// One of them: the handle tells it from what another process puts in its place.
#[derive(Debug)]
struct Unfinished {
    path: PathBuf,
    handle: Arc<File>,
    remove: fn(&Path),
}

/// While it lives no signal ends the process, so it goes around a change of names and not around a write. One thread
/// takes one at a time.
#[must_use = "a signal waits for as long as the guard lives"]
pub(super) struct Change(MutexGuard<'static, Vec<Unfinished>>);

impl Change {
    /// Begins a change; waits for one of another thread.
    pub(super) fn begin() -> Self {
        signals::watch();
        Self(all())
    }

    /// From now on a signal takes away what stands at `path`.
    pub(super) fn unfinished(&mut self, path: &Path, handle: &Arc<File>, remove: fn(&Path)) {
        self.0.push(Unfinished { path: path.to_owned(), handle: Arc::clone(handle), remove });
    }

    /// What stood there is in its place.
    pub(super) fn finished(&mut self, handle: &Arc<File>) {
        self.take(handle);
    }

    /// Takes away what stands there, unless it is in its place.
    pub(super) fn abandon(&mut self, handle: &Arc<File>) {
        if let Some(it) = self.take(handle) {
            (it.remove)(&it.path);
        }
    }

    fn take(&mut self, handle: &Arc<File>) -> Option<Unfinished> {
        let at = self.0.iter().position(|it| Arc::ptr_eq(&it.handle, handle))?;
        Some(self.0.swap_remove(at))
    }
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

fn all() -> MutexGuard<'static, Vec<Unfinished>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}
