//! Times as people read them; programs get the stored instant, and so do errors and logs, which both of them read.

use airlatch_core::model::{SECONDS_PER_DAY, SECONDS_PER_HOUR, Time};
use airlatch_core::rules;

/// So many days away from today a date has its weekday.
const NEAR: i64 = 14;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// The first day of 1970 was a Thursday.
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// A point in time: `31 Dec 2027 14:30 UTC`. Where `now` is known, a near date has its weekday; tables go without.
pub(crate) fn at(time: Time, now: impl Into<Option<Time>>) -> String {
    match date(time, now.into()) {
        Some(date) => format!("{date} {} UTC", clock(time)),
        None => time.to_string(),
    }
}

/// When something begins, or was dated: `31 Dec 2027 (UTC)` where that is the beginning of the day.
pub(crate) fn since(time: Time, now: impl Into<Option<Time>>) -> String {
    let now = now.into();
    match date(time, now) {
        Some(date) if time == time.start_of_day() => format!("{date} (UTC)"),
        _ => at(time, now),
    }
}

/// The last day on which something still works, of an end at midnight, else the time at which it ends. `end` is the first
/// second after it, as it is stored.
pub(crate) fn last(end: Time, now: impl Into<Option<Time>>) -> String {
    let now = now.into();
    match date(end.plus_seconds(-1), now) {
        Some(date) if end == end.start_of_day() => format!("{date} (UTC)"),
        _ => at(end, now),
    }
}

/// How long something works: `through 31 Dec 2027 (UTC)`, that day included, or `until 31 Dec 2027 14:30 UTC`.
pub(crate) fn until(end: Time, now: impl Into<Option<Time>>) -> String {
    let word = if end == end.start_of_day() { "through" } else { "until" };
    format!("{word} {}", last(end, now))
}

/// Whole days that are left, and where there is none of them, hours: never none while it is valid. None are counted from a
/// clock that was never set.
pub(crate) fn left(now: Time, until: Time) -> String {
    if !rules::is_clock_set(now) {
        return "days left unknown: the clock is before 2020".into();
    }
    let seconds = until.seconds() - now.seconds();
    match (seconds.div_euclid(SECONDS_PER_DAY), seconds.div_euclid(SECONDS_PER_HOUR)) {
        (..=0, ..=0) => "less than an hour left".into(),
        (..=0, 1) => "1 hour left".into(),
        (..=0, hours) => format!("{hours} hours left"),
        (1, _) => "1 day left".into(),
        (days, _) => format!("{days} days left"),
    }
}

/// Whole days left, rounded down, as programs get them; none where the clock was never set.
pub(crate) fn days_left(now: Time, until: Time) -> Option<i64> {
    rules::is_clock_set(now).then(|| now.days_until(until))
}

/// How long something works, and how much of that is left.
pub(crate) fn until_and_left(end: Time, now: Time) -> String {
    let left = if end <= now { "over".into() } else { left(now, end) };
    format!("{}, {left}", until(end, now))
}

/// `31 Dec 2027`, or `Fri 31 Dec 2027` near `now`; none outside the calendar.
fn date(time: Time, now: Option<Time>) -> Option<String> {
    let text = time.to_string();
    let (day, _) = text.split_once('T')?;
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let days = |time: Time| time.seconds().div_euclid(SECONDS_PER_DAY);
    let is_near = now.is_some_and(|now| (days(time) - days(now)).abs() <= NEAR);
    let weekday = WEEKDAYS.get(usize::try_from(days(time).rem_euclid(7)).ok()?).filter(|_| is_near);
    let weekday = weekday.map(|weekday| format!("{weekday} ")).unwrap_or_default();
    Some(format!("{weekday}{} {month} {year}", day.trim_start_matches('0')))
}

/// `14:30`: seconds are for programs.
fn clock(time: Time) -> String {
    let minutes = time.seconds().rem_euclid(SECONDS_PER_DAY) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn times_as_people_read_them() {
        let now = time("2026-12-01T09:30:00Z");
        for (stored, at_words, since_words, until_words) in [
            ("2028-01-01T00:00:00Z", "1 Jan 2028 00:00 UTC", "1 Jan 2028 (UTC)", "through 31 Dec 2027 (UTC)"),
            (
                "2027-12-31T14:30:59Z",
                "31 Dec 2027 14:30 UTC",
                "31 Dec 2027 14:30 UTC",
                "until 31 Dec 2027 14:30 UTC",
            ),
            (
                "2026-12-03T08:05:00Z",
                "Thu 3 Dec 2026 08:05 UTC",
                "Thu 3 Dec 2026 08:05 UTC",
                "until Thu 3 Dec 2026 08:05 UTC",
            ),
            (
                "2026-12-04T00:00:00Z",
                "Fri 4 Dec 2026 00:00 UTC",
                "Fri 4 Dec 2026 (UTC)",
                "through Thu 3 Dec 2026 (UTC)",
            ),
            // The last day that has a weekday, and the first without, on both sides of now.
            (
                "2026-12-16T00:00:00Z",
                "16 Dec 2026 00:00 UTC",
                "16 Dec 2026 (UTC)",
                "through Tue 15 Dec 2026 (UTC)",
            ),
            (
                "2026-11-17T23:59:59Z",
                "Tue 17 Nov 2026 23:59 UTC",
                "Tue 17 Nov 2026 23:59 UTC",
                "until Tue 17 Nov 2026 23:59 UTC",
            ),
            (
                "2026-11-17T00:00:00Z",
                "Tue 17 Nov 2026 00:00 UTC",
                "Tue 17 Nov 2026 (UTC)",
                "through 16 Nov 2026 (UTC)",
            ),
            ("2028-03-01T00:00:00Z", "1 Mar 2028 00:00 UTC", "1 Mar 2028 (UTC)", "through 29 Feb 2028 (UTC)"),
            (
                "9999-12-31T23:59:59Z",
                "31 Dec 9999 23:59 UTC",
                "31 Dec 9999 23:59 UTC",
                "until 31 Dec 9999 23:59 UTC",
            ),
            ("1970-01-01T00:00:00Z", "1 Jan 1970 00:00 UTC", "1 Jan 1970 (UTC)", "through 31 Dec 1969 (UTC)"),
        ] {
            let stored = time(stored);
            assert_eq!(at(stored, now), at_words);
            assert_eq!(since(stored, now), since_words);
            assert_eq!(until(stored, now), until_words);
        }
        assert_eq!(at(now, None), "1 Dec 2026 09:30 UTC", "in a table");
        assert_eq!(last(time("2026-12-02T00:00:00Z"), now), "Tue 1 Dec 2026 (UTC)");
        let odd = Time::from_seconds(i64::MAX);
        assert_eq!(at(odd, now), odd.to_string());
    }

    #[test]
    fn what_is_left_is_never_said_to_be_nothing() {
        let now = time("2027-01-01T00:00:00Z");
        for (seconds, words) in [
            (1, "less than an hour left"),
            (SECONDS_PER_HOUR - 1, "less than an hour left"),
            (SECONDS_PER_HOUR, "1 hour left"),
            (SECONDS_PER_DAY - 1, "23 hours left"),
            (SECONDS_PER_DAY, "1 day left"),
            (2 * SECONDS_PER_DAY - 1, "1 day left"),
            (30 * SECONDS_PER_DAY, "30 days left"),
        ] {
            assert_eq!(left(now, now.plus_seconds(seconds)), words, "{seconds}");
        }
        assert_eq!(until_and_left(now, now), "through Thu 31 Dec 2026 (UTC), over");
        assert_eq!(until_and_left(now.plus_days(2), now), "through Sat 2 Jan 2027 (UTC), 2 days left");
    }
    #[test]
    fn no_days_are_left_by_a_clock_that_was_never_set() {
        let end = time("2028-01-01T00:00:00Z");
        for (now, days) in [
            ("1970-01-01T00:00:00Z", None),
            ("2019-12-31T23:59:59Z", None),
            ("2020-01-01T00:00:00Z", Some(2922)),
        ] {
            let now = time(now);
            assert_eq!(days_left(now, end), days);
            let words = days.map_or("days left unknown: the clock is before 2020".into(), |days| {
                format!("{days} days left")
            });
            assert_eq!(left(now, end), words);
            assert_eq!(until_and_left(end, now), format!("through 31 Dec 2027 (UTC), {words}"));
        }
    }
}
