//! Detects clock rollback: the clock is behind a time that was signed or seen before.

use crate::model::{Error, License, Reason, Time};

use super::Question;

/// How many seconds a clock may be behind without a warning: a day, for clocks that drift or are set by hand.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 86_400;
/// 2020-01-01T00:00:00Z, before the first license of this program.
const START_OF_2020: Time = Time::from_seconds(1_577_836_800);

/// The effect of a clock rollback on a license.
pub(super) enum Rollback {
    /// A warning: the license is valid at every time from the latest known one on, so the clock makes no difference.
    Harmless(Error),
    /// A refusal: the license may have ended.
    Refused(Error),
}

/// The time to judge a license at: the clock, or the latest known time if that is later. So a license can begin although
/// the clock is slow, and a rollback within the tolerance does not extend a license.
pub(super) fn time(license: &License, remembered: Option<Time>, question: &Question) -> Time {
    if question.supposed { question.now } else { question.now.max(latest_known(license, remembered)) }
}

/// The latest time known to have passed: what the host remembers, or when this license was issued.
fn latest_known(license: &License, remembered: Option<Time>) -> Time {
    remembered.map_or(license.issued, |latest| latest.max(license.issued))
}

/// Compares the time of the question with the latest known time. `counts_days`: the license is valid here for a number of
/// days only, whatever its term is; a clock that is set back would grant these days again and again.
pub(super) fn rollback(
    license: &License,
    remembered: Option<Time>,
    question: &Question,
    counts_days: bool,
) -> Option<Rollback> {
    if question.supposed {
        return None;
    }
    let known = latest_known(license, remembered);
    if question.now.plus_seconds(CLOCK_TOLERANCE_SECONDS) >= known {
        return None;
    }
    let error = clock_rollback(question.now, known, source(license, known)).at("clock");
    let is_permanent = license.end().is_none() && license.after.is_empty() && license.term.from <= known;
    Some(if is_permanent && !counts_days { Rollback::Harmless(error) } else { Rollback::Refused(error) })
}

/// The error `clock-rollback`; `source` says where the known time comes from.
pub fn clock_rollback(now: Time, known: Time, source: &str) -> Error {
    Error::new(Reason::ClockRollback, "this host's clock is behind a time known to have passed")
        .detail(format!("clock      {now}"))
        .detail(format!("known      {known}, {source}"))
}

/// Whether the clock shows 2020 or later. An earlier time is that of a clock that was never set, or whose battery is empty: the
/// time left until some end, counted from it, would mislead.
pub fn is_clock_set(now: Time) -> bool {
    now >= START_OF_2020
}

fn source(license: &License, known: Time) -> &'static str {
    if known == license.issued { "when this license was issued" } else { "what this host has seen" }
}
