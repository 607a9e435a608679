//! Checks the installed licenses: each with its verdict, judged together with the others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::here::{Bytes, none_installed};
use airlatch_core::crypto::TrustedSet;
use airlatch_core::format::Repair;
use airlatch_core::host::{self, JudgedLicense, OpenedLicense};
use airlatch_core::model::{Cause, Error, ExitStatus, HostFacts, License, Reason, Result, Time, Verdict};
use airlatch_core::rules::{self, Question, remember};

use super::{Check, ExamContext, Finding, Home, State};

/// How many days before its end a license gets the warning that it ends soon.
const SOON_DAYS: u32 = 30;

/// The license files of the home; `None` if they can't be read.
pub(super) fn open(home: Option<&Home>, findings: &mut Vec<Finding>) -> Option<Vec<Bytes>> {
    match home.map(Home::licenses) {
        None => findings.iter().all(|finding| !finding.unreadable).then(Vec::new),
        Some(Ok(files)) => Some(files),
        Some(Err(error)) => {
            findings.push(Finding::unreadable(Check::License, error));
            None
        }
    }
}

/// Judges the licenses; `facts` gets the latest of their signed times.
pub(super) fn examine(
    context: &ExamContext<'_>,
    files: Option<Vec<Bytes>>,
    trusted: &TrustedSet,
    facts: &mut HostFacts,
    now: Time,
    findings: &mut Vec<Finding>,
) -> Vec<(PathBuf, Result<JudgedLicense>)> {
    let Some(files) = files else { return Vec::new() };
    if files.is_empty() {
        let none = || Error::new(Reason::NotActivated, "no license is installed");
        // A home that does not exist may be the wrong one as well.
        let home = context.home.as_ref().ok().and_then(|path| Home::new(path, context.files).ok());
        let error = home.map_or_else(none, |home| none_installed(&home, context.root));
        findings.push(Finding::of(Check::License, State::Bad, error).fixed("no license is installed"));
    }
    let opened =
        files.into_iter().map(|(path, bytes)| (path, bytes.and_then(|bytes| host::open(&bytes, trusted))));
    let opened: Vec<_> = opened.collect();
    let signed = opened.iter().filter_map(|(_, opened)| Some(opened.as_ref().ok()?.license.get().issued));
    facts.memory = remember::with_signed_times(&facts.memory, signed);
    let judge = |opened: OpenedLicense| opened.judge(facts, &Question::now(now));
    let mut licenses: Vec<(PathBuf, Result<JudgedLicense>)> =
        opened.into_iter().map(|(path, opened)| (path, opened.map(judge))).collect();
    let mut judged: Vec<_> = licenses.iter_mut().filter_map(|(_, judged)| judged.as_mut().ok()).collect();
    host::supersede(&mut judged);
    let home = context.home.as_ref().ok().and_then(|path| Home::new(path, context.files).ok());
    for judged in judged {
        home.iter().for_each(|home| home.name_receipt(judged));
    }
    let is_licensed = |product: &str| {
        let judged = licenses.iter().filter_map(|(_, judged)| judged.as_ref().ok());
        judged.filter(|judged| judged.license.get().product == product).any(is_valid)
    };
    let decreases = decreases_soon(&licenses, now);
    let found = licenses.iter().map(|(path, judged)| match judged {
        Ok(judged) => {
            let product = &judged.license.get().product;
            of_judged(judged, is_licensed(product), decreases.contains_key(product), now)
        }
        Err(error) => of_error(path, &error.clone().because(Cause::InstalledLicense), trusted),
    });
    let found: Vec<Finding> = found.collect();
    findings
        .extend(licenses.iter().filter_map(|(path, judged)| repaired(path, &judged.as_ref().ok()?.repairs)));
    let has_warning = |product: &String| {
        let of = |finding: &&Finding| finding.product.as_ref() == Some(product);
        found.iter().filter(of).any(|finding| finding.state >= State::Look)
    };
    let has_no_error = found.iter().all(|finding| finding.state < State::Bad);
    let has_valid = licenses.iter().flat_map(|(_, judged)| judged.as_ref().ok()).any(is_valid);
    if !licenses.is_empty() && has_no_error && !has_valid {
        findings.push(nothing_left(&licenses));
    }
    let without_warning: Vec<Finding> = decreases
        .into_iter()
        .filter(|(product, _)| !has_warning(product))
        .map(|(product, at)| decrease(product, at))
        .collect();
    findings.extend(found.into_iter().chain(without_warning));
    licenses
}

/// No license is valid any more, and none is at fault. Who released the last one needs its receipt, or another license.
fn nothing_left(licenses: &[(PathBuf, Result<JudgedLicense>)]) -> Finding {
    let refusals = licenses.iter().filter_map(|(_, judged)| match &judged.as_ref().ok()?.judgement.verdict {
        Verdict::Refused(reasons) => Some(reasons),
        _ => None,
    });
    let released = refusals.flatten().find(|error| error.reason() == Reason::Released).cloned();
    let none = Error::new(Reason::NotActivated, "nothing is licensed here any more");
    released.into_iter().fold(Finding::of(Check::License, State::Bad, none), Finding::because)
}

/// The products of which less will be licensed soon, and the time. The end of a license that another one continues does not
/// count.
fn decreases_soon(licenses: &[(PathBuf, Result<JudgedLicense>)], now: Time) -> BTreeMap<String, Time> {
    let judged: Vec<&JudgedLicense> =
        licenses.iter().filter_map(|(_, judged)| judged.as_ref().ok()).collect();
    let all = host::outlook(&judged, now).into_iter();
    all.filter_map(|it| Some((it.product.clone(), it.soon(now, SOON_DAYS).first()?.at))).collect()
}

/// A file that was damaged and could be repaired.
fn repaired(path: &Path, repairs: &[Repair]) -> Option<Finding> {
    let name = path.file_name()?.to_string_lossy();
    let finding = Finding::note(Check::Damage, format!("{name}: damaged, and repaired while it is read"))
        .fixed("an installed file was damaged, and repaired while it was read");
    let detail = |it: Finding, repair: &Repair| it.detail(format!("{:<20} {repair}", repair.word()));
    (!repairs.is_empty()).then(|| repairs.iter().fold(finding, detail))
}

fn decrease(product: String, at: Time) -> Finding {
    let message = format!("{product}: less is licensed from {at} on");
    let finding = Finding::of(Check::License, State::Look, Error::new(Reason::EndsSoon, message));
    Finding { product: Some(product), ..finding }
}

/// Whether a license works.
fn is_valid(judged: &JudgedLicense) -> bool {
    !judged.judgement.verdict.is_refused()
}

/// A file that can't be read or verified. Without any trusted key, the cause is not the file.
fn of_error(path: &Path, error: &Error, trusted: &TrustedSet) -> Finding {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if error.reason() == Reason::UntrustedKey && trusted.is_empty() {
        let message = "its signature is valid, but no key is trusted here";
        return Finding::new(Check::License, State::Bad, message).named(&name);
    }
    let cannot_read = matches!(error.reason(), Reason::Denied | Reason::Io | Reason::Busy);
    let finding = Finding::of(Check::License, State::Bad, error.clone()).named(&name);
    Finding { unreadable: cannot_read && error.reason().exit_status() == ExitStatus::Unable, ..finding }
}

fn of_judged(judged: &JudgedLicense, is_licensed: bool, decreases_soon: bool, now: Time) -> Finding {
    let license = judged.license.get();
    let title = license.title();
    let finding = match &judged.judgement.verdict {
        Verdict::Valid => valid(license, decreases_soon, now),
        Verdict::Grace(error) | Verdict::Advisory(error) => {
            Finding::of(Check::License, State::Look, error.clone()).named(&title)
        }
        Verdict::Refused(reasons) => refused(reasons, is_licensed).named(&title),
    };
    let finding = finding.detail(format!("license    {}", judged.license.document_id()));
    Finding { product: Some(license.product.clone()), ..finding }
}

/// A valid license; `decreases_soon` tells whether less of its product will be licensed soon.
pub(super) fn valid(license: &License, decreases_soon: bool, now: Time) -> Finding {
    let title = license.title();
    let Some(end) = license.end() else {
        return Finding::ok(Check::License, format!("{title}: valid, permanent")).fixed("valid");
    };
    let days = now.days_until(end);
    let left = match days {
        _ if !rules::is_clock_set(now) => "days left unknown: the clock is before 2020".into(),
        0 => "less than a day left".into(),
        1 => "1 day left".into(),
        days => format!("{days} days left"),
    };
    if days < i64::from(SOON_DAYS) && decreases_soon {
        let message = format!("{title}: valid, but ends at {end}, {left}");
        return Finding::of(Check::License, State::Look, Error::new(Reason::EndsSoon, message));
    }
    Finding::ok(Check::License, format!("{title}: valid until {end}, {left}")).fixed("valid")
}

/// A refused license. It is no error if it was superseded or released, or another license of its product is valid.
pub(super) fn refused(reasons: &[Error], is_licensed: bool) -> Finding {
    let Some((first, others)) = reasons.split_first() else {
        return Finding::note(Check::License, "refused");
    };
    let is_over = matches!(first.reason(), Reason::Superseded | Reason::Released);
    let mut finding = if is_over || is_licensed {
        Finding::note(Check::License, first.message().to_owned())
    } else {
        Finding::of(Check::License, State::Bad, first.clone())
    };
    if first.reason() == Reason::Released {
        finding.details.extend(first.details().iter().cloned());
    }
    if !is_over {
        finding.details.extend(others.iter().map(|other| format!("also       {}", other.message())));
    }
    finding
}
