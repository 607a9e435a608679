//! The time to come of one license: what it allows from when to when, as long as nothing else changes.

use crate::host::JudgedLicense;
use crate::model::{Features, HostMemory, License, Lock, Reason, SECONDS_PER_DAY, Time, Verdict};

/// From when to when a license allows something; from the present, or later.
pub(super) struct ValidSpan<'a> {
    pub(super) from: Time,
    /// The first second after it; `None` is for ever.
    pub(super) until: Option<Time>,
    pub(super) features: &'a Features,
}

/// What is to come of a license that was judged at `now`, in order. Nothing of one that is refused for another reason
/// than that it begins later. What it says is what the judge would say at that time on the same host; the days of grace
/// that follow an end are no part of it before that end has come.
pub(super) fn stretches<'a>(judged: &'a JudgedLicense, memory: &HostMemory, now: Time) -> Vec<ValidSpan<'a>> {
    let license = judged.license.get();
    let holds = match &judged.judgement.base_verdict {
        Verdict::Refused(reasons) if reasons.iter().any(|it| it.reason() != Reason::NotYetValid) => {
            return Vec::new();
        }
        Verdict::Refused(_) => false,
        Verdict::Valid | Verdict::Grace(_) => true,
    };
    let to_come = license.spans().filter(|(term, _)| term.until.is_none_or(|end| end > now));
    let mut all: Vec<ValidSpan> =
        to_come.map(|(term, features)| ValidSpan { from: term.from, until: term.until, features }).collect();
    match all.first_mut() {
        // The judge knows best what it allows now, also where the clock is wrong.
        Some(first) if holds => (first.from, first.features) = (now, &judged.judgement.features),
        Some(_) => {}
        None if holds => {
            let features = &judged.judgement.features;
            all.push(ValidSpan { from: now, until: license.grace_end(), features });
        }
        None => {}
    }
    let ends = [starter_ends(license, memory), drift_ends(judged, memory, now)];
    if let Some(end) = ends.into_iter().flatten().min() {
        all.retain(|stretch| stretch.from < end);
        all.iter_mut().for_each(|stretch| stretch.until = Some(stretch.until.map_or(end, |it| it.min(end))));
    }
    all
}

/// The end of the activation period.
fn starter_ends(license: &License, memory: &HostMemory) -> Option<Time> {
    let Lock::Starter(days) = license.lock else { return None };
    Some(memory.first_installed.get(&license.product)?.plus_days(i64::from(days)))
}

/// The end of the days on changed hardware, if they run: that warning is always told first.
fn drift_ends(judged: &JudgedLicense, memory: &HostMemory, now: Time) -> Option<Time> {
    match &judged.judgement.base_verdict {
        Verdict::Grace(warning) if warning.reason() == Reason::HostDrift => {}
        _ => return None,
    }
    let drift = memory.drifts.get(&judged.license.document_id())?;
    let running = drift.last_seen.map_or(0, |last| (now.seconds() - last.seconds()).max(0));
    let budget = i64::from(judged.license.get().drift_days) * SECONDS_PER_DAY;
    Some(now.plus_seconds(budget - drift.used_seconds.saturating_add(running)))
}
