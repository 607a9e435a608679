//! Whether the clock can be believed: nothing that was signed or seen lies in its future.

use crate::model::{Error, License, Reason, Time};

use super::Question;

/// How far a clock may be behind without a word: a day, for clocks that drift and people who set them by hand.
pub const CLOCK_TOLERANCE: i64 = 86_400;

/// What a clock that was set back does to a license.
pub(super) enum Rollback {
    /// Nothing: it holds at any time from the latest known one on, so the clock makes no difference.
    Harmless(Error),
    /// Nobody can tell whether its time is over.
    Refused(Error),
}

/// The time to judge a license at: that of the clock, or the latest known one where the clock is behind that. So a clock that
/// lags keeps no license from beginning, and one that was set back within the tolerance adds nothing to its end.
pub(super) fn time(license: &License, remembered: Option<Time>, question: &Question) -> Time {
    if question.supposed { question.now } else { question.now.max(known(license, remembered)) }
}

/// The latest time that is known to have been: what the host remembers, and when this license was issued.
fn known(license: &License, remembered: Option<Time>) -> Time {
    remembered.map_or(license.issued, |latest| latest.max(license.issued))
}

/// Holds the time of the question against the latest known one. `counts_days` says that the license holds here for some days only, whatever its term is: a
/// clock that was set back would give them again and again.
pub(super) fn rollback(
    license: &License,
    remembered: Option<Time>,
    question: &Question,
    counts_days: bool,
) -> Option<Rollback> {
    if question.supposed {
        return None;
    }
    let known = known(license, remembered);
    if question.now.plus_seconds(CLOCK_TOLERANCE) >= known {
        return None;
    }
    let error = Error::new(Reason::ClockRollback, "this host's clock is behind what is known to have been")
        .at("clock")
        .detail(format!("clock      {}", question.now))
        .detail(format!("known      {known}, {}", source(license, known)));
    let for_ever = license.end().is_none() && license.after.is_empty() && license.term.from <= known;
    let harmless = for_ever && !counts_days;
    Some(if harmless { Rollback::Harmless(error) } else { Rollback::Refused(error) })
}

fn source(license: &License, known: Time) -> &'static str {
    if known == license.issued { "when this license was issued" } else { "what this host has seen" }
}
