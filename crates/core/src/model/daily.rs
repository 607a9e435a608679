//! The daily check: when it is due, and what was licensed at the last one.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{DocumentId, Error, Features, Reason, Result, Time};

/// The time of day, UTC, at which the daily check is due: `00:00` to `23:59`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyTime {
    /// Minutes after midnight.
    minutes: u16,
}

impl DailyTime {
    /// The last due time at or before `now`.
    pub const fn before(self, now: Time) -> Time {
        let today = now.start_of_day().plus_seconds(self.minutes as i64 * 60);
        if today.seconds() <= now.seconds() { today } else { today.plus_days(-1) }
    }

    /// The first due time after `now`.
    pub const fn after(self, now: Time) -> Time {
        self.before(now).plus_days(1)
    }

    /// Whether a check is due at `now`, if the last one was made at `last`. Several missed days make one check due. A
    /// check dated in the future was made with a wrong clock and is ignored.
    pub fn is_due(self, last: Option<Time>, now: Time) -> bool {
        last.is_none_or(|last| last < self.before(now) || last > now)
    }
}

impl FromStr for DailyTime {
    type Err = Error;

    /// Reads `HH:MM`, nothing else.
    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::new(Reason::BadTime, "a time of day must be between 00:00 and 23:59 (UTC)");
        let two = |digits: &str| {
            let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| digits.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = text.split_once(':').ok_or_else(bad)?;
        match (two(hours), two(minutes)) {
            (Some(hours @ 0..=23), Some(minutes @ 0..=59)) => Ok(Self { minutes: hours * 60 + minutes }),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for DailyTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// What the licenses of a host allowed at the last daily check. It is neither secret nor signed: only log lines depend
/// on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyCheck {
    /// When it was made.
    pub checked: Time,
    /// The licenses that worked.
    pub licenses: BTreeMap<DocumentId, CheckedLicense>,
}

/// What one license allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLicense {
    /// The product.
    pub product: String,
    /// The features.
    pub features: Features,
    /// Whether it worked with a warning: in grace, or beyond the limits of a license that only advises.
    pub warned: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_of_day_is_read_in_one_form_only() {
        for good in ["00:00", "02:00", "23:59", "09:05"] {
            assert_eq!(good.parse::<DailyTime>().unwrap().to_string(), good);
        }
        for bad in ["24:00", "2:00", "02:60", "02", "0200", "02:0", "+2:00", "02:00:00", " 02:00", ""] {
            assert_eq!(bad.parse::<DailyTime>().unwrap_err().reason(), Reason::BadTime, "{bad}");
        }
    }

    #[test]
    fn it_is_due_once_after_each_time_of_day_and_once_for_all_missed_days() {
        let at: DailyTime = "02:00".parse().unwrap();
        let now = time("2026-11-23T02:00:00Z");
        assert_eq!((at.before(now), at.after(now)), (now, time("2026-11-24T02:00:00Z")));
        let early = now.plus_seconds(-1);
        assert_eq!((at.before(early), at.after(early)), (now.plus_days(-1), now));
        for (last, due) in [
            (None, true),
            (Some("2026-11-23T01:59:59Z"), true),
            (Some("2026-10-01T02:00:00Z"), true),
            (Some("2026-11-23T02:00:00Z"), false),
            (Some("2026-11-23T02:00:07Z"), true),
        ] {
            assert_eq!(at.is_due(last.map(time), now), due, "{last:?}");
        }
        assert!(!at.is_due(Some(time("2026-11-22T02:00:07Z")), early));
    }
}
