//! A length of time as people write it, `1 year` or `90 days`, and the end it gives a term.

use super::{Error, Reason, Result, Time};

/// The words of a length, and whether a length with them runs in days, so that it ends with a day.
const UNITS: [(&str, bool); 6] =
    [("year", true), ("month", true), ("week", true), ("day", true), ("hour", false), ("minute", false)];

/// Checks a length that somebody wrote: whole numbers with the full word of a unit, as in `1 year 6 months`. `in_days` is
/// whether it has no hours or minutes.
///
/// ```
/// use airlatch_core::model::length;
///
/// assert!(length::in_days("1 year 6 months")?);
/// assert!(!length::in_days("12 hours")?);
/// assert!(length::in_days("6 m").is_err());
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
///
/// # Errors
/// `bad-time`.
pub fn in_days(text: &str) -> Result<bool> {
    let bad = |why: String| {
        let message = format!("`{text}` is not a usable length of time: {why}");
        Err(Error::new(Reason::BadTime, message))
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut days = true;
    for pair in words.chunks(2) {
        let [number, word] = pair else {
            return bad("write it like `1 year`, `6 months` or `90 days`".into());
        };
        if number.parse::<u32>().is_err() {
            return bad("write it like `1 year`, `6 months` or `90 days`".into());
        }
        let singular = word.strip_suffix('s').unwrap_or(word);
        match UNITS.iter().find(|(unit, _)| *unit == singular) {
            Some((_, in_days)) => days &= in_days,
            None => return bad(format!("`{word}` is not a unit; there are days, weeks, months, years")),
        }
    }
    Time::from_seconds(0).plus_span(text).map(|_| days)
}

/// Two lengths, one after the other: their units add up.
///
/// ```
/// assert_eq!(airlatch_core::model::length::sum("1 year", "6 months"), "1 year 6 months");
/// assert_eq!(airlatch_core::model::length::sum("1 year", "2 years"), "3 years");
/// ```
pub fn sum(first: &str, second: &str) -> String {
    let mut totals = [0u64; UNITS.len()];
    let words: Vec<&str> = first.split_whitespace().chain(second.split_whitespace()).collect();
    for pair in words.chunks_exact(2) {
        let singular = pair[1].strip_suffix('s').unwrap_or(pair[1]);
        if let Some(at) = UNITS.iter().position(|(unit, _)| *unit == singular) {
            totals[at] += pair[0].parse::<u64>().unwrap_or_default();
        }
    }
    let unit = |((unit, _), total): (&(&str, bool), u64)| match total {
        0 => None,
        1 => Some(format!("1 {unit}")),
        total => Some(format!("{total} {unit}s")),
    };
    UNITS.iter().zip(totals).filter_map(unit).collect::<Vec<_>>().join(" ")
}

/// The end of a length that runs from this second: that of the day in which it would end, so that a term never is shorter
/// than its length; a length with hours or minutes ends to the second.
///
/// ```
/// use airlatch_core::model::{Time, length};
///
/// let noon: Time = "2026-11-21T12:00:00Z".parse()?;
/// assert_eq!(length::end(noon, "1 year")?.to_string(), "2027-11-22T00:00:00Z");
/// assert_eq!(length::end(noon.start_of_day(), "1 year")?.to_string(), "2027-11-21T00:00:00Z");
/// assert_eq!(length::end(noon, "2 hours")?.to_string(), "2026-11-21T14:00:00Z");
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
///
/// # Errors
/// `bad-time` as [`Time::plus_span`].
pub fn end(from: Time, length: &str) -> Result<Time> {
    let end = from.plus_span(length)?;
    let is_exact = end == end.start_of_day() || in_days(length).is_ok_and(|days| !days);
    if is_exact { Ok(end) } else { end.end_of_day().in_range() }
}
