//! The vendors' keys: built in or kept in the home, and what stands among them without being one.

use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::model::{Error, Reason};

use super::finding::few;
use super::{Check, ExamContext, Finding, Home, State};

/// The keys that are trusted; none where they can't be read. A host without licenses has no need of any yet.
pub(super) fn look(
    patient: &ExamContext<'_>,
    home: Option<&Home>,
    is_licensed: bool,
    findings: &mut Vec<Finding>,
) -> TrustedSet {
    match &patient.built_in {
        Some(Ok(set)) => {
            let keys: Vec<PublicKey> = set.iter().collect();
            findings.push(Finding::ok(Check::Trust, format!("built into this program: {}", ids(&keys))));
            return set.clone();
        }
        Some(Err(error)) => {
            findings.push(Finding::of(Check::Trust, State::Bad, error.clone()));
            return TrustedSet::default();
        }
        None => {}
    }
    let (keys, others) = match home.map(Home::trusted) {
        None => (Vec::new(), Vec::new()),
        Some(Ok(found)) => found,
        Some(Err(error)) => {
            findings.push(Finding::unseen(Check::Trust, error));
            return TrustedSet::new(patient.named.iter().copied());
        }
    };
    if !patient.named.is_empty() {
        findings.push(Finding::ok(Check::Trust, format!("named for this look: {}", ids(&patient.named))));
    }
    // What is trusted in a home that could not be looked at, nobody can say.
    let unseen = home.is_none() && findings.iter().any(|finding| finding.unseen);
    if !keys.is_empty() {
        findings.push(Finding::ok(Check::Trust, format!("kept in the home: {}", ids(&keys))));
    } else if patient.named.is_empty() && !unseen {
        let what = "no vendor's key is trusted here, so no license can be believed";
        let state = if is_licensed { State::Bad } else { State::Note };
        findings.push(Finding::of(Check::Trust, state, Error::new(Reason::NoTrust, what)));
    }
    let unread = |error: Error| Finding::of(Check::Trust, State::Look, error);
    findings.extend(others.into_iter().map(unread));
    TrustedSet::new(keys.into_iter().chain(patient.named.iter().copied()))
}

fn ids(keys: &[PublicKey]) -> String {
    let ids: Vec<String> = keys.iter().map(|key| key.key_id().to_string()).collect();
    few(&ids)
}
