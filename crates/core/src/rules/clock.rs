//! Detects clock rollback: the clock is behind a time that was signed or seen before.

use crate::crypto::Verified;
use crate::model::{ClockJump, Error, HostMemory, License, Reason, SECONDS_PER_DAY, Time};

use super::Question;
use super::days;
use super::set_back::known_time;

/// How many seconds a clock may be behind without a warning: a day, for clocks that drift or are set by hand.
const CLOCK_TOLERANCE_SECONDS: i64 = 86_400;
/// 2020-01-01T00:00:00Z, before the first license of this program.
const START_OF_2020: Time = Time::from_seconds(1_577_836_800);

/// How long in all a license works after the clock jumped ahead once, while it is behind the latest known time.
const CLOCK_GRACE_SECONDS: i64 = 7 * SECONDS_PER_DAY;

/// The effect of a clock rollback on a license.
pub(super) enum Rollback {
    /// A warning: the clock makes no difference, since the license is valid at every time from the latest known one on, or
    /// only advises.
    Harmless(Error),
    /// A warning: the clock may have been ahead once; the license works until this time.
    Grace(Error, Time),
    /// A refusal: the license may have ended.
    Refused(Error),
}

/// The time to judge a license at: the clock, or the latest known time if that is later. So a license can begin although
/// the clock is slow, and a rollback within the tolerance does not extend a license. If the clock may have been ahead once,
/// the latest known time is that before it jumped.
pub(super) fn time(license: &Verified<License>, memory: &HostMemory, question: &Question) -> Time {
    if question.supposed {
        return question.now;
    }
    let known = match memory.jump {
        Some(jump) if seconds_left(license, memory, question.now) > 0 => jump.from.max(license.get().issued),
        _ => latest_known(license.get(), memory, question.now),
    };
    question.now.max(known)
}

/// The latest time known to have passed: what the host remembers, or when this license was issued.
fn latest_known(license: &License, memory: &HostMemory, now: Time) -> Time {
    known_time(memory, now).map_or(license.issued, |latest| latest.max(license.issued))
}

/// Compares the time of the question with the latest known time. `counts_days`: the license is valid here for a number of
/// days only, whatever its term is; a clock that is set back would grant these days again and again. `is_refused`: it is
/// refused already, perhaps because of the wrong clock.
pub(super) fn rollback(
    license: &Verified<License>,
    memory: &HostMemory,
    question: &Question,
    counts_days: bool,
    is_refused: bool,
) -> Option<Rollback> {
    let (content, now) = (license.get(), question.now);
    let known = latest_known(content, memory, now);
    if question.supposed || !is_behind(now, known) {
        return None;
    }
    let error = clock_rollback(now, known, source(content, known)).at("clock");
    let is_set_back = memory.latest_time.is_some_and(|latest| latest < known) && known != content.issued;
    let set_back =
        is_set_back.then(|| format!("set back   by {} hours in all", memory.set_back_seconds / 3600));
    let error = set_back.into_iter().fold(error, Error::detail);
    if content.advisory || is_permanent(content, known) && !counts_days {
        return Some(Rollback::Harmless(error));
    }
    let left = if counts_days || is_refused { 0 } else { seconds_left(license, memory, now) };
    if left <= 0 {
        let is_used_up = used_seconds(license, memory, now) >= CLOCK_GRACE_SECONDS;
        let used = is_used_up.then_some("grace      the days for a clock that was ahead are used up");
        return Some(Rollback::Refused(used.into_iter().fold(error, Error::detail)));
    }
    let days = days::in_words(left / SECONDS_PER_DAY);
    let message = format!("{}; this license works for {days} more", error.message());
    Some(Rollback::Grace(error.with_message(message), now.plus_seconds(left)))
}

/// Whether a clock is further behind a known time than may be by chance: more than a day.
pub fn is_behind(now: Time, known: Time) -> bool {
    now.plus_seconds(CLOCK_TOLERANCE_SECONDS) < known
}

/// Whether the license is valid at every time from `known` on.
fn is_permanent(license: &License, known: Time) -> bool {
    license.end().is_none() && license.after.is_empty() && license.term.from <= known
}

/// The last jump, when the clock moved the latest known time from `before` to `latest`. Once the clock has gone on evenly
/// for as long as the grace lasts, it was no jump of a wrong clock.
pub(super) fn jump(last: Option<ClockJump>, before: Option<Time>, latest: Option<Time>) -> Option<ClockJump> {
    let (Some(before), Some(latest)) = (before, latest) else { return last };
    if is_behind(before, latest) {
        return Some(ClockJump { from: before, to: latest });
    }
    last.filter(|last| latest < last.to.plus_seconds(CLOCK_GRACE_SECONDS))
}

/// Whether the license is in its grace for the clock at `now`: it depends on the clock, which is behind but not behind the
/// time before it jumped ahead.
pub(super) fn is_in_grace(license: &Verified<License>, memory: &HostMemory, now: Time) -> bool {
    let known = latest_known(license.get(), memory, now);
    !is_permanent(license.get(), known) && seconds_left(license, memory, now) > 0
}

/// What is left of the grace for a clock that is behind; 0 if there is no sign that it jumped ahead.
///
/// The clock is no measure of its own progress: time that it was set back counts like time that passed.
fn seconds_left(license: &Verified<License>, memory: &HostMemory, now: Time) -> i64 {
    let may_be_right = |jump: ClockJump| !is_behind(now, license.get().issued.max(jump.from));
    let known = latest_known(license.get(), memory, now);
    if !is_behind(now, known) || !memory.jump.is_some_and(may_be_right) {
        return 0;
    }
    CLOCK_GRACE_SECONDS - used_seconds(license, memory, now)
}

/// The seconds of the grace that a license has used by `now`.
fn used_seconds(license: &Verified<License>, memory: &HostMemory, now: Time) -> i64 {
    memory.clock_graces.get(&license.document_id()).map_or(0, |grace| {
        let since =
            grace.last_seen.map_or(0, |last| now.seconds().saturating_sub(last.seconds()).saturating_abs());
        grace.used_seconds.saturating_add(since)
    })
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
