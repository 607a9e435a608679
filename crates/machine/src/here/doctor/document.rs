//! Examines a given document: its kind, its repairs, its signature and its verdict on this host.

use airlatch_core::crypto::{self, PublicKey, Sealed, TrustedSet};
use airlatch_core::format::{self, Repair};
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{Cause, ClockReset, Error, HostFacts, Kind, Reason, SystemId, Time, Verdict};
use airlatch_core::rules::{self, Question, remember};

use super::{Check, Examination, Finding, State, licenses};

/// The result of checking a document's signature.
#[derive(Debug, Clone)]
pub enum Provenance {
    /// The signature is valid, by a trusted key or by a host's own key.
    Trusted(PublicKey),
    /// The signature is valid, but its key is not trusted here.
    Untrusted(PublicKey, Error),
    /// The signature is not valid, or the document is of another kind.
    Broken(Error),
}

/// Checks the signature of a document, and whether its key is trusted.
pub fn check_provenance(sealed: &Sealed, trusted: &TrustedSet) -> Provenance {
    let kind = sealed.kind();
    let checked = if kind.is_signed_by_host() {
        crypto::check_host_signed(sealed, kind)
    } else {
        crypto::check(sealed, kind, trusted)
    };
    match (checked, PublicKey::from_bytes(sealed.named_signer())) {
        (Ok(verified), _) => Provenance::Trusted(verified.signer()),
        // The error `untrusted-key` implies a valid signature.
        (Err(error), Ok(key)) if error.reason() == Reason::UntrustedKey => Provenance::Untrusted(key, error),
        (Err(error), _) => Provenance::Broken(error),
    }
}

/// The findings about a document that was read from the file `name`.
pub fn document(
    name: &str,
    sealed: &Sealed,
    repairs: &[Repair],
    host: &Examination,
    now: Time,
) -> Vec<Finding> {
    let kind = sealed.kind();
    let message = format!("{name}: a {}, id {}", kind.word(), sealed.document_id());
    let mut findings = vec![Finding::ok(Check::File, message).about(kind, sealed.document_id())];
    let provenance = check_provenance(sealed, &host.trusted);
    findings.push(damage(repairs, matches!(provenance, Provenance::Broken(_))));
    findings.push(signature(sealed, &provenance, host.facts.system_id));
    findings.push(match provenance {
        Provenance::Trusted(_) => verdict(sealed, host, now),
        Provenance::Untrusted(..) => {
            Finding::note(Check::Verdict, "no verdict: the key of its signature is not trusted here")
        }
        Provenance::Broken(_) => Finding::note(Check::Verdict, "no verdict: the signature does not fit"),
    });
    findings
}

/// What was repaired. Only a signature that fits shows that nothing was lost.
fn damage(repairs: &[Repair], is_broken: bool) -> Finding {
    let count = match repairs.len() {
        0 => return Finding::ok(Check::Damage, "text format intact"),
        1 => "1 repair".into(),
        count => format!("{count} repairs"),
    };
    let finding = match is_broken {
        false => Finding::note(Check::Damage, format!("damaged in transfer: {count}, nothing lost"))
            .fixed("damaged in transfer and repaired, nothing lost"),
        true => Finding::note(Check::Damage, format!("damaged in transfer: {count}, and more was lost"))
            .fixed("damaged in transfer, and more was lost than could be repaired"),
    };
    repairs.iter().fold(finding, |it, repair| it.detail(format!("{:<20} {repair}", repair.word())))
}

fn signature(sealed: &Sealed, provenance: &Provenance, here: Option<SystemId>) -> Finding {
    match provenance {
        Provenance::Trusted(key) if sealed.kind().is_signed_by_host() => {
            let id = key.system_id();
            let signer = if here == Some(id) { "this host" } else { "another host" };
            Finding::ok(Check::Signature, format!("valid, signed by {signer}, {id}"))
                .fixed("valid, signed by a host")
        }
        Provenance::Trusted(key) => {
            Finding::ok(Check::Signature, format!("valid, signed by {}, which is trusted here", key.key_id()))
                .fixed("valid, signed by a key that is trusted here")
        }
        Provenance::Untrusted(key, error) => {
            let message = format!("valid, but signed by {}, which is not trusted here", key.key_id());
            let finding = Finding::new(Check::Signature, State::Bad, message).because(error.clone());
            error.details().iter().fold(finding, |finding, line| finding.detail(line.clone()))
        }
        Provenance::Broken(error) => Finding::of(Check::Signature, State::Bad, error.clone()),
    }
}

/// The verdict on a document with a trusted signature.
fn verdict(sealed: &Sealed, host: &Examination, now: Time) -> Finding {
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
            Ok(mark) => of_host("clock mark", mark.get().system_id, facts),
            Err(error) => broken(error),
        },
        Kind::ClockReset => match format::read_reset(sealed, &host.trusted) {
            Ok(reset) if facts.system_id == Some(reset.get().system_id) => of_reset(reset.get(), host),
            Ok(reset) => {
                let here = facts.system_id.map_or_else(|| "none yet".into(), |id| id.to_string());
                let error = Error::new(Reason::WrongHost, "this reset is for another installation")
                    .because(Cause::ResetForOtherHost);
                let error = error.at("system-id").detail(format!("this host  {here}"));
                broken(error.detail(format!("the reset  {}", reset.get().system_id)))
            }
            Err(error) => broken(error),
        },
        Kind::KeyCertificate | Kind::RevocationList => {
            Finding::note(Check::Verdict, "this version can't read its content")
        }
    }
}

/// Whether a clock reset for this host fits its present clock mark.
fn of_reset(reset: &ClockReset, host: &Examination) -> Finding {
    // The new nonce does not matter here, since the result is not stored.
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
            let message = "this host has no clock mark that it could repair";
            Finding::of(Check::Verdict, State::Bad, Error::new(Reason::UsedReset, message))
        }
    }
}

fn of_host(noun: &str, system_id: SystemId, facts: &HostFacts) -> Finding {
    if facts.system_id == Some(system_id) {
        return Finding::ok(Check::Verdict, format!("the {noun} of this host"));
    }
    Finding::note(Check::Verdict, format!("the {noun} of another host, {system_id}"))
}

/// Judges a license together with the installed ones, as if it were installed too.
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
        Verdict::Grace(error) | Verdict::Advisory(error) => {
            Finding::of(Check::Verdict, State::Look, error.clone())
        }
        // For a file given by the user, a refusal is an error even if another license is valid.
        Verdict::Refused(reasons) => match reasons.first() {
            Some(first) if first.reason() == Reason::Superseded => {
                Finding::of(Check::Verdict, State::Bad, first.clone())
            }
            _ => licenses::refused(reasons, false),
        },
    };
    let mut finding = Finding { check: Check::Verdict, product: Some(content.product.clone()), ..finding };
    if finding.state == State::Ok && !is_installed {
        finding.message.push_str("; it is not installed yet");
        return finding.because(Error::new(Reason::NotActivated, "a valid license is not installed"));
    }
    finding
}
