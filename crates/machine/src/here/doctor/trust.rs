//! Checks the trusted vendor keys: those built in, and those of the home.

use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::model::{Error, Reason};

use super::finding::few;
use super::{Check, ExamContext, Finding, Home, State};

/// The trusted keys; empty if they can't be read. Without a license, it is no error to have none.
pub(super) fn examine(
    context: &ExamContext<'_>,
    home: Option<&Home>,
    is_licensed: bool,
    findings: &mut Vec<Finding>,
) -> TrustedSet {
    match &context.built_in {
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
            findings.push(Finding::unreadable(Check::Trust, error));
            return TrustedSet::new(context.named.iter().copied());
        }
    };
    if !context.named.is_empty() {
        findings.push(Finding::ok(Check::Trust, format!("given for this run: {}", ids(&context.named))));
    }
    // In a home that can't be read, the trusted keys are unknown.
    let unreadable = home.is_none() && findings.iter().any(|finding| finding.unreadable);
    if !keys.is_empty() {
        findings.push(Finding::ok(Check::Trust, format!("in the home: {}", ids(&keys))));
    } else if context.named.is_empty() && !unreadable {
        let message = "no vendor key is trusted here, so no license can be verified";
        let state = if is_licensed { State::Bad } else { State::Note };
        findings.push(Finding::of(Check::Trust, state, Error::new(Reason::NoTrust, message)));
    }
    let bad_file = |error: Error| Finding::of(Check::Trust, State::Look, error);
    findings.extend(others.into_iter().map(bad_file));
    TrustedSet::new(keys.into_iter().chain(context.named.iter().copied()))
}

fn ids(keys: &[PublicKey]) -> String {
    let ids: Vec<String> = keys.iter().map(|key| key.key_id().to_string()).collect();
    few(&ids)
}
