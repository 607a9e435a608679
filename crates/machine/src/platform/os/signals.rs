//! Signal handlers on Unix.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::platform::files::read_whole;

/// The most that is read of `/proc/self/status`, which has less than 2 KiB.
const MAX_STATUS_BYTES: u64 = 1 << 16;

/// Installs an empty handler for SIGXFSZ: a write beyond the limit fails with EFBIG then, instead of killing the process.
pub(crate) fn ignore_file_limit_signal() -> io::Result<()> {
    flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false))).map(|_| ())
}

/// Calls `cleanup` before SIGINT, SIGTERM or SIGHUP ends the process in the default way. The handlers are never removed:
/// that would leave the signals ignored.
pub(crate) fn watch_signals(cleanup: fn()) {
    let ignored = ignored_signals();
    let terminating: Vec<i32> =
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect();
    let Ok(mut signals) = Signals::new(&terminating) else { return };
    let watch = move || {
        for signal in signals.forever() {
            cleanup();
            let _ = emulate_default_handler(signal);
        }
    };
    if thread::Builder::new().name("signals".into()).spawn(watch).is_err() {
        // Without a thread there is no cleanup; the installed handlers have to end the process.
        for signal in terminating {
            let _ = flag::register_conditional_default(signal, Arc::new(AtomicBool::new(true)));
        }
    }
}

/// The signals that the parent process set to be ignored, one bit each, as `nohup` and a shell's `&` do. They stay ignored.
/// If Linux does not tell, SIGHUP counts as ignored.
fn ignored_signals() -> u64 {
    let status = File::open("/proc/self/status").and_then(|file| read_whole(file, MAX_STATUS_BYTES));
    let status = status.ok().flatten().unwrap_or_default();
    let status = String::from_utf8_lossy(&status);
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok()).unwrap_or(1 << (SIGHUP - 1))
}
