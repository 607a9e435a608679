//! What the host shows of itself, and what of it changed since its licenses were made.

use crate::here::move_request::FOLDER as MOVES;
use airlatch_core::crypto;
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{
    Absence, ComponentKind, ComponentMatch, Error, HostFacts, License, Lock, Reason, Verdict,
};

use super::{Check, Finding, Home, State};

/// The components, then each license that counts on others than are here.
pub(super) fn look(
    home: Option<&Home>,
    facts: &HostFacts,
    judged: &[&JudgedLicense],
    findings: &mut Vec<Finding>,
) {
    findings.push(shown(facts));
    let current = judged.iter().filter(|judged| !host::is_superseded(judged));
    findings.extend(current.filter_map(|judged| drift(home, facts, judged)));
}

fn shown(facts: &HostFacts) -> Finding {
    let present: Vec<&str> = facts.components.kinds().map(ComponentKind::word).collect();
    let class = facts.class.word();
    let mut finding = match present.len() {
        0 => {
            let what = format!("{class}; it shows nothing that tells it from others");
            Finding::of(Check::Hardware, State::Look, Error::new(Reason::WeakHost, what))
        }
        1 => {
            let what = format!("{class}; it shows too little to tell it from others: {}", present[0]);
            Finding::of(Check::Hardware, State::Look, Error::new(Reason::WeakHost, what))
        }
        n => {
            Finding::ok(Check::Hardware, format!("{class}; it shows {n} components: {}", present.join(", ")))
        }
    };
    finding.details.extend(facts.class.evidence().map(|evidence| format!("evidence   {evidence}")));
    finding
        .details
        .extend(facts.absent.iter().map(|(kind, why)| format!("{:<10} {}", kind.word(), cause(why))));
    finding.detail(format!("Locking ID {}", crypto::locking_id(&facts.components)))
}

/// Why a component is absent, without what stands in its place: a serial number taken for a filler would be shown.
fn cause(why: &Absence) -> String {
    match why {
        Absence::Placeholder(_) => "absent: it holds a filler text or a constant".into(),
        other => format!("absent: {other}"),
    }
}

/// What changed, and what would be enough; nothing where nothing did.
fn drift(home: Option<&Home>, facts: &HostFacts, judged: &JudgedLicense) -> Option<Finding> {
    let license = judged.license.get();
    let (Lock::Fingerprint { tolerance, .. } | Lock::LockingId { tolerance, .. }) = &license.lock else {
        return None;
    };
    let rows = &judged.judgement.comparison;
    let of = |seen: ComponentMatch| -> Vec<ComponentKind> {
        rows.iter().filter(|row| row.result == seen).map(|row| row.kind).collect()
    };
    let (same, changed, hidden) =
        (of(ComponentMatch::Same), of(ComponentMatch::Changed), of(ComponentMatch::AbsentHere));
    if changed.is_empty() && hidden.is_empty() {
        return None;
    }
    let is_enough = tolerance.is_met_by(&same.iter().copied().collect());
    let id = judged.license.document_id();
    let what = format!("{}: the hardware is not all as it was when license {id} was made", license.product);
    let denied = |kind: &ComponentKind| facts.absent.iter().any(|it| it == &(*kind, Absence::Denied));
    let finding = match (is_enough, &judged.judgement.verdict) {
        (true, _) => Finding::note(Check::Drift, what).saying("the hardware is not all as it was"),
        (false, _) if hidden.iter().any(denied) => {
            let what = format!("{what}, or this user may not read it");
            Finding::of(Check::Drift, State::Bad, Error::new(Reason::Denied, what))
        }
        (false, Verdict::Grace(_)) => {
            Finding::of(Check::Drift, State::Look, Error::new(Reason::HostDrift, what))
        }
        (false, _) => Finding::of(Check::Drift, State::Bad, too_much(what, license)),
    };
    let mut finding = Finding { product: Some(license.product.clone()), ..finding };
    let lines = [("the same", same), ("changed", changed), ("not shown", hidden)];
    for (label, kinds) in lines.into_iter().filter(|(_, kinds)| !kinds.is_empty()) {
        let names: Vec<_> = kinds.into_iter().map(ComponentKind::name).collect();
        finding = finding.detail(format!("{label:<10} {}", names.join(", ")));
    }
    let finding = finding.detail(format!("needed     {tolerance}"));
    let ready = home.filter(|_| !is_enough).and_then(|home| {
        let path = home.path().join(MOVES).join(format!("{}.request", license.product));
        home.files.exists(&path).then_some(path)
    });
    Some(ready.into_iter().fold(finding, |it, path| it.detail(format!("ready      {}", path.display()))))
}

/// The same word as the verdict's.
fn too_much(what: String, license: &License) -> Error {
    let field = if matches!(license.lock, Lock::Fingerprint { .. }) { "hashes" } else { "locking-id" };
    Error::new(Reason::WrongHost, what).at(format!("lock.{field}"))
}
