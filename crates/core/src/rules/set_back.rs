//! A clock that is set back a little each day: the steps add up.

use crate::model::{ClockReading, HostMemory, Time};

/// Clocks are read in whole seconds, one after the other: so much is no step.
const ROUNDING_SECONDS: i64 = 2;

/// The memory with the step that the clock made since it was kept.
///
/// A step back adds to [`set_back_seconds`](HostMemory::set_back_seconds). A step ahead within one boot takes from it: the time
/// since the start shows that the clock was only put right.
#[must_use]
pub fn observe(memory: &HostMemory, now: ClockReading) -> HostMemory {
    let mut next = memory.clone();
    if let Some(seen) = memory.seen {
        let (expected, is_same_boot) = expected(seen, now);
        let step = expected.seconds().saturating_sub(now.time.seconds());
        if step > ROUNDING_SECONDS {
            next.set_back_seconds = memory.set_back_seconds.saturating_add(step);
        } else if is_same_boot && step < -ROUNDING_SECONDS {
            next.set_back_seconds = memory.set_back_seconds.saturating_add(step).max(0);
        }
    }
    next
}

/// What the clock has to show at least, if nobody set it; and whether this is still the same boot.
fn expected(seen: ClockReading, now: ClockReading) -> (Time, bool) {
    let same = seen.boot.zip(now.boot).filter(|(then, now)| then.boot_id == now.boot_id);
    let passed = same.map_or(0, |(then, now)| now.seconds.saturating_sub(then.seconds));
    (seen.time.plus_seconds(i64::try_from(passed).unwrap_or(i64::MAX)), same.is_some())
}

/// The latest time known to have passed, where the clock shows `now`: what was seen, or what the clock would show if it had not
/// been set back; `None` if nothing is remembered.
pub fn known_time(memory: &HostMemory, now: Time) -> Option<Time> {
    memory.latest_time.map(|latest| latest.max(now.plus_seconds(memory.set_back_seconds)))
}
