//! The future of one license: what it allows in which period, if nothing else changes.

use crate::host::JudgedLicense;
use crate::model::{Features, HostMemory, License, Lock, Reason, SECONDS_PER_DAY, Time, Verdict};

/// A period, from now or a later time on, in which a license allows something.
pub(super) struct ValidSpan<'a> {
    pub(super) from: Time,
    /// The first second after it; `None` is permanent.
    pub(super) until: Option<Time>,
    pub(super) features: &'a Features,
}

/// The present and future periods of a license that was judged at `now`, in order, as [`judge`](crate::rules::judge) would
/// decide on the same host. A license that is refused has none, unless it begins later. Grace is included only once it has
/// begun.
pub(super) fn valid_spans<'a>(
    judged: &'a JudgedLicense,
    memory: &HostMemory,
    now: Time,
) -> Vec<ValidSpan<'a>> {
    let license = judged.license.get();
    let is_valid = match &judged.judgement.base_verdict {
        Verdict::Refused(reasons) if reasons.iter().any(|it| it.reason() != Reason::NotYetValid) => {
            return Vec::new();
        }
        Verdict::Refused(_) => false,
        Verdict::Valid | Verdict::Grace(_) => true,
    };
    let future = license.spans().filter(|(term, _)| term.until.is_none_or(|end| end > now));
    let mut all: Vec<ValidSpan> =
        future.map(|(term, features)| ValidSpan { from: term.from, until: term.until, features }).collect();
    match all.first_mut() {
        // The judgement takes a wrong clock into account.
        Some(first) if is_valid => (first.from, first.features) = (now, &judged.judgement.features),
        Some(_) => {}
        None if is_valid => {
            let features = &judged.judgement.features;
            all.push(ValidSpan { from: now, until: license.grace_end(), features });
        }
        None => {}
    }
    let ends = [starter_ends(license, memory), drift_ends(judged, memory, now)];
    if let Some(end) = ends.into_iter().flatten().min() {
        all.retain(|span| span.from < end);
        all.iter_mut().for_each(|span| span.until = Some(span.until.map_or(end, |it| it.min(end))));
    }
    all
}

/// The end of the activation period.
fn starter_ends(license: &License, memory: &HostMemory) -> Option<Time> {
    let Lock::Starter(days) = license.lock else { return None };
    Some(memory.first_installed.get(&license.product)?.plus_days(i64::from(days)))
}

/// The end of the drift days, if they are running; their warning always comes before others.
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
