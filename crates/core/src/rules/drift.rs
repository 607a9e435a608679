//! Hardware that changed more than a lock allows: for some days in all the license still works on the host it was for.

use crate::crypto::Verified;
use crate::model::{
    Comparison, ComponentMatch, Drift, Error, HostFacts, License, Lock, Reason, SECONDS_PER_DAY, Time,
};

/// What is left of the days that a license has on changed hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DriftAllowance {
    /// In seconds; nothing when they are used up.
    pub(super) seconds: i64,
}

/// What is left for this host; `None` when the license never was this host's, or has no such days at all.
///
/// It has to be the installation that was licensed, on which the license has held, and something of the hardware has to be
/// the same: so a copy of the installation on another machine gets nothing.
pub(super) fn left(
    license: &Verified<License>,
    facts: &HostFacts,
    rows: &[Comparison],
    now: Time,
) -> Option<DriftAllowance> {
    let content = license.get();
    let Lock::Fingerprint { system_id, .. } = &content.lock else { return None };
    let budget = i64::from(content.drift_days) * SECONDS_PER_DAY;
    let drift = facts.memory.drifts.get(&license.document_id())?;
    let is_it =
        facts.system_id == Some(*system_id) && rows.iter().any(|row| row.result == ComponentMatch::Same);
    (budget > 0 && is_it).then(|| DriftAllowance { seconds: (budget - used(drift, now)).max(0) })
}

/// The seconds used up by `now`, if the hardware is still changed.
pub(super) fn used(drift: &Drift, now: Time) -> i64 {
    let running = drift.last_seen.map_or(0, |last| (now.seconds() - last.seconds()).max(0));
    drift.used_seconds.saturating_add(running)
}

/// What turns a refusal into some days of grace: the same error, said as a warning.
pub(super) fn warning(left: DriftAllowance, refusal: &Error) -> Error {
    let days = left.seconds / SECONDS_PER_DAY;
    let what = match days {
        0 => "the hardware has changed too much; this license works for less than a day more".into(),
        1 => "the hardware has changed too much; this license works for 1 day more".into(),
        days => format!("the hardware has changed too much; this license works for {days} days more"),
    };
    let error = Error::new(Reason::HostDrift, what).at("lock.hashes");
    refusal.details().iter().fold(error, |error, line| error.detail(line.clone()))
}
