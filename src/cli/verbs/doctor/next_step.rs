//! What to do about what was found: the hints of every other verb, with the product filled in.

use crate::cli::hint::{self, Known};
use crate::view::Step;
use airlatch_core::model::{Error, Reason};
use airlatch_machine::here::{doctor::Check, doctor::Finding, doctor::State, doctor::to_do};

const RESET: &str = "set this host's clock; if it is right, install this reset: airlatch install FILE";

/// What to do, the likeliest to help first, nothing twice.
pub(super) fn steps(findings: &[Finding], known: &Known) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    // Who has the license in his hand need not ask for one.
    let is_at_hand = findings.iter().any(|it| it.check == Check::Verdict && has(it, Reason::NotActivated));
    // Nor who has the reset ask for one.
    let is_reset_at_hand = findings.iter().any(is_reset);
    for finding in to_do(findings) {
        let Some(cause) = &finding.cause else { continue };
        if is_at_hand && finding.check == Check::License && has(finding, Reason::NotActivated) {
            continue;
        }
        let known = match finding.product.clone() {
            Some(product) => Known { product: Some(product), ..known.clone() },
            None => known.clone(),
        };
        let step = match own(finding.check, cause) {
            _ if is_reset_at_hand && has(finding, Reason::ClockRollback) => Some(hint::fill(RESET, &known)),
            Some(own) => Some(hint::fill(own, &known)),
            None => hint::hint(cause, "doctor", &known),
        };
        if let Some(step) = step.filter(|text| steps.iter().all(|it| it.step != *text)) {
            steps.push(Step { reason: Some(cause.reason()), step });
        }
    }
    if findings.iter().any(|finding| finding.check == Check::Damage && finding.state == State::Note) {
        let text = "if the file has to travel on, write a clean copy: airlatch doctor FILE --repair CLEAN";
        steps.push(Step { reason: None, step: text.into() });
    }
    steps
}

/// A reset of this host's clock that mends it: all is well with it, and still there is something to do.
fn is_reset(finding: &Finding) -> bool {
    finding.check == Check::Verdict && finding.state == State::Ok && has(finding, Reason::ClockRollback)
}

fn has(finding: &Finding, reason: Reason) -> bool {
    finding.cause.as_ref().is_some_and(|cause| cause.reason() == reason)
}

/// What is to be done at the home itself, where the same words mean something else than on a command line.
fn own(check: Check, cause: &Error) -> Option<&'static str> {
    Some(match (check, cause.reason()) {
        (Check::Key, Reason::Denied | Reason::Io) => return None,
        (Check::Key, Reason::ExposedKey) | (Check::Home, Reason::ExposedKey) => {
            "leave the home to its owner alone: chmod go-w its folder, chmod 600 host.key"
        }
        (Check::Key, Reason::LostKey | Reason::KeyMismatch) => return None,
        (Check::Key, _) => hint::HOST_KEY,
        (Check::Settings, _) => {
            "move host.toml away and tell it again: airlatch id --instance TEXT --site SERIAL --code CODE"
        }
        (Check::Stray, _) => "install what was meant: airlatch install FILE",
        (Check::Trust, Reason::PrivateKeyGiven) => {
            "take this private key off this machine, and replace it if others saw it; here belongs NAME.pub"
        }
        (Check::Trust, Reason::NoTrust) => {
            "install your vendor's license together with its key: add --trust VENDOR.pub"
        }
        (Check::License | Check::Signature, Reason::UntrustedKey) => {
            "if the vendor is yours, install its license with its public key: airlatch install FILE --trust VENDOR.pub"
        }
        (Check::Trust, reason) if !matches!(reason, Reason::Denied | Reason::Io) => {
            "move the file away; then install a license of the vendor again, with --trust VENDOR.pub"
        }
        (Check::File, Reason::PrivateKeyGiven) => {
            "take the private key off this machine, and replace it if others saw it: airlatch keygen --out NAME"
        }
        (_, Reason::LostMark) => {
            "put clock.mark back from a backup; else a license issued from now on makes it good: airlatch request --product PRODUCT"
        }
        (Check::Verdict, Reason::NotActivated) => "install this license: airlatch install FILE",
        _ => return None,
    })
}
