//! The calendar of the model: days, months and lengths, in whole seconds of UTC.

use std::fmt;

pub const DAY: i64 = 86_400;

/// 1 January 2027, 09:00, when every history begins.
pub const BEGIN: i64 = 20_819 * DAY + 9 * 3_600;

/// A unit of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Day,
    Week,
    Month,
    Year,
}

/// A length such as `2 weeks`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length(pub i64, pub Step);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.1 {
            Step::Day => "day",
            Step::Week => "week",
            Step::Month => "month",
            Step::Year => "year",
        };
        write!(f, "{} {word}{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

impl Length {
    /// The first second after this length: it ends with the day in which it is over.
    pub fn end(self, from: i64) -> i64 {
        let (day, second) = (from.div_euclid(DAY), from.rem_euclid(DAY));
        let last = match self.1 {
            Step::Day => day + self.0,
            Step::Week => day + 7 * self.0,
            Step::Month => months_later(day, self.0),
            Step::Year => months_later(day, 12 * self.0),
        };
        DAY * if second == 0 { last } else { last + 1 }
    }
}

pub fn midnight(time: i64) -> i64 {
    time - time.rem_euclid(DAY)
}

/// The date of a time.
pub fn date(time: i64) -> String {
    let [year, month, day] = civil(time.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The time in RFC 3339.
pub fn stamp(time: i64) -> String {
    let second = time.rem_euclid(DAY);
    format!("{}T{:02}:{:02}:{:02}Z", date(time), second / 3_600, second / 60 % 60, second % 60)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of a day since 1970.
fn civil(mut day: i64) -> [i64; 3] {
    let (mut year, mut month) = (1970, 1);
    while day >= if is_leap(year) { 366 } else { 365 } {
        day -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    while day >= days_of(year, month) {
        day -= days_of(year, month);
        month += 1;
    }
    [year, month, day + 1]
}

/// The day so many months later, or the last day of a month that is too short.
fn months_later(day: i64, many: i64) -> i64 {
    let [year, month, of_month] = civil(day);
    let months = year * 12 + month - 1 + many;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let before: i64 = (1..month).map(|month| days_of(year, month)).sum();
    years + before + of_month.min(days_of(year, month)) - 1
}

#[test]
fn months_end_with_their_last_day() {
    assert_eq!(stamp(BEGIN), "2027-01-01T09:00:00Z");
    let last_of_january = midnight(BEGIN) + 30 * DAY;
    for (from, length, end) in [
        (BEGIN, Length(1, Step::Year), "2028-01-02"),
        (midnight(BEGIN), Length(1, Step::Year), "2028-01-01"),
        (last_of_january, Length(1, Step::Month), "2027-02-28"),
        (last_of_january, Length(13, Step::Month), "2028-02-29"),
        (BEGIN + 31 * DAY, Length(2, Step::Week), "2027-02-16"),
    ] {
        assert_eq!(date(length.end(from)), end, "{length}");
    }
}
