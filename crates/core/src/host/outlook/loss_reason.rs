//! Why a license does not give a feature, in a line.

use crate::host::JudgedLicense;
use crate::model::{Cause, DocumentId, Error, FeatureName, Quantity, Reason, Subject, Term, Time, Verdict};

/// Why something is not licensed, or not any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossReason {
    /// The stable reason.
    pub reason: Reason,
    /// The same in words, with the time where there is one.
    pub what: String,
    /// The field of the license that speaks against it, where there is one.
    pub place: Option<String>,
    /// The cause, where there is one.
    pub cause: Option<Cause>,
    /// The license that it is about.
    pub license: DocumentId,
}

/// Why this license does not give so much of a feature that it names; `None` when it does.
pub(super) fn why(
    judged: &JudgedLicense,
    name: &FeatureName,
    wanted: Quantity,
    now: Time,
) -> Option<LossReason> {
    match refused(judged, now) {
        // It is in a gap between two periods: which of them has the feature is of interest.
        Some(why) if why.reason != Reason::NotYetValid => return Some(why),
        _ => {}
    }
    if judged.judgement.features.get(name).is_some_and(|held| held.covers(wanted)) {
        return None;
    }
    let (reason, what) = elsewhere(judged, name, wanted, now)?;
    Some(LossReason { reason, what, place: None, cause: None, license: judged.license.document_id() })
}

/// Why this license does not hold at all; `None` when it does.
pub(super) fn refused(judged: &JudgedLicense, now: Time) -> Option<LossReason> {
    let Verdict::Refused(reasons) = &judged.judgement.base_verdict else { return None };
    let (license, first) = (judged.license.get(), reasons.first()?);
    let what = match (first.reason(), license.end()) {
        (Reason::Expired, Some(end)) if license.grace_days == 0 => format!("ended on {end}"),
        (Reason::Expired, Some(end)) => {
            format!("ended on {end}, its grace on {}", license.grace_end().unwrap_or(end))
        }
        (Reason::NotYetValid, _) if now < license.term.from => format!("begins on {}", license.term.from),
        _ => told(first),
    };
    let place = first.place().map(ToOwned::to_owned);
    let cause = first.cause();
    Some(LossReason { reason: first.reason(), what, place, cause, license: judged.license.document_id() })
}

/// The words of a reason; of a license that another one superseded also which one.
fn told(error: &Error) -> String {
    let later = error.subjects().iter().find_map(|subject| match subject {
        Subject::License(id) => Some(id),
        _ => None,
    });
    match later.filter(|_| error.reason() == Reason::Superseded) {
        Some(later) => format!("was replaced by license {later}"),
        None => error.message().to_owned(),
    }
}

/// When a period that has so much begins, or when the last one ended.
fn elsewhere(
    judged: &JudgedLicense,
    name: &FeatureName,
    wanted: Quantity,
    now: Time,
) -> Option<(Reason, String)> {
    let spans: Vec<Term> = judged
        .license
        .get()
        .spans()
        .filter(|(_, features)| features.get(name).is_some_and(|held| held.covers(wanted)))
        .map(|(term, _)| term)
        .collect();
    let later = spans.iter().find(|term| term.from > now);
    let earlier = || spans.iter().rev().find_map(|term| term.until.filter(|end| *end <= now));
    match later {
        Some(term) => Some((Reason::NotYetValid, format!("begins on {}", term.from))),
        None => earlier().map(|end| (Reason::Expired, format!("ended on {end}"))),
    }
}
