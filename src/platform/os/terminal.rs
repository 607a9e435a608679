//! Signals and the terminal's settings on Unix.

use std::fs::{File, OpenOptions};
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Once, PoisonError};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// The terminal and its settings from before the prompt that is going on.
static KEPT: Mutex<Option<(File, Termios)>> = Mutex::new(None);
static WATCH: Once = Once::new();

/// A handler that does nothing lasting: with one, the write fails with EFBIG instead of the process being killed.
pub(crate) fn ignore_file_limit_signal() -> io::Result<()> {
    signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false))).map(|_| ())
}

/// Notes the settings of the controlling terminal, if there is one, and watches for signals from then on.
pub(crate) fn keep_terminal() {
    let Ok(terminal) = OpenOptions::new().read(true).write(true).open("/dev/tty") else { return };
    let Ok(settings) = tcgetattr(&terminal) else { return };
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((terminal, settings));
    WATCH.call_once(watch);
}

/// Gives the terminal back as it was noted.
pub(crate) fn restore_terminal() {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((terminal, settings)) = kept {
        let _ = tcsetattr(&terminal, OptionalActions::Now, &settings);
    }
}

/// The watch stays till the process ends: taking a handler away again would leave the signal ignored.
fn watch() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            restore_terminal();
            let _ = emulate_default_handler(signal);
        }
    });
}
