//! Checks the components of the host, and which of them changed since its licenses were issued.

use crate::here::move_request::FOLDER as MOVES;
use airlatch_core::crypto;
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{
    Absence, Cause, ComponentKind, ComponentMatch, Error, HostClass, HostFacts, License, Lock, Profile,
    Reason, Verdict,
};

use super::{Check, Finding, Home, State};

/// The components, then each license that was issued for other components.
pub(super) fn examine(
    home: Option<&Home>,
    facts: &HostFacts,
    judged: &[&JudgedLicense],
    findings: &mut Vec<Finding>,
) {
    findings.push(components(facts));
    let current = judged.iter().filter(|judged| !host::is_superseded(judged));
    findings.extend(current.filter_map(|judged| drift(home, facts, judged)));
}

fn components(facts: &HostFacts) -> Finding {
    let present: Vec<&str> = facts.components.kinds().map(ComponentKind::word).collect();
    let class = facts.class.word();
    let mut finding = match present.len() {
        0 => {
            let message = format!("{class}; no component identifies it");
            Finding::of(Check::Hardware, State::Look, weak_host(facts, message))
        }
        1 => {
            let message = format!("{class}; one component is too little to identify it: {}", present[0]);
            Finding::of(Check::Hardware, State::Look, weak_host(facts, message))
        }
        n => Finding::ok(Check::Hardware, format!("{class}; {n} components: {}", present.join(", "))),
    };
    finding.details.extend(facts.class.evidence().map(|evidence| format!("evidence   {evidence}")));
    finding
        .details
        .extend(facts.absent.iter().map(|(kind, why)| format!("{:<10} {}", kind.word(), cause(why))));
    finding.detail(format!("Locking ID {}", crypto::locking_id(facts).shown()))
}

/// The error of a host that shows too little; a container needs an instance id.
fn weak_host(facts: &HostFacts, message: String) -> Error {
    let error = Error::new(Reason::WeakHost, message);
    let has_instance = !facts.components.get(ComponentKind::Instance).is_empty();
    match facts.class {
        HostClass::Container(_) if !has_instance => error.because(Cause::UnboundContainer),
        _ => error,
    }
}

/// Why a component is absent, without the value of a placeholder: it could be a real serial number.
fn cause(why: &Absence) -> String {
    match why {
        Absence::Placeholder(_) => "absent: its value is a filler text or a constant".into(),
        other => format!("absent: {other}"),
    }
}

/// The changed components of a license, and its tolerance; `None` if nothing changed.
fn drift(home: Option<&Home>, facts: &HostFacts, judged: &JudgedLicense) -> Option<Finding> {
    let license = judged.license.get();
    let (Lock::Fingerprint { tolerance, .. } | Lock::LockingId { tolerance, .. }) = &license.lock else {
        return None;
    };
    let rows = &judged.judgement.comparison;
    let of = |result: ComponentMatch| -> Vec<ComponentKind> {
        rows.iter().filter(|row| row.result == result).map(|row| row.kind).collect()
    };
    let (same, changed, absent) =
        (of(ComponentMatch::Same), of(ComponentMatch::Changed), of(ComponentMatch::AbsentHere));
    let unreadable = of(ComponentMatch::Unreadable);
    if changed.is_empty() && absent.is_empty() && unreadable.is_empty() {
        return None;
    }
    let is_enough = tolerance.is_met_by(&same.iter().copied().collect());
    let id = judged.license.document_id();
    let message = format!("{}: the hardware has changed since license {id} was issued", license.product);
    let undecided = match &judged.judgement.verdict {
        Verdict::Refused(reasons) => {
            reasons.iter().find(|error| error.cause() == Some(Cause::UnreadableComponent))
        }
        _ => None,
    };
    let finding = match (is_enough, &judged.judgement.verdict) {
        (true, _) if changed.is_empty() && absent.is_empty() => return None,
        (true, _) => Finding::note(Check::Drift, message).fixed("the hardware has changed"),
        (false, _) if undecided.is_some() => {
            let message =
                format!("{}: this user may not read what license {id} is bound to", license.product);
            let error = Error::new(Reason::Denied, message).because(Cause::UnreadableComponent);
            Finding::of(Check::Drift, State::Bad, error)
        }
        (false, Verdict::Grace(_) | Verdict::Advisory(_)) => {
            Finding::of(Check::Drift, State::Look, Error::new(Reason::HostDrift, message))
        }
        (false, _) => Finding::of(Check::Drift, State::Bad, wrong_host(message, license)),
    };
    // Some hypervisors give a machine another UUID at every start.
    let has_instance = !facts.components.get(ComponentKind::Instance).is_empty();
    let is_uuid_alone = changed == [ComponentKind::System] && absent.is_empty() && unreadable.is_empty();
    let finding = match finding.cause.clone() {
        Some(error) if is_uuid_alone && facts.profile() == Profile::Virtual && !has_instance => {
            finding.because(error.because(Cause::ChangingUuid))
        }
        _ => finding,
    };
    let mut finding = Finding { product: Some(license.product.clone()), ..finding };
    let lines = [("the same", same), ("changed", changed), ("absent", absent), ("unreadable", unreadable)];
    for (label, kinds) in lines.into_iter().filter(|(_, kinds)| !kinds.is_empty()) {
        let names: Vec<_> = kinds.into_iter().map(ComponentKind::name).collect();
        finding = finding.detail(format!("{label:<10} {}", names.join(", ")));
    }
    let finding = finding.detail(format!("required   {tolerance}"));
    let ready = home.filter(|_| !is_enough).and_then(|home| {
        let path = home.path().join(MOVES).join(format!("{}.request", license.product));
        home.files.exists(&path).then_some(path)
    });
    Some(ready.into_iter().fold(finding, |it, path| it.detail(format!("ready      {}", path.display()))))
}

/// The error with the reason and place of the verdict.
fn wrong_host(message: String, license: &License) -> Error {
    let field = if matches!(license.lock, Lock::Fingerprint { .. }) { "hashes" } else { "locking-id" };
    Error::new(Reason::WrongHost, message).at(format!("lock.{field}"))
}
