//! A change of names on a disk, which no signal cuts in two.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, MutexGuard};

use super::unfinished::{self, Unfinished};
use crate::platform::signals;

/// While it lives no signal ends the process, so it goes around a change of names and not around a write. One thread
/// takes one at a time.
#[must_use = "a signal waits for as long as the guard lives"]
pub(super) struct NameChange(MutexGuard<'static, Vec<Unfinished>>);

impl NameChange {
    /// Begins a change; waits for one of another thread.
    pub(super) fn begin() -> Self {
        signals::watch();
        Self(unfinished::all())
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
