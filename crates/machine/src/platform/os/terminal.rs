//! The size and the settings of the terminal on Unix.

use std::fs::{File, OpenOptions};
use std::sync::{Mutex, PoisonError};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

/// The terminal and its settings from before the present prompt.
static SAVED: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// The columns of the terminal that standard output or standard error is; 0 where it does not know them.
pub(crate) fn columns() -> Option<u16> {
    let size = tcgetwinsize(std::io::stdout()).or_else(|_| tcgetwinsize(std::io::stderr()));
    size.ok().map(|size| size.ws_col).filter(|&columns| columns > 0)
}

/// Saves the settings of the controlling terminal, if there is one.
pub(crate) fn save_terminal() {
    let Ok(terminal) = OpenOptions::new().read(true).write(true).open("/dev/tty") else { return };
    let Ok(settings) = tcgetattr(&terminal) else { return };
    SAVED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((terminal, settings));
}

/// Restores the saved settings.
pub(crate) fn restore_terminal() {
    let saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((terminal, settings)) = saved {
        let _ = tcsetattr(&terminal, OptionalActions::Now, &settings);
    }
}
