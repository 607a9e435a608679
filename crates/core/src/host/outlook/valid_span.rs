//! The future of one license: what it allows in which period, if nothing else changes.

use crate::host::JudgedLicense;
use crate::model::{Features, Reason, Time, Verdict};

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
pub(super) fn valid_spans(judged: &JudgedLicense, now: Time) -> Vec<ValidSpan<'_>> {
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
    if let Some(end) = judged.judgement.works_until {
        all.retain(|span| span.from < end);
        all.iter_mut().for_each(|span| span.until = Some(span.until.map_or(end, |it| it.min(end))));
    }
    all
}
