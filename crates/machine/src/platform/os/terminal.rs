//! The terminal's settings and size on Unix.

use std::fs::{File, OpenOptions};
use std::sync::{Mutex, PoisonError};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

/// The terminal and its settings from before the prompt that is going on.
static KEPT: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// The columns of the terminal that standard output or standard error is; 0 where it does not know them.
pub(crate) fn columns() -> Option<u16> {
    let size = tcgetwinsize(std::io::stdout()).or_else(|_| tcgetwinsize(std::io::stderr()));
    size.ok().map(|size| size.ws_col).filter(|&columns| columns > 0)
}

/// Notes the settings of the controlling terminal; without a terminal there is nothing to note.
pub(crate) fn keep_terminal() {
    let Ok(terminal) = OpenOptions::new().read(true).write(true).open("/dev/tty") else { return };
    let Ok(settings) = tcgetattr(&terminal) else { return };
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((terminal, settings));
}

/// Gives the terminal back as it was noted.
pub(crate) fn restore_terminal() {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((terminal, settings)) = kept {
        let _ = tcsetattr(&terminal, OptionalActions::Now, &settings);
    }
}
