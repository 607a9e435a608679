//! Signals: none may leave a terminal without echo, or a write half-way.

use std::sync::Once;

use super::{files, os};
use airlatch_core::model::{Error, Reason, Result};

static WATCH: Once = Once::new();

/// Makes a limit on file sizes an error of the write instead of the end of the process; call it once, at start.
///
/// A closed pipe stays what Rust makes of it: an error of the write.
///
/// # Errors
/// `internal` when the operating system refuses.
pub fn prepare() -> Result<()> {
    os::ignore_file_limit_signal()
        .map_err(|e| Error::new(Reason::Internal, format!("signals can't be prepared: {e}")))
}

/// Lets no signal end the process from now on without a terminal given back and what is unfinished taken away.
pub(super) fn watch() {
    WATCH.call_once(|| {
        os::watch_signals(|| {
            os::restore_terminal();
            files::clear();
        });
    });
}

/// Keeps a terminal's settings while somebody is asked: they come back when the guard is dropped, and when SIGINT,
/// SIGTERM or SIGHUP ends the process meanwhile (which then ends by that signal, so a shell sees 128 and its number).
#[derive(Debug)]
#[must_use = "the settings are kept as long as the guard lives"]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Notes the settings of the controlling terminal; without a terminal there is nothing to keep.
    pub fn guard() -> Self {
        watch();
        os::keep_terminal();
        Self(())
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        os::restore_terminal();
    }
}
