//! The installed licenses: each with its verdict in one line, judged beside the others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::here::Bytes;
use airlatch_core::crypto::TrustedSet;
use airlatch_core::host::{self, JudgedLicense, OpenedLicense};
use airlatch_core::model::{Cause, Error, ExitStatus, HostFacts, License, Reason, Result, Time, Verdict};
use airlatch_core::rules::{Question, remember};

use super::{Check, Finding, Home, State};

/// From so many days before its end on, a license is said to end soon.
const SOON: u32 = 30;

/// The files of the home; none where they could not be looked at.
pub(super) fn open(home: Option<&Home>, findings: &mut Vec<Finding>) -> Option<Vec<Bytes>> {
    match home.map(Home::licenses) {
        None => findings.iter().all(|finding| !finding.unseen).then(Vec::new),
        Some(Ok(files)) => Some(files),
        Some(Err(error)) => {
            findings.push(Finding::unseen(Check::License, error));
            None
        }
    }
}

/// Judges the licenses; what all of them say of the time is known to the host from then on.
pub(super) fn look(
    files: Option<Vec<Bytes>>,
    trusted: &TrustedSet,
    facts: &mut HostFacts,
    now: Time,
    findings: &mut Vec<Finding>,
) -> Vec<(PathBuf, Result<JudgedLicense>)> {
    let Some(files) = files else { return Vec::new() };
    if files.is_empty() {
        let what = "no license is installed: this host needs activation";
        findings.push(Finding::of(Check::License, State::Bad, Error::new(Reason::NotActivated, what)));
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
    let holding = |product: &str| {
        let judged = licenses.iter().filter_map(|(_, judged)| judged.as_ref().ok());
        judged.filter(|judged| judged.license.get().product == product).any(holds)
    };
    let falls = falling(&licenses, facts, now);
    let found = licenses.iter().map(|(path, judged)| match judged {
        Ok(judged) => {
            let product = &judged.license.get().product;
            of_judged(judged, holding(product), falls.contains_key(product), now)
        }
        Err(error) => of_error(path, &error.clone().because(Cause::InstalledLicense), trusted),
    });
    let found: Vec<Finding> = found.collect();
    let told = |product: &String| {
        let of = |finding: &&Finding| finding.product.as_ref() == Some(product);
        found.iter().filter(of).any(|finding| finding.state >= State::Look)
    };
    let is_silent = found.iter().all(|finding| finding.state < State::Bad);
    if !licenses.is_empty() && is_silent && !licenses.iter().flat_map(|(_, it)| it.as_ref().ok()).any(holds) {
        let what = "nothing is licensed here any more";
        findings.push(Finding::of(Check::License, State::Bad, Error::new(Reason::NotActivated, what)));
    }
    let untold: Vec<Finding> = falls
        .into_iter()
        .filter(|(product, _)| !told(product))
        .map(|(product, at)| falls_at(product, at))
        .collect();
    findings.extend(found.into_iter().chain(untold));
    licenses
}

/// The products of which less is licensed soon, and from when on: one license may end where another goes on.
fn falling(
    licenses: &[(PathBuf, Result<JudgedLicense>)],
    facts: &HostFacts,
    now: Time,
) -> BTreeMap<String, Time> {
    let judged: Vec<&JudgedLicense> =
        licenses.iter().filter_map(|(_, judged)| judged.as_ref().ok()).collect();
    let all = host::outlook(&judged, &facts.memory, now).into_iter();
    all.filter_map(|it| Some((it.product.clone(), it.soon(now, SOON).first()?.at))).collect()
}

fn falls_at(product: String, at: Time) -> Finding {
    let what = format!("{product}: less is licensed from {at} on");
    let finding = Finding::of(Check::License, State::Look, Error::new(Reason::EndsSoon, what));
    Finding { product: Some(product), ..finding }
}

fn holds(judged: &JudgedLicense) -> bool {
    !matches!(judged.judgement.verdict, Verdict::Refused(_))
}

/// A file that can't be believed: without any trusted key that is no fault of its own.
fn of_error(path: &Path, error: &Error, trusted: &TrustedSet) -> Finding {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if error.reason() == Reason::UntrustedKey && trusted.is_empty() {
        let what = "whole, but no key is trusted here that could vouch for it";
        return Finding::new(Check::License, State::Bad, what).named(&name);
    }
    let cannot_read = matches!(error.reason(), Reason::Denied | Reason::Io | Reason::Busy);
    let finding = Finding::of(Check::License, State::Bad, error.clone()).named(&name);
    Finding { unseen: cannot_read && error.reason().exit_status() == ExitStatus::Unable, ..finding }
}

fn of_judged(judged: &JudgedLicense, product_holds: bool, falls: bool, now: Time) -> Finding {
    let license = judged.license.get();
    let title = license.title();
    let finding = match &judged.judgement.verdict {
        Verdict::Valid => valid(license, falls, now),
        Verdict::Grace(error) => Finding::of(Check::License, State::Look, error.clone()).named(&title),
        Verdict::Refused(reasons) => refused(reasons, product_holds).named(&title),
    };
    let finding = finding.detail(format!("license    {}", judged.license.document_id()));
    Finding { product: Some(license.product.clone()), ..finding }
}

/// A license that holds; its end is of interest where its product `falls` with it.
pub(super) fn valid(license: &License, falls: bool, now: Time) -> Finding {
    let title = license.title();
    let Some(end) = license.end() else {
        return Finding::ok(Check::License, format!("{title}: holds, for ever")).saying("holds");
    };
    let days = now.days_until(end);
    let left = match days {
        0 => "less than a day left".into(),
        1 => "1 day left".into(),
        days => format!("{days} days left"),
    };
    if days < i64::from(SOON) && falls {
        let what = format!("{title}: holds, and ends at {end}, {left}");
        return Finding::of(Check::License, State::Look, Error::new(Reason::EndsSoon, what));
    }
    Finding::ok(Check::License, format!("{title}: holds until {end}, {left}")).saying("holds")
}

/// A license that was replaced, given back, or stands beside one that holds, hinders nothing.
pub(super) fn refused(reasons: &[Error], product_holds: bool) -> Finding {
    let Some((first, others)) = reasons.split_first() else {
        return Finding::note(Check::License, "refused");
    };
    let is_over = matches!(first.reason(), Reason::Superseded | Reason::Released);
    let mut finding = if is_over || product_holds {
        Finding::note(Check::License, first.message().to_owned())
    } else {
        Finding::of(Check::License, State::Bad, first.clone())
    };
    if !is_over {
        finding.details.extend(others.iter().map(|other| format!("also       {}", other.message())));
    }
    finding
}
