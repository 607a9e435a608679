//! Hardware drift: on hardware that changed more than the lock allows, a license still works for a limited time.

use crate::crypto::Verified;
use crate::model::{
    Comparison, ComponentKind, ComponentMatch, Drift, Error, HostFacts, License, Lock, Reason,
    SECONDS_PER_DAY, Time,
};

use super::compare::is_undecided;
use super::days;

/// How long a license still works on changed hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DriftAllowance {
    /// So many seconds; 0 if all drift days are used.
    Seconds(i64),
    /// For ever: the license only advises.
    Unlimited,
}

/// What is left on this host; `None` if the license was never valid here, or has no drift days.
///
/// The installation has to be the licensed one, the license has to have been valid on it, and at least one component of
/// hardware has to match, if the lock has such: a copy of the installation on another machine gets nothing. A license from
/// before a loss of the clock mark has nothing left, whatever is recorded: what it had used was lost.
pub(super) fn remaining(
    license: &Verified<License>,
    facts: &HostFacts,
    rows: &[Comparison],
    now: Time,
) -> Option<DriftAllowance> {
    let content = license.get();
    let Lock::Fingerprint { system_id, tolerance, fingerprint, .. } = &content.lock else { return None };
    let budget = i64::from(content.drift_days) * SECONDS_PER_DAY;
    let drift = facts.memory.drifts.get(&license.document_id())?;
    // Without the components that this user may not read, nobody can tell whether anything changed. While drift is running,
    // the last user who could read them found it so.
    if drift.last_seen.is_none() && is_undecided(tolerance, rows) {
        return None;
    }
    // An operating system can be copied with the home. What a virtual machine shows are all settings.
    let is_part = |kind: &ComponentKind| kind.is_hardware() && *kind != ComponentKind::System;
    let has_hardware = fingerprint.hashes.keys().any(is_part);
    let is_same = |row: &Comparison| match row.result {
        ComponentMatch::Same => row.kind.is_hardware() || !has_hardware,
        // Drift is running: the last user who could read it found enough of it.
        ComponentMatch::Unreadable => row.kind.is_hardware(),
        _ => false,
    };
    let is_this_host = facts.system_id == Some(*system_id) && rows.iter().any(is_same);
    if content.advisory {
        return is_this_host.then_some(DriftAllowance::Unlimited);
    }
    let is_lost = facts.memory.lost_at.is_some_and(|lost_at| is_issued_before(content, lost_at));
    let left = if is_lost { 0 } else { (budget - used_seconds(drift, now)).max(0) };
    (budget > 0 && is_this_host).then_some(DriftAllowance::Seconds(left))
}

/// Whether a license is from before a loss of the clock mark.
pub(super) fn is_issued_before(license: &License, lost_at: Time) -> bool {
    license.issued < lost_at
}

/// The seconds used by `now`, assuming that the hardware has been changed since the last check that found it so.
fn used_seconds(drift: &Drift, now: Time) -> i64 {
    let running = drift.last_seen.map_or(0, |last| (now.seconds() - last.seconds()).max(0));
    drift.used_seconds.saturating_add(running)
}

/// The warning for a license in drift, with the details of the refusal that it replaces.
pub(super) fn warning(remaining: DriftAllowance, refusal: &Error) -> Error {
    let left = match remaining {
        DriftAllowance::Unlimited => "this license is advisory, and works on".into(),
        DriftAllowance::Seconds(seconds) => {
            format!("this license works for {} more", days::in_words(seconds / SECONDS_PER_DAY))
        }
    };
    let message = format!("the hardware has changed too much; {left}");
    let error = Error::new(Reason::HostDrift, message).at("lock.hashes");
    refusal.details().iter().fold(error, |error, line| error.detail(line.clone()))
}
