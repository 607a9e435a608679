//! What a host asks for when its hardware has changed too much for a license: the same license, on the hardware it has now.

use crate::crypto::Verified;
use crate::model::{
    Cause, Comparison, ComponentMatch, Error, HostFacts, License, Lock, Reason, Request, Result, Time,
    Verdict,
};
use crate::rules::Judgement;

use super::{RequestInput, draft};

/// Whether hardware is what stands between this installation and its license, refused or still in its days of grace.
pub fn has_moved(license: &License, facts: &HostFacts, judgement: &Judgement) -> bool {
    let Lock::Fingerprint { system_id, .. } = &license.lock else { return false };
    let by_hardware =
        |error: &Error| error.reason() == Reason::HostDrift || error.cause() == Some(Cause::OtherHardware);
    let says = match &judgement.verdict {
        Verdict::Valid => false,
        Verdict::Grace(error) => by_hardware(error),
        Verdict::Refused(reasons) => {
            // What was given back or replaced is no license to be moved.
            let gone = |error: &Error| matches!(error.reason(), Reason::Released | Reason::Superseded);
            reasons.iter().any(by_hardware) && !reasons.iter().any(gone)
        }
    };
    says && facts.system_id == Some(*system_id)
}

/// The request to put a license on the hardware this host has now; it says what changed, unless `note` says something
/// else.
///
/// # Errors
/// `wrong-host` when the license is not this installation's, or is not locked to hardware; those of [`draft`].
pub fn move_request(
    license: &Verified<License>,
    facts: &HostFacts,
    comparison: &[Comparison],
    note: Option<String>,
    now: Time,
) -> Result<Request> {
    let content = license.get();
    let other = || Error::new(Reason::WrongHost, "this license is not one of this installation's hardware");
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
    // The same salt, so that the desk sees hash by hash what changed.
    draft(input, facts, fingerprint.salt, now)
}
