//! The signals of Unix that end a process or a write.

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

/// Linux says less than 2 KiB of a process.
const LONGEST_STATUS: u64 = 1 << 16;

/// A handler that does nothing lasting: with one, the write fails with EFBIG instead of the process being killed.
pub(crate) fn ignore_file_limit_signal() -> io::Result<()> {
    flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false))).map(|_| ())
}

/// Calls `tidy` before SIGINT, SIGTERM or SIGHUP ends the process, which it then does as if nobody had watched. Once
/// begun it lasts: taking a handler away again would leave the signal ignored.
pub(crate) fn watch_signals(tidy: fn()) {
    let ignored = ignored();
    let ending: Vec<i32> =
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect();
    let Ok(mut signals) = Signals::new(&ending) else { return };
    let watch = move || {
        for signal in signals.forever() {
            tidy();
            let _ = emulate_default_handler(signal);
        }
    };
    if thread::Builder::new().name("signals".into()).spawn(watch).is_err() {
        // Nobody watches where no thread may begin: the handlers that are there by now let the signal through.
        for signal in ending {
            let _ = flag::register_conditional_default(signal, Arc::new(AtomicBool::new(true)));
        }
    }
}

/// What whoever started this has turned off, as `nohup` and a shell's `&` do, a bit each: it stays off. Where Linux does
/// not tell, SIGHUP is taken for one.
fn ignored() -> u64 {
    let status = File::open("/proc/self/status").and_then(|file| read_whole(file, LONGEST_STATUS));
    let status = status.ok().flatten().unwrap_or_default();
    let status = String::from_utf8_lossy(&status);
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok()).unwrap_or(1 << (SIGHUP - 1))
}
