//! The next steps for the findings: hints of the home itself, else those of every verb, with the product filled in.

use crate::cli::hint::{self, Known};
use crate::view::Step;
use airlatch_core::model::{Cause, Error, Reason};
use airlatch_machine::here::{doctor::Check, doctor::Finding, doctor::State, doctor::to_do};

const RESET: &str =
    "set this host's clock; if it is right already, install this clock reset: airlatch install FILE";

/// The next steps without duplicates, the likeliest to help first.
pub(super) fn steps(findings: &[Finding], known: &Known) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    // With a usable license among the files, the step "request a license" is left out.
    let has_license = findings.iter().any(is_usable_license);
    // The same with a license that has to be moved: the desk refuses an ordinary request from other hardware.
    let is_moved =
        findings.iter().any(|it| it.cause.as_ref().and_then(Error::cause) == Some(Cause::OtherHardware));
    // The same for a clock reset among the files.
    let has_reset = findings.iter().any(is_usable_reset);
    // The step for a license of an untrusted key names that key's file too.
    let has_untrusted = findings.iter().any(|it| has(it, Reason::UntrustedKey));
    let mut to_do = to_do(findings);
    to_do.sort_by_key(|finding| !is_usable_license(finding));
    for finding in to_do {
        let Some(cause) = &finding.cause else { continue };
        if has_license && cause.cause() == Some(Cause::OtherHost) {
            continue;
        }
        if (has_license || is_moved) && finding.check == Check::License && has(finding, Reason::NotActivated)
        {
            continue;
        }
        if has_untrusted && finding.check == Check::Trust && has(finding, Reason::NoTrust) {
            continue;
        }
        let known = match finding.product.clone() {
            Some(product) => Known { product: Some(product), ..known.clone() },
            None => known.clone(),
        };
        let known = known.with_error(cause);
        let step = match home_step(finding.check, cause) {
            _ if has_reset && has(finding, Reason::ClockRollback) => Some(hint::fill(RESET, &known)),
            Some(step) => Some(hint::fill(step, &known)),
            None => hint::hint(cause, "doctor", &known).map(|step| of_file(finding, &known, step)),
        };
        if let Some(step) = step.filter(|text| steps.iter().all(|it| it.step != *text)) {
            steps.push(Step { reason: Some(cause.reason()), step });
        }
    }
    if findings.iter().any(|finding| finding.check == Check::Damage && finding.state == State::Note) {
        let text = "before sending the file on, write a clean copy: airlatch doctor FILE --repair CLEAN";
        steps.push(Step { reason: None, step: hint::fill(text, known) });
    }
    steps
}

/// A step for a file that can't be read, with the name of the file where no command has it.
fn of_file(finding: &Finding, known: &Known, step: String) -> String {
    let place = finding.cause.as_ref().and_then(|cause| cause.places().first());
    match place.filter(|_| finding.unreadable && !known.closed && !step.contains("airlatch ")) {
        Some(file) => format!("{file}: {step}"),
        None => step,
    }
}

/// Whether this is a license that is valid here and not installed yet.
fn is_usable_license(finding: &Finding) -> bool {
    finding.check == Check::Verdict && has(finding, Reason::NotActivated)
}

/// Whether this is a clock reset that would work here: a finding that is ok, but still needs a step.
fn is_usable_reset(finding: &Finding) -> bool {
    finding.check == Check::Verdict && finding.state == State::Ok && has(finding, Reason::ClockRollback)
}

fn has(finding: &Finding, reason: Reason) -> bool {
    finding.cause.as_ref().is_some_and(|cause| cause.reason() == reason)
}

/// The step for a finding about the home itself, where the same reason needs another step than on a command line.
fn home_step(check: Check, cause: &Error) -> Option<&'static str> {
    Some(match (check, cause.reason()) {
        (Check::Key, Reason::Denied | Reason::Io) => return None,
        (Check::Key | Check::Home, Reason::ExposedKey) => return None,
        (Check::Key, Reason::LostKey | Reason::KeyMismatch) => return None,
        (Check::Key, _) => hint::HOST_KEY,
        (Check::Settings, _) => "move host.toml away and set its values again: airlatch id --instance TEXT",
        (Check::Stray, _) => "files copied into the home do nothing; install them: airlatch install FILE",
        (Check::Trust, Reason::PrivateKeyGiven) => {
            "remove this private key from this machine, and replace it if others saw it; trust/ holds NAME.pub only"
        }
        (Check::Trust, Reason::NoTrust) => "trust your vendor's key: airlatch trust add VENDOR.pub",
        (Check::License | Check::Signature, Reason::UntrustedKey) => {
            "if it is from your vendor, compare its key id with that on the order sheet: airlatch trust add FILE"
        }
        (Check::Trust, reason) if !matches!(reason, Reason::Denied | Reason::Io) => {
            "move the file away; then trust the vendor's key again: airlatch trust add VENDOR.pub"
        }
        (Check::File, Reason::PrivateKeyGiven) => {
            "remove the private key from this machine, and replace it if others saw it: airlatch keygen --out NAME"
        }
        (_, Reason::LostMark) => {
            "restore clock.mark from a backup, or install a newly issued license: airlatch request --product PRODUCT"
        }
        (Check::Verdict, Reason::NotActivated) => "install this license: airlatch install FILE",
        _ => return None,
    })
}
