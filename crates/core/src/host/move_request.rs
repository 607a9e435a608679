//! A request to issue a license again for the host's present hardware, after it changed more than the lock allows.

use crate::crypto::Verified;
use crate::model::{
    Cause, Comparison, ComponentMatch, Error, HostFacts, License, Lock, Reason, Request, Result, Time,
    Verdict,
};
use crate::rules::Judgement;

use super::{RequestInput, draft};

/// Whether the changed hardware of this installation is why its license is refused, or valid for its drift days only.
pub fn needs_move(license: &License, facts: &HostFacts, judgement: &Judgement) -> bool {
    let Lock::Fingerprint { system_id, .. } = &license.lock else { return false };
    let by_hardware =
        |error: &Error| error.reason() == Reason::HostDrift || error.cause() == Some(Cause::OtherHardware);
    let is_hardware = match &judgement.verdict {
        Verdict::Valid => false,
        Verdict::Grace(error) | Verdict::Advisory(error) => by_hardware(error),
        Verdict::Refused(reasons) => {
            // A released or superseded license can't be moved.
            let gone = |error: &Error| matches!(error.reason(), Reason::Released | Reason::Superseded);
            reasons.iter().any(by_hardware) && !reasons.iter().any(gone)
        }
    };
    is_hardware && facts.system_id == Some(*system_id)
}

/// Drafts the request. Its note is `note`, or the list of changed components.
///
/// # Errors
/// `wrong-host` if the license is for another installation, or not locked to hardware; those of [`draft`].
pub fn move_request(
    license: &Verified<License>,
    facts: &HostFacts,
    comparison: &[Comparison],
    note: Option<String>,
    now: Time,
) -> Result<Request> {
    let content = license.get();
    let other = || {
        Error::new(Reason::WrongHost, "this license is not bound to this installation's hardware")
            .because(Cause::OtherHost)
    };
    let Lock::Fingerprint { system_id, fingerprint, .. } = &content.lock else {
        return Err(other().at("lock"));
    };
    if facts.system_id != Some(*system_id) {
        return Err(other().at("lock.system-id"));
    }
    let changed: Vec<_> = comparison
        .iter()
        .filter(|row| matches!(row.result, ComponentMatch::Changed | ComponentMatch::AbsentHere))
        .map(|row| row.kind.name())
        .collect();
    let changed = (!changed.is_empty()).then(|| format!("changed: {}", changed.join(", ")));
    let input = RequestInput {
        product: content.product.clone(),
        version: content.version.clone(),
        model: content.model.clone(),
        note: note.or(changed),
        replaces: Some(license.document_id()),
        ..RequestInput::default()
    };
    // With the same salt the desk can compare each hash and see what changed.
    draft(input, facts, fingerprint.salt, now)
}
