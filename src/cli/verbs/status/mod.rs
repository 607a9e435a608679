//! `status`: what is licensed on this host and until when, and the check that a monitor or a timer makes of it.

mod daily;
mod outlook;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, checked_file, host_home, input, trust};
use crate::view;
use airlatch_core::host::{self, Change, JudgedLicense, Outlook};
use airlatch_core::model::{DailyTime, Error, HostMemory, Reason, Verdict};
use airlatch_core::rules::Question;
use airlatch_machine::here::{CheckedFile, Home, HostCheck, ThisHost};

/// Show what is licensed on this host, and until when
///
/// First each product with its features over all licenses together: how much, until when, and the next date to act; then
/// the licenses. What ends soon is said as a warning. With --check, or as the check once a day, the exit code is 1 when
/// something was lost, is in its days of grace or ends soon, or the clock is wrong.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch status
  airlatch status --check --warn-days 14                   for a monitor: 0 all is well, 1 something is to be done
  airlatch status --daily 02:00                            for a timer: what changed since the last check
  airlatch status --json")]
pub(in crate::cli) struct Status {
    /// Exit 1 when something was lost, is in grace, ends soon, or the clock is wrong
    #[arg(long)]
    check: bool,

    /// Make the check that is due once a day, at this time, UTC, or at 02:00: print a line for each feature gained, lost or in grace,
    /// add it to the host's log, and exit as with --check
    #[arg(long, value_name = "HH:MM", num_args = 0..=1, default_missing_value = "02:00", value_parser = daily_time)]
    daily: Option<DailyTime>,

    /// Warn of what ends within N days; 0 warns of nothing
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(..=36_500))]
    warn_days: u32,
}

fn daily_time(text: &str) -> Result<DailyTime, String> {
    text.parse().map_err(|error: Error| error.message().to_owned())
}

pub(in crate::cli) fn run(args: &Status, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session)?;
    let (host, checked) = judge(&home, session)?;
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    let (memory, now) = (&host.facts.memory, session.now);
    let outlooks = host::outlook(&judged, memory, now);
    let products: Vec<_> = outlooks.iter().map(|outlook| view::Outlook::of(outlook, now)).collect();
    let licenses = show(args, &checked, &products, session);
    let warnings = warn(args, &checked, memory, &outlooks, session);
    let daily = args.daily.map(|at| daily::run(at, &home, &judged, memory, session));
    let is_well = checked.is_licensed()
        && warnings.is_empty()
        && checked.notes.iter().all(is_usual)
        && checked.answers.iter().all(|answer| answer.found.is_ok())
        && daily.as_ref().is_none_or(|daily| !daily.changes.iter().flatten().any(Change::is_loss));
    session.screen.json(
        "status",
        json!({
            "activated": checked.is_licensed(),
            "well": is_well,
            "system_id": host.facts.system_id.map(|id| id.to_string()),
            "products": products,
            "warnings": warnings.into_iter().map(|it| Report::new(it, "status").reason()).collect::<Vec<_>>(),
            "daily": daily.as_ref().map(|daily| view::Daily::of(daily, now)),
            "licenses": licenses,
            "together": view::CombinedLicenses::all(&host::combine_by_product(&judged, now)),
        }),
    );
    if !checked.is_licensed() {
        return nothing_holds(&home, &checked, session);
    }
    let asked = args.check || args.daily.is_some();
    Ok(if asked && !is_well { Outcome::No } else { Outcome::Done })
}

/// Where the product runs as a user who may not write the home, it is no news that nothing could be kept there.
fn is_usual(note: &Error) -> bool {
    matches!(note.reason(), Reason::Denied | Reason::ReadOnly)
}

/// All that is installed, judged beside each other: what holds first, what was superseded last.
fn judge(home: &Home, session: &mut Session) -> Result<(ThisHost, HostCheck)> {
    let trusted = trust::set(session, Some(home), &[])?;
    let mut host = ThisHost::read(home, &session.root)?;
    let question = Question::now(session.now);
    let licenses = home.licenses()?;
    if trusted.is_empty() && !licenses.is_empty() {
        return Err(trust::nobody().into());
    }
    let mut checked = host.check(licenses, &trusted, &question, &mut *session.entropy);
    checked.answers.sort_by_key(|answer| match answer.judged() {
        _ if answer.is_licensed() => 0,
        Some(judged) if host::is_superseded(judged) => 2,
        _ => 1,
    });
    // That the key is gone may have been noticed by the look at the host.
    let is_new = |error: &Error| checked.notes.iter().all(|note| note.reason() != error.reason());
    let error = home.key_error().filter(is_new);
    checked.notes.extend(error);
    checked.notes.iter().for_each(|note| checked_file::warn(note, session));
    Ok((host, checked))
}

/// The products, then the licenses; the daily check has lines of its own, and shows here only what is wrong.
fn show<'a>(
    args: &Status,
    checked: &'a HostCheck,
    products: &[view::Outlook<'_>],
    session: &mut Session,
) -> Vec<view::Installed<'a>> {
    let installed = |answer| {
        view::Installed::of(answer, input::name(&answer.path), checked_file::reasons(answer, "status"))
    };
    let licenses: Vec<_> = checked.answers.iter().map(installed).collect();
    if args.daily.is_none() {
        if licenses.is_empty() {
            session.screen.line("No license installed.");
        }
        session.screen.each(products, session.now);
        session.screen.each(&licenses, session.now);
    }
    // Why no license could be read from a file.
    let in_words = !session.screen.is_json();
    let unread = checked.answers.iter().filter_map(|answer| answer.found.as_ref().err());
    for error in unread.filter(|_| in_words) {
        let lines = Report::new(error.clone(), "status").lines();
        lines.iter().for_each(|line| session.screen.tell(line));
    }
    licenses
}

/// What is in grace and what ends soon; for a monitor also what was lost, and what is wrong with the clock.
fn warn(
    args: &Status,
    checked: &HostCheck,
    memory: &HostMemory,
    outlooks: &[Outlook],
    session: &mut Session,
) -> Vec<Error> {
    let grace = |answer: &CheckedFile| match &answer.judged()?.judgement.verdict {
        Verdict::Grace(error) => Some(error.clone().at(input::name(&answer.path))),
        _ => None,
    };
    let mut warnings: Vec<Error> = checked.answers.iter().filter_map(grace).collect();
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    if args.check || args.daily.is_some() {
        warnings.extend(outlook::clock(&judged, memory, session.now));
        warnings.extend(outlooks.iter().flat_map(outlook::lost));
    }
    warnings.extend(outlooks.iter().flat_map(|it| outlook::soon(it, session.now, args.warn_days)));
    warnings.iter().for_each(|error| checked_file::warn(error, session));
    warnings
}

fn nothing_holds(home: &Home, checked: &HostCheck, session: &mut Session) -> Result<Outcome> {
    if !checked.is_all_no() {
        return Ok(Outcome::Unable);
    }
    if session.screen.is_json() {
        return Ok(Outcome::No);
    }
    // What stands against the license that counts says what to do; without one the host was never activated.
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    if let Some(Verdict::Refused(reasons)) = host::best(&judged).map(|best| &best.judgement.verdict) {
        return Err(reasons[0].clone().into());
    }
    let what = "no license holds here: this host needs activation";
    Err(Error::new(Reason::NotActivated, what).at(home.path().display()).into())
}
