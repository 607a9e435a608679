//! The future of one license: what it allows in which period, if nothing else changes.

use std::borrow::Cow;

use crate::host::JudgedLicense;
use crate::model::{Features, License, Reason, Term, Time, Verdict};

/// A period, from now or a later time on, in which a license allows something.
pub(super) struct ValidSpan<'a> {
    pub(super) from: Time,
    /// The first second after it; `None` is permanent.
    pub(super) until: Option<Time>,
    pub(super) features: Cow<'a, Features>,
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
        Verdict::Valid | Verdict::Grace(_) | Verdict::Advisory(_) => true,
    };
    let future = license.spans().filter(|(term, _)| term.until.is_none_or(|end| end > now));
    let span = |(term, features): (Term, _)| ValidSpan {
        from: term.from,
        until: term.until,
        features: Cow::Borrowed(features),
    };
    let mut all: Vec<ValidSpan> = future.map(span).collect();
    match all.first_mut() {
        // The judgement takes a wrong clock into account.
        Some(first) if is_valid => {
            (first.from, first.features) = (now, Cow::Borrowed(&judged.judgement.features));
        }
        Some(_) => {}
        None if is_valid => {
            let features = Cow::Borrowed(&judged.judgement.features);
            all.push(ValidSpan { from: now, until: license.works_until(), features });
        }
        None => {}
    }
    if license.advisory && is_valid {
        hold_over(&mut all, license, &judged.judgement.features, now);
    }
    if let Some(end) = judged.judgement.works_until {
        all.retain(|span| span.from < end);
        all.iter_mut().for_each(|span| span.until = Some(span.until.map_or(end, |it| it.min(end))));
    }
    all
}

/// Keeps what an advisory license allows beyond its end in all its future. What has not ended yet is shown with its end.
fn hold_over(all: &mut Vec<ValidSpan<'_>>, license: &License, allowed: &Features, now: Time) {
    let current = license.spans().find(|(term, _)| term.contains(now)).map(|(_, features)| features);
    let over = allowed.beyond(current);
    all.iter_mut().for_each(|span| span.features = Cow::Owned(over.clone().larger(&span.features)));
    let end = all.last().and_then(|last| last.until).filter(|_| !over.is_empty());
    all.extend(end.map(|end| ValidSpan { from: end, until: None, features: Cow::Owned(over) }));
}
