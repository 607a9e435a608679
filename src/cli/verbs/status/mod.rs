//! `status`: shows what is licensed on this host and until when; the checks for a monitor and a timer.

mod daily;
mod metrics;
mod outlook;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::args::whole_number;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, checked_file, host_home, input, trust};
use crate::view;
use airlatch_core::host::{self, Change, JudgedLicense, Outlook};
use airlatch_core::model::{DailyTime, Error, HostMemory, Reason, Verdict};
use airlatch_core::rules::Question;
use airlatch_machine::here::{self, CheckedFile, Home, HostCheck, ThisHost};

/// Show what is licensed on this host, and until when
///
/// Shows each product with its features over all licenses: how much, until when, and the next date to act; then the
/// licenses. Warns of licenses that end soon. With --check and --daily the exit code is 1 if something was lost, is in grace
/// or ends soon, or the clock is wrong.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch status
  airlatch status --check --warn-days 14   for a monitor: exit 0 or 1
  airlatch status --daily 02:00            for a timer: log the changes
  airlatch status --prometheus /var/lib/node_exporter/airlatch.prom
  airlatch status --json")]
pub(in crate::cli) struct Status {
    /// Exit 1 if something was lost, is in grace, ends soon, or the clock is wrong
    #[arg(long)]
    check: bool,

    /// Run the check once a day, first after HH:MM UTC [default: 02:00]: print and log a line for each feature gained, lost or
    /// in grace; exit as with --check
    #[arg(long, value_name = "HH:MM", num_args = 0..=1, default_missing_value = "02:00", value_parser = daily_time)]
    daily: Option<DailyTime>,

    /// Write the state as Prometheus metrics, for the text file collector of a node exporter; `-` is stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with = "json")]
    prometheus: Option<PathBuf>,

    /// Warn of licenses that end within N days; 0 turns these warnings off
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = whole_number::<36_500, u32>)]
    warn_days: u32,
}

fn daily_time(text: &str) -> Result<DailyTime, String> {
    text.parse().map_err(|error: Error| error.message().to_owned())
}

pub(in crate::cli) fn run(args: &Status, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session)?;
    let (host, checked) = judge(&home, session)?;
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    let (memory, now) = (&host.facts.memory, session.now);
    let outlooks = host::outlook(&judged, now);
    let products: Vec<_> = outlooks.iter().map(|outlook| view::Outlook::of(outlook, now)).collect();
    let licenses = show(args, &checked, &products, session);
    let warnings = warn(args, &checked, memory, &outlooks, session);
    let daily = args.daily.map(|at| daily::run(at, &home, &judged, memory, session));
    let is_well = checked.is_licensed()
        && warnings.is_empty()
        && checked.notes.iter().all(is_expected)
        && checked.answers.iter().all(|answer| answer.found.is_ok())
        && daily.as_ref().is_none_or(|daily| !daily.changes.iter().flatten().any(Change::is_loss));
    if let Some(path) = &args.prometheus {
        let warnings: Vec<Error> = warnings.iter().cloned().chain(unlicensed(&checked)).collect();
        let metrics = view::Metrics { outlooks: &outlooks, warnings: &warnings, is_well, now };
        metrics::write(path, &metrics, session)?;
    }
    session.screen.json(
        "status",
        json!({
            "activated": checked.is_licensed(),
            "well": is_well,
            "system_id": host.facts.system_id.map(|id| id.to_string()),
            "products": products,
            "warnings": warnings.into_iter().map(|it| Report::new(it, "status", &session.known).reason()).collect::<Vec<_>>(),
            "daily": daily.as_ref().map(|daily| view::Daily::of(daily, now)),
            "licenses": licenses,
            "together": view::CombinedLicenses::all(&host::combine_by_product(&judged, now)),
        }),
    );
    if !checked.is_licensed() {
        return report_no_license(&home, &checked, session);
    }
    let asked = args.check || args.daily.is_some();
    Ok(if asked && !is_well { Outcome::No } else { Outcome::Done })
}

/// Why a host is not well beside what it warns of: files that can't be read, notes of the check, and what is against the
/// licenses where none is valid.
fn unlicensed(checked: &HostCheck) -> Vec<Error> {
    let notes = checked.notes.iter().filter(|note| !is_expected(note)).cloned();
    let unread = checked.answers.iter().filter_map(|answer| answer.found.as_ref().err()).cloned();
    let mut all: Vec<Error> = notes.chain(unread).collect();
    if !checked.is_licensed()
        && all.is_empty()
        && let Verdict::Refused(reasons) = checked.verdict()
    {
        all.extend(reasons);
    }
    all
}

/// A product that runs as a user without write access to the home gets these notes on every run, so they are no finding.
fn is_expected(note: &Error) -> bool {
    matches!(note.reason(), Reason::Denied | Reason::ReadOnly)
}

/// Checks all installed licenses: valid ones first, superseded ones last.
fn judge(home: &Home, session: &mut Session) -> Result<(ThisHost, HostCheck)> {
    let trusted = trust::set(session, Some(home), &[])?;
    let mut host = ThisHost::read(home, &session.root)?;
    let question = Question::now(session.now);
    let licenses = home.licenses()?;
    if trusted.is_empty() && !licenses.is_empty() {
        return Err(trust::no_trusted_key().into());
    }
    let mut checked = host.check(licenses, &trusted, &question, &mut *session.entropy);
    checked.answers.sort_by_key(|answer| match answer.judged() {
        _ if answer.is_licensed() => 0,
        Some(judged) if host::is_superseded(judged) => 2,
        _ => 1,
    });
    // The check of the host may have noted the missing key already.
    let is_new = |error: &Error| checked.notes.iter().all(|note| note.reason() != error.reason());
    let error = home.key_error().filter(is_new);
    checked.notes.extend(error);
    checked.answers.iter().for_each(|answer| checked_file::say_repairs(answer, session));
    checked.notes.iter().for_each(|note| checked_file::warn(note, session));
    Ok((host, checked))
}

/// Shows the products, then the licenses; with --daily and --prometheus only errors, since these print lines of their own.
fn show<'a>(
    args: &Status,
    checked: &'a HostCheck,
    products: &[view::Outlook<'_>],
    session: &mut Session,
) -> Vec<view::Installed<'a>> {
    let installed = |answer| {
        view::Installed::of(
            answer,
            input::name(&answer.path),
            checked_file::reasons(answer, "status", &session.known),
        )
    };
    let licenses: Vec<_> = checked.answers.iter().map(installed).collect();
    if args.daily.is_none() && args.prometheus.is_none() {
        if licenses.is_empty() {
            session.screen.line("No license installed.");
        }
        session.screen.each(products, session.now);
        let (superseded, current): (Vec<_>, Vec<_>) = licenses.iter().partition(|it| it.is_superseded());
        session.screen.each(current, session.now);
        if let Some(line) = view::Installed::superseded_line(&superseded) {
            session.screen.line(&line);
        }
    }
    // Files that could not be read as a license.
    let in_words = !session.screen.is_json();
    let unread = checked.answers.iter().filter_map(|answer| answer.found.as_ref().err());
    for error in unread.filter(|_| in_words) {
        let lines = Report::new(error.clone(), "status", &session.known).lines();
        lines.iter().for_each(|line| session.screen.tell(line));
    }
    licenses
}

/// Warns of licenses in grace, advisory or ending soon; with --check and --daily also of lost ones and of the clock.
fn warn(
    args: &Status,
    checked: &HostCheck,
    memory: &HostMemory,
    outlooks: &[Outlook],
    session: &mut Session,
) -> Vec<Error> {
    let warning = |answer: &CheckedFile| {
        let error = answer.judged()?.judgement.verdict.warning()?;
        Some(error.clone().at(input::place(&answer.path)))
    };
    let mut warnings: Vec<Error> = checked.answers.iter().filter_map(warning).collect();
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    if args.check || args.daily.is_some() || args.prometheus.is_some() {
        warnings.extend(outlook::clock(&judged, memory, session.now));
        warnings.extend(outlooks.iter().flat_map(outlook::lost));
    }
    warnings.extend(outlooks.iter().flat_map(|it| outlook::soon(it, session.now, args.warn_days)));
    warnings.iter().for_each(|error| checked_file::warn(error, session));
    warnings
}

fn report_no_license(home: &Home, checked: &HostCheck, session: &mut Session) -> Result<Outcome> {
    if !checked.is_all_no() {
        return Ok(Outcome::Unable);
    }
    if session.screen.is_json() {
        return Ok(Outcome::No);
    }
    // The reason against the best license says what to do; without one the host was never activated.
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    if let Some(Verdict::Refused(reasons)) = host::best(&judged).map(|best| &best.judgement.verdict) {
        return Err(reasons[0].clone().into());
    }
    if checked.answers.is_empty() {
        return Err(here::none_installed(home, &session.root).into());
    }
    let what = "no license is valid on this host";
    Err(Error::new(Reason::NotActivated, what).at(home.path().display()).into())
}
