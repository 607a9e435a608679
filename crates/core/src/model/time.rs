//! A point in time: whole seconds, UTC, printed and read as RFC 3339.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

use super::{Error, Reason, Result};

/// A point in time in whole seconds since 1970-01-01T00:00:00Z. In documents it lies in the years 1970 to 9999.
///
/// ```
/// use airlatch_core::model::Time;
/// let end: Time = "2027-03-01T00:00:00Z".parse()?;
/// assert_eq!(end.seconds(), 1_803_859_200);
/// assert_eq!(end.to_string(), "2027-03-01T00:00:00Z");
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

const MAX_SECONDS: i64 = 253_402_300_799; // 9999-12-31T23:59:59Z
/// The seconds of a UTC day, without leap seconds, as POSIX counts them.
pub const SECONDS_PER_DAY: i64 = 86_400;
/// The seconds of an hour.
pub const SECONDS_PER_HOUR: i64 = 3_600;
/// The layout of a time; each 0 stands for a digit.
const LAYOUT: &str = "0000-00-00T00:00:00Z";
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl Time {
    /// The time `seconds` after 1970-01-01T00:00:00Z, unchecked; see [`in_range`](Self::in_range).
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Midnight, UTC, of the day this time lies in.
    pub const fn start_of_day(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(SECONDS_PER_DAY)))
    }

    /// Midnight, UTC, at the end of the day this time lies in.
    pub const fn end_of_day(self) -> Self {
        Self(self.start_of_day().0.saturating_add(SECONDS_PER_DAY))
    }

    /// This time moved by `seconds`, which may be negative.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This time moved by `days` of 86,400 seconds, which may be negative.
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(SECONDS_PER_DAY))
    }

    /// Whole days from `self` to `later`, rounded down.
    pub const fn days_until(self, later: Self) -> i64 {
        later.0.saturating_sub(self.0).div_euclid(SECONDS_PER_DAY)
    }

    /// This time moved by a calendar span such as `1 year` or `90 days`, clamped to the last day of a short month.
    ///
    /// # Errors
    /// `bad-time` if the span can't be read, is not positive, or ends after the year 9999.
    pub fn plus_span(self, span: &str) -> Result<Self> {
        let bad = |why: String| {
            Error::new(Reason::BadTime, format!("`{span}` is not a usable length of time: {why}"))
        };
        let unreadable = |_| bad("write it like `1 year`, `6 months`, `2 weeks` or `90 days`".into());
        let parsed: jiff::Span = span.parse().map_err(unreadable)?;
        if !parsed.is_positive() {
            return Err(bad("it must be longer than zero".into()));
        }
        let start = self.civil().ok_or_else(|| bad("it begins outside the calendar".into()))?;
        let end = start.checked_add(parsed).map_err(|e| bad(e.to_string()))?;
        Self::from_civil(end).in_range().map_err(|_| bad("it ends after the year 9999".into()))
    }

    /// Reads a date `2027-03-01` as midnight, UTC, at its beginning.
    ///
    /// # Errors
    /// `bad-time` if the text is not a calendar date.
    pub fn from_date(text: &str) -> Result<Self> {
        let bad = || Error::new(Reason::BadTime, format!("`{text}` is not a date like 2027-03-01"));
        let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten().ok_or_else(bad)?;
        Self::from_civil(date.at(0, 0, 0, 0)).in_range()
    }

    /// Calendar date and time, UTC. Civil types of `jiff` reach to the last second of 9999; its instants do not.
    fn civil(self) -> Option<DateTime> {
        EPOCH.checked_add(SignedDuration::from_secs(self.0)).ok()
    }

    fn from_civil(civil: DateTime) -> Self {
        Self(civil.duration_since(EPOCH).as_secs())
    }

    /// This time, if it lies in the years 1970 to 9999, as documents require.
    ///
    /// # Errors
    /// `bad-time` outside that range.
    pub fn in_range(self) -> Result<Self> {
        if (0..=MAX_SECONDS).contains(&self.0) {
            return Ok(self);
        }
        Err(Error::new(Reason::BadTime, "the time is outside the years 1970 to 9999"))
    }
}

impl FromStr for Time {
    type Err = Error;

    /// Reads RFC 3339 with whole seconds and `Z`, the only form in documents.
    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::new(Reason::BadTime, format!("`{text}` is not a time like 2027-03-01T00:00:00Z"));
        let fits =
            |(byte, model): (u8, u8)| if model == b'0' { byte.is_ascii_digit() } else { byte == model };
        if text.len() != LAYOUT.len() || !text.bytes().zip(LAYOUT.bytes()).all(fits) || &text[17..19] == "60"
        {
            return Err(bad());
        }
        let civil: DateTime = text[..19].parse().map_err(|_| bad())?;
        Self::from_civil(civil).in_range()
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil() {
            Some(civil) => write!(f, "{civil}Z"),
            None => write!(f, "{} seconds from 1970", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_form_is_read() {
        for good in
            ["1970-01-01T00:00:00Z", "2038-01-19T03:14:08Z", "9999-12-31T23:59:59Z", "2028-02-29T12:00:00Z"]
        {
            assert_eq!(good.parse::<Time>().unwrap().to_string(), good);
        }
        for bad in [
            "1969-12-31T23:59:59Z",
            "10000-01-01T00:00:00Z",
            "2027-02-30T00:00:00Z",
            "2027-01-01T24:00:00Z",
            "2027-01-01T00:00:60Z",
            "2027-01-01T00:00:00",
            "2027-01-01T00:00:00+14:00",
            "2027-01-01 00:00:00Z",
            "2027-01-01T00:00:00.5Z",
            "0000-01-01T00:00:00Z",
            "2026-01-01T00:00+09Z",
            "2026-01-01T000000.5Z",
            "2026-01-01T235960.0Z",
            "2026-01-01T00[a=bb]Z",
            "",
            "é027-01-01T00:00:00Z",
        ] {
            assert_eq!(bad.parse::<Time>().unwrap_err().reason(), Reason::BadTime, "{bad}");
        }
    }

    #[test]
    fn calendar_spans_clamp() {
        let after =
            |from: &str, span: &str| from.parse::<Time>().unwrap().plus_span(span).unwrap().to_string();
        assert_eq!(after("2028-02-29T00:00:00Z", "1 year"), "2029-02-28T00:00:00Z");
        assert_eq!(after("2027-01-31T00:00:00Z", "1 month"), "2027-02-28T00:00:00Z");
        assert_eq!(after("2027-01-31T00:00:00Z", "90 days"), "2027-05-01T00:00:00Z");
        let now: Time = "2027-01-31T00:00:00Z".parse().unwrap();
        for bad in ["0 days", "-1 day", "9000 years", "soon", ""] {
            assert_eq!(now.plus_span(bad).unwrap_err().reason(), Reason::BadTime, "{bad}");
        }
    }

    #[test]
    fn a_clock_before_1970_neither_panics_nor_wraps() {
        let odd = Time::from_seconds(-1);
        assert_eq!(odd.to_string(), "1969-12-31T23:59:59Z");
        assert_eq!(odd.start_of_day().seconds(), -SECONDS_PER_DAY);
        assert!(!Time::from_seconds(i64::MAX).to_string().is_empty());
        assert_eq!(Time::from_seconds(i64::MAX).plus_seconds(1), Time::from_seconds(i64::MAX));
    }
}
