//! A license on a host whose memory was lost, or that can't keep one: without it nobody knows how much time has passed.

use crate::crypto::Verified;
use crate::model::{Cause, Error, HostMemory, License, Lock, Reason, SECONDS_PER_DAY, Time};

use super::days;

/// How old what is stored may be before that is said: a service that may not write the memory reads what a daily check keeps.
const FRESH_SECONDS: i64 = 2 * SECONDS_PER_DAY;

/// What a missing memory does to a license.
pub(super) enum MemoryLoss {
    /// A warning: it works until this time; `None` is without a limit.
    Warning(Error, Option<Time>),
    /// A refusal: the days are over.
    Refused(Error),
}

/// For a license with an end on a host that lost its memory; `None` if it did not, or something signed arrived since.
pub(super) fn lost(license: &License, memory: &HostMemory, now: Time) -> Option<MemoryLoss> {
    let signed = memory.signed_time.map_or(license.issued, |signed| signed.max(license.issued));
    let lost_at = memory.lost_at.filter(|lost_at| signed < *lost_at)?;
    let message = "this host lost its clock mark, and nothing signed has arrived since";
    limited(
        license,
        lost_at,
        now,
        Error::new(Reason::LostMark, message).detail(format!("lost       {lost_at}")),
    )
}

/// For a license with an end on a host that can't store what it remembers; `stored` is what it stored before. A host without a
/// key has never stored anything: no license was installed on it, so this may be a look at a file only.
pub(super) fn not_stored(
    license: &License,
    has_key: bool,
    stored: &HostMemory,
    now: Time,
) -> Option<MemoryLoss> {
    if !has_key && needs_memory(license) {
        let message = "this host has no clock mark, which would show if its clock was set back";
        let error = Error::new(Reason::NotStored, message).at("clock").because(Cause::NothingInstalled);
        return Some(MemoryLoss::Warning(error, None));
    }
    let last = stored.latest_time.map_or(license.issued, |latest| latest.max(license.issued));
    if stored.latest_time.is_some() && now < last.plus_seconds(FRESH_SECONDS) {
        return None;
    }
    let message = "this host can't store its clock mark";
    limited(license, last, now, Error::new(Reason::NotStored, message).detail(format!("stored     {last}")))
}

fn limited(license: &License, since: Time, now: Time, error: Error) -> Option<MemoryLoss> {
    if !needs_memory(license) {
        return None;
    }
    let (error, end) = (error.at("clock"), since.plus_days(i64::from(license.memory_days)));
    if now >= end {
        return Some(MemoryLoss::Refused(error.detail(format!("ended      {end}"))));
    }
    let left = days::in_words(now.days_until(end));
    let message = format!("{}; this license works for {left} more", error.message());
    Some(MemoryLoss::Warning(error.with_message(message), Some(end)))
}

/// Whether nothing but the memory tells how much of it is left.
fn needs_memory(license: &License) -> bool {
    license.is_dated() && !license.advisory && !matches!(license.lock, Lock::Starter(_))
}

/// The refusal of a license that works by a count of days which has not begun in what is `stored`, and can't be stored now.
pub(super) fn uncounted(
    license: &Verified<License>,
    stored: &HostMemory,
    warnings: &[Error],
    works_until: Option<Time>,
) -> Option<Error> {
    let (id, content) = (license.document_id(), license.get());
    let counts = |error: &&Error| match error.reason() {
        Reason::HostDrift => {
            !content.advisory && stored.drifts.get(&id).is_none_or(|drift| drift.last_seen.is_none())
        }
        Reason::ClockRollback => works_until.is_some() && !stored.clock_graces.contains_key(&id),
        Reason::ActivationPeriod => !stored.first_installed.contains_key(&content.product),
        _ => false,
    };
    let counted = warnings.iter().find(counts)?;
    let message = "the days of this license are counted, and this host can't store the count";
    Some(
        Error::new(Reason::NotStored, message)
            .at("clock")
            .detail(format!("counted    {}", counted.message())),
    )
}
