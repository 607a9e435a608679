//! Signals: before one ends the process, the terminal is restored and unfinished files are removed.

use std::sync::Once;

use super::{files, os};
use airlatch_core::model::{Error, Reason, Result};

static WATCH: Once = Once::new();

/// Makes the limit on file sizes an error of the write; without it SIGXFSZ ends the process. Call it once, at the start.
///
/// A closed pipe is an error of the write already: Rust's runtime ignores SIGPIPE.
///
/// # Errors
/// `internal` if the operating system refuses.
pub fn prepare() -> Result<()> {
    os::ignore_file_limit_signal()
        .map_err(|e| Error::new(Reason::Internal, format!("signals can't be prepared: {e}")))
}

/// From now on, a signal that ends the process first restores the terminal and removes unfinished files.
pub(super) fn watch() {
    WATCH.call_once(|| {
        os::watch_signals(|| {
            os::restore_terminal();
            files::clear();
        });
    });
}

/// Restores the terminal's settings after a prompt: when the guard is dropped, and when SIGINT, SIGTERM or SIGHUP ends the
/// process meanwhile (which ends by that signal, so a shell sees 128 plus its number).
#[derive(Debug)]
#[must_use = "the settings are restored when the guard is dropped"]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Saves the settings of the controlling terminal, if there is one.
    pub fn guard() -> Self {
        watch();
        os::save_terminal();
        Self(())
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        os::restore_terminal();
    }
}
