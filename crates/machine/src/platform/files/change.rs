//! A critical section for creating, renaming and removing files, which no signal interrupts.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, MutexGuard};

use super::unfinished::{self, Unfinished};
use crate::platform::signals;

/// The guard of the critical section. As long as it lives, no signal ends the process, so it must not be held during a
/// write. A second one in the same thread would deadlock.
#[must_use = "signals are blocked as long as the guard lives"]
pub(super) struct NameChange(MutexGuard<'static, Vec<Unfinished>>);

impl NameChange {
    /// Enters the critical section; waits for other threads.
    pub(super) fn begin() -> Self {
        signals::watch();
        Self(unfinished::all())
    }

    /// Registers `path` as unfinished: a signal removes it from now on.
    pub(super) fn register(&mut self, path: &Path, handle: &Arc<File>, remove: fn(&Path)) {
        self.0.push(Unfinished { path: path.to_owned(), handle: Arc::clone(handle), remove });
    }

    /// Unregisters a file that has its final name.
    pub(super) fn finished(&mut self, handle: &Arc<File>) {
        self.take(handle);
    }

    /// Removes the file or folder, unless it is finished.
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
