//! The wall clock, read once in each run.

use std::time::{Duration, SystemTime};

use airlatch_core::model::Time;

/// The time of the machine's clock, in whole seconds rounded down; negative if the clock is set before 1970.
pub fn now() -> Time {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    let now = SystemTime::now();
    time_of(now)
}

fn time_of(moment: SystemTime) -> Time {
    let whole = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    let seconds = match moment.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => whole(after),
        Err(before) => {
            let span = before.duration();
            -whole(span) - i64::from(span.subsec_nanos() > 0)
        }
    };
    Time::from_seconds(seconds)
}

/// The duration of [`pause`].
pub(crate) const PAUSE: Duration = Duration::from_millis(10);

/// Sleeps for ten milliseconds, between two attempts to get a lock that another process holds.
pub fn pause() {
    std::thread::sleep(PAUSE);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_before_1970_is_negative() {
        let before = |millis| SystemTime::UNIX_EPOCH - Duration::from_millis(millis);
        assert_eq!(time_of(before(1)), Time::from_seconds(-1));
        assert_eq!(time_of(before(86_400_000)), Time::from_seconds(-86_400));
        assert_eq!(time_of(SystemTime::UNIX_EPOCH + Duration::from_millis(1_999)), Time::from_seconds(1));
        assert!(now() > "2026-01-01T00:00:00Z".parse().unwrap());
    }
}
