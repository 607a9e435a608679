//! A given document: what it is, what happened to it, whose it is, and what it is worth here.

use airlatch_core::crypto::{self, PublicKey, Sealed, TrustedSet};
use airlatch_core::format::{self, Repair};
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{ClockReset, Error, HostFacts, Kind, Reason, SystemId, Time, Verdict};
use airlatch_core::rules::{self, Question, remember};

use super::{Check, Examination, Finding, State, licenses};

/// Who vouches for the bytes of a document.
#[derive(Debug, Clone)]
pub enum Provenance {
    /// Whole, and signed by a key that is trusted here, or by the host that it names.
    Trusted(PublicKey),
    /// Whole: the signature is good, but nobody here vouches for its key.
    Whole(PublicKey, Error),
    /// Not whole, or not what it says it is.
    Broken(Error),
}

/// Checks the signature of a document, and whether anybody vouches for it.
pub fn belief(sealed: &Sealed, trusted: &TrustedSet) -> Provenance {
    let kind = sealed.kind();
    let checked = if kind.is_signed_by_host() {
        crypto::check_host_signed(sealed, kind)
    } else {
        crypto::check(sealed, kind, trusted)
    };
    match (checked, PublicKey::from_bytes(sealed.named_signer())) {
        (Ok(verified), _) => Provenance::Trusted(verified.signer()),
        // The gate says so only of a document whose signature is good.
        (Err(error), Ok(key)) if error.reason() == Reason::UntrustedKey => Provenance::Whole(key, error),
        (Err(error), _) => Provenance::Broken(error),
    }
}

/// What is found about a document that was read from the file `name`.
pub fn document(
    name: &str,
    sealed: &Sealed,
    repairs: &[Repair],
    host: &Examination,
    now: Time,
) -> Vec<Finding> {
    let kind = sealed.kind();
    let what = format!("{name}: a {}, id {}", kind.word(), sealed.document_id());
    let mut findings = vec![Finding::ok(Check::File, what).about(kind, sealed.document_id())];
    if repairs.is_empty() {
        findings.push(Finding::ok(Check::Damage, "nothing happened to its form on its way"));
    } else {
        let count =
            if repairs.len() == 1 { "1 accident".into() } else { format!("{} accidents", repairs.len()) };
        let finding = Finding::note(Check::Damage, format!("{count} on its way, undone without loss"))
            .saying("accidents on its way, undone without loss");
        findings.push(
            repairs.iter().fold(finding, |it, repair| it.detail(format!("{:<20} {repair}", repair.word()))),
        );
    }
    let belief = belief(sealed, &host.trusted);
    findings.push(signature(sealed, &belief, host.facts.system_id));
    findings.push(match belief {
        Provenance::Trusted(_) => worth(sealed, host, now),
        _ => Finding::note(Check::Verdict, "what it is worth here can't be told, as nobody vouches for it"),
    });
    findings
}

fn signature(sealed: &Sealed, belief: &Provenance, here: Option<SystemId>) -> Finding {
    match belief {
        Provenance::Trusted(key) if sealed.kind().is_signed_by_host() => {
            let id = key.system_id();
            let whose = if here == Some(id) { "this host" } else { "another host" };
            Finding::ok(Check::Signature, format!("whole, signed by {whose}, {id}"))
                .saying("whole, signed by a host")
        }
        Provenance::Trusted(key) => {
            Finding::ok(Check::Signature, format!("whole, signed by {}, which is trusted here", key.key_id()))
                .saying("whole, signed by a key that is trusted here")
        }
        Provenance::Whole(key, error) => {
            let what = format!("whole, but signed by {}, which is not trusted here", key.key_id());
            let finding = Finding::new(Check::Signature, State::Bad, what).because(error.clone());
            error.details().iter().fold(finding, |finding, line| finding.detail(line.clone()))
        }
        Provenance::Broken(error) => Finding::of(Check::Signature, State::Bad, error.clone()),
    }
}

/// What a document that somebody vouches for is worth on this host.
fn worth(sealed: &Sealed, host: &Examination, now: Time) -> Finding {
    let facts = &host.facts;
    let broken = |error: Error| Finding::of(Check::Verdict, State::Bad, error);
    match sealed.kind() {
        Kind::License => license(sealed, host, now),
        Kind::Request => match format::read_request(sealed) {
            Ok(request) => of_host("request", request.get().system_id, facts),
            Err(error) => broken(error),
        },
        Kind::ReleaseReceipt => match format::read_receipt(sealed) {
            Ok(receipt) => of_host("receipt", receipt.get().system_id, facts),
            Err(error) => broken(error),
        },
        Kind::ClockMark => match format::read_clock_mark(sealed) {
            Ok(mark) => of_host("memory", mark.get().system_id, facts),
            Err(error) => broken(error),
        },
        Kind::ClockReset => match format::read_reset(sealed, &host.trusted) {
            Ok(reset) if facts.system_id == Some(reset.get().system_id) => of_reset(reset.get(), host),
            Ok(reset) => {
                let here = facts.system_id.map_or_else(|| "none yet".into(), |id| id.to_string());
                let error = Error::new(Reason::WrongHost, "this reset is for another installation");
                let error = error.at("system-id").detail(format!("this host  {here}"));
                broken(error.detail(format!("the reset  {}", reset.get().system_id)))
            }
            Err(error) => broken(error),
        },
        Kind::KeyCertificate | Kind::RevocationList => {
            Finding::note(Check::Verdict, "this version does not read what is in it")
        }
    }
}

/// Whether a reset for this host repairs what it remembers now.
fn of_reset(reset: &ClockReset, host: &Examination) -> Finding {
    // The nonce of the mark after it does not matter here, since that mark is not kept.
    match host.recall.mark.as_ref().map(|mark| remember::reset(mark, reset, mark.nonce)) {
        Some(Ok(_)) => {
            let finding = Finding::ok(Check::Verdict, "for this host; it works once, by installing it");
            let is_behind = |it: &&Finding| it.check == Check::Clock && it.state == State::Bad;
            match host.findings.iter().find(is_behind).and_then(|it| it.cause.clone()) {
                Some(cause) => finding.because(cause),
                None => finding,
            }
        }
        Some(Err(error)) => Finding::of(Check::Verdict, State::Bad, error),
        None => {
            let what = "there is nothing remembered here that it could repair";
            Finding::of(Check::Verdict, State::Bad, Error::new(Reason::UsedReset, what))
        }
    }
}

fn of_host(what: &str, whose: SystemId, facts: &HostFacts) -> Finding {
    if facts.system_id == Some(whose) {
        return Finding::ok(Check::Verdict, format!("the {what} of this host"));
    }
    Finding::note(Check::Verdict, format!("the {what} of another host, {whose}"))
}

/// Judged beside what is installed, as if it were installed too.
fn license(sealed: &Sealed, host: &Examination, now: Time) -> Finding {
    let license = match format::read_license(sealed, &host.trusted) {
        Ok(license) => license,
        Err(error) => return Finding::of(Check::Verdict, State::Bad, error),
    };
    let judgement = rules::judge(&license, &host.facts, &Question::now(now));
    let mut judged = JudgedLicense { license, repairs: Vec::new(), judgement };
    let installed = host.licenses.iter().filter_map(|(_, installed)| installed.as_ref().ok());
    let mut beside: Vec<JudgedLicense> = installed.cloned().collect();
    let is_installed = beside.iter().any(|it| it.license.document_id() == judged.license.document_id());
    let mut all: Vec<&mut JudgedLicense> = beside.iter_mut().collect();
    all.push(&mut judged);
    host::supersede(&mut all);
    let content = judged.license.get();
    let finding = match &judged.judgement.verdict {
        Verdict::Valid => licenses::valid(content, true, now),
        Verdict::Grace(error) => Finding::of(Check::Verdict, State::Look, error.clone()),
        // A file that was asked about is the matter itself, whatever else is installed.
        Verdict::Refused(reasons) => match reasons.first() {
            Some(first) if first.reason() == Reason::Superseded => {
                Finding::of(Check::Verdict, State::Bad, first.clone())
            }
            _ => licenses::refused(reasons, false),
        },
    };
    let mut finding = Finding { check: Check::Verdict, product: Some(content.product.clone()), ..finding };
    if finding.state == State::Ok && !is_installed {
        finding.what.push_str("; it is not installed yet");
        return finding.because(Error::new(Reason::NotActivated, "a license that holds is not installed"));
    }
    finding
}
