//! The time since the machine was started, and which start that was.

use airlatch_core::model::BootClock;

/// Both from the kernel of Linux; other systems have no id of the boot.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn boot_clock() -> Option<BootClock> {
    use super::Files;
    use rustix::time::{ClockId, clock_gettime};
    use std::path::Path;

    let text = Files::new("").beginning(Path::new("/proc/sys/kernel/random/boot_id"), 64).ok()?;
    let digits: String = String::from_utf8(text).ok()?.trim().chars().filter(|c| *c != '-').collect();
    let boot_id = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32)?.to_be_bytes();
    let seconds = u64::try_from(clock_gettime(ClockId::Boottime).tv_sec).ok()?;
    Some(BootClock { boot_id, seconds })
}

/// Other systems have no id of the boot.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn boot_clock() -> Option<BootClock> {
    None
}
