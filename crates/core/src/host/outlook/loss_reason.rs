//! Why a license does not allow a feature.

use crate::host::JudgedLicense;
use crate::model::{Cause, DocumentId, Error, FeatureName, Quantity, Reason, Subject, Term, Time, Verdict};

/// Why something is not licensed, or not any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossReason {
    /// The stable reason.
    pub reason: Reason,
    /// The reason for people, with the time if there is one.
    pub message: String,
    /// The field of the license that is the cause, if there is one.
    pub place: Option<String>,
    /// The cause, where there is one.
    pub cause: Option<Cause>,
    /// The license.
    pub license: DocumentId,
}

/// Why this license does not allow `wanted` of a feature; `None` if it does.
pub(super) fn for_feature(
    judged: &JudgedLicense,
    name: &FeatureName,
    wanted: Quantity,
    now: Time,
) -> Option<LossReason> {
    match refused(judged, now) {
        // In a gap between two periods, the next period with the feature is named below.
        Some(reason) if reason.reason != Reason::NotYetValid => return Some(reason),
        _ => {}
    }
    if judged.judgement.features.get(name).is_some_and(|held| held.covers(wanted)) {
        return None;
    }
    let (reason, message) = other_period_with(judged, name, wanted, now)?;
    Some(LossReason { reason, message, place: None, cause: None, license: judged.license.document_id() })
}

/// Why this license is refused; `None` if it is not.
pub(super) fn refused(judged: &JudgedLicense, now: Time) -> Option<LossReason> {
    let Verdict::Refused(reasons) = &judged.judgement.base_verdict else { return None };
    let (license, first) = (judged.license.get(), reasons.first()?);
    let message = match (first.reason(), license.end()) {
        (Reason::Expired, Some(end)) if license.grace_days == 0 => format!("ended on {end}"),
        (Reason::Expired, Some(end)) => {
            format!("ended on {end}, its grace on {}", license.grace_end().unwrap_or(end))
        }
        (Reason::NotYetValid, _) if now < license.term.from => format!("begins on {}", license.term.from),
        _ => reason_text(first),
    };
    let place = first.place().map(ToOwned::to_owned);
    let cause = first.cause();
    Some(LossReason { reason: first.reason(), message, place, cause, license: judged.license.document_id() })
}

/// The message of an error; for a superseded license with the id of the later one.
fn reason_text(error: &Error) -> String {
    let later = error.subjects().iter().find_map(|subject| match subject {
        Subject::License(id) => Some(id),
        _ => None,
    });
    match later.filter(|_| error.reason() == Reason::Superseded) {
        Some(later) => format!("was replaced by license {later}"),
        None => error.message().to_owned(),
    }
}

/// When the next period with at least `wanted` begins, or when the last one ended.
fn other_period_with(
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
