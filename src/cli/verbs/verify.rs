//! `verify`: verifies license files or the installed licenses.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, beside, checked_file, fleet, host_home, host_log, input, trust};
use crate::cli::{args::RootArgs, args::feature};
use crate::view::{self, View as _};
use airlatch_core::host::{self, CombinedLicenses, JudgedLicense};
use airlatch_core::model::{Cause, Error, FeatureName, HostFacts, HostIdentity, Mac, Quantity, Reason, Time};
use airlatch_core::rules::Question;
use airlatch_machine::here::{self, Bytes, CheckedFile, Home, HostCheck, ThisHost};

/// Verify license files, or the installed licenses
///
/// Exits 0 if a license is valid, 1 if none is, with all reasons, 2 if it could not tell. Of several licenses, the best one
/// decides and the others are noted. If no license allows enough of a feature, the licenses of one product add up. A license
/// in grace, or advisory beyond its limits, is valid, with a warning.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch verify                               the installed licenses
  airlatch verify --feature sessions=100 --product call-services
  airlatch verify stick/host.license --trust keys/acme.pub
  airlatch verify --at 2027-12-31T00:00:00Z     would it be valid then?
  [ \"$(airlatch verify --reason)\" = valid ]   in a shell script")]
pub(in crate::cli) struct Verify {
    /// License files instead of the installed licenses; `-` is stdin; fleet files work too
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Trust this vendor's public key too, for this run
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// Require a feature, as in sessions=100, or voicemail
    #[arg(long, value_name = "NAME[=N]", value_parser = feature)]
    feature: Vec<(FeatureName, Quantity)>,

    /// Require a license of this product
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,

    /// Verify as of this date or time (UTC); records nothing
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// Print only the reason words, one per line; `valid` for a valid license
    #[arg(long, conflicts_with = "json")]
    reason: bool,

    /// Verify for the device with this MAC instead of this host
    #[arg(long, value_name = "MAC", value_parser = Mac::parse_with_check, conflicts_with = "root")]
    mac: Option<Mac>,

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Verify, session: &mut Session) -> Result<Outcome> {
    let outcome = verify(args, session);
    if let (true, Err(error)) = (args.reason, &outcome) {
        let error = error.downcast_ref::<Error>();
        session.screen.line(error.map_or(Reason::Internal, Error::reason).word());
    }
    outcome
}

fn verify(args: &Verify, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session);
    // Named files can be verified without a home, but a misconfigured home is an error.
    if let Err(error) = &home
        && (error.reason() != Reason::NoHome || error.cause() == Some(Cause::NamedHome))
    {
        return Err(error.clone().into());
    }
    let trusted = trust::set(session, home.as_ref().ok(), &args.trust)?;
    let mut host = this_host(args, home.as_ref().ok(), session)?;
    let now = args.at.as_deref().map_or(Ok(session.now), parse_time)?;
    let question = Question {
        now,
        supposed: args.at.is_some(),
        product: args.product.clone(),
        features: args.feature.clone(),
    };
    let installed = home
        .as_ref()
        .ok()
        .filter(|_| args.files.is_empty() && host.updates_memory && !question.supposed)
        .cloned();
    let files = match (args.files.is_empty(), home) {
        (true, home) => home?.licenses()?,
        (false, _) => named(args, &host.facts, session)?,
    };
    if files.is_empty() {
        return none_installed(args, &host_home::locate(session)?, now, session);
    }
    let mut checked = host.check(files, &trusted, &question, &mut *session.entropy);
    if (1..=beside::MAX_TYPED).contains(&args.files.len()) && !question.supposed {
        checked
            .answers
            .iter_mut()
            .for_each(|answer| beside::name_fitting_in(answer, &host, &trusted, session));
    }
    installed.iter().for_each(|home| host_log::refused(home, &question, &checked));
    checked.answers.iter().for_each(|answer| checked_file::say_repairs(answer, session));
    checked.notes.iter().for_each(|note| checked_file::warn(note, session));
    let outcome = show(args, &checked, now, session);
    if !question.supposed {
        checked_file::say_move_request(&host, &checked, session);
    }
    Ok(outcome)
}

fn parse_time(text: &str) -> Result<Time, Error> {
    let time = if text.contains('T') { text.parse() } else { Time::from_date(text) };
    time.map_err(|error: Error| error.at("--at"))
}

/// Reads the named files; an unreadable one is a result like the others.
fn named(args: &Verify, facts: &HostFacts, session: &mut Session) -> Result<Vec<Bytes>> {
    input::refuse_two_streams(args.files.iter().map(PathBuf::as_path))?;
    let mut files = Vec::new();
    for path in &args.files {
        files.extend(fleet::documents(session, path, facts));
    }
    Ok(files)
}

/// The host to verify for: this one, a device, or a captured host; only for this one the clock mark is updated.
fn this_host(args: &Verify, home: Option<&Home>, session: &mut Session) -> Result<ThisHost> {
    if let Some(mac) = args.mac {
        session.screen.talk(&format!("note: verified for the device {mac}, not for this host"));
        return Ok(ThisHost::device(mac));
    }
    let root = session.facts_root(args.root.root.as_deref())?;
    let Some(home) = home else {
        let instance = session.env.instance.clone();
        return Ok(ThisHost::without_home(&root, &HostIdentity::default().with_instance(instance)));
    };
    let mut host = ThisHost::read_unprobed(home, &root)?;
    if !args.files.is_empty() {
        // A fleet file needs the MAC addresses of the network cards.
        host.probe();
    }
    host.updates_memory &= args.root.root.is_none();
    Ok(host)
}

fn none_installed(args: &Verify, home: &Home, now: Time, session: &mut Session) -> Result<Outcome> {
    let error = here::none_installed(home, &session.root);
    if !session.screen.is_json() {
        return Err(error.into());
    }
    let reasons = vec![Report::new(error, "verify", &session.known).reason()];
    session.screen.json("verify", result(args, "refused", now, reasons, Vec::new(), &[]));
    Ok(Outcome::No)
}

/// The JSON object, with the same fields for every verdict.
fn result(
    args: &Verify,
    verdict: &str,
    now: Time,
    reasons: Vec<view::Reason>,
    licenses: Vec<view::CheckedFile<'_>>,
    together: &[CombinedLicenses],
) -> Value {
    json!({
        "verdict": verdict,
        "reasons": reasons,
        "at": now.to_string(),
        "root": args.root.root.as_ref().map(|root| root.display().to_string()),
        "mac": args.mac.map(|mac| mac.bare()),
        "licenses": licenses,
        "together": view::CombinedLicenses::all(together),
    })
}

/// Prints the verdict of the best license, and notes about the others.
fn show(args: &Verify, checked: &HostCheck, now: Time, session: &mut Session) -> Outcome {
    let answers = &checked.answers;
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    let best = host::best(&judged);
    let holds = checked.is_licensed();
    let is_best = |answer: &CheckedFile| match (answer.judged(), best) {
        (Some(judged), Some(best)) => std::ptr::eq(judged, best),
        _ => best.is_none(),
    };
    let reasons_against: Vec<&Error> =
        answers.iter().filter(|answer| is_best(answer)).flat_map(CheckedFile::errors).collect();
    if args.reason {
        reasons(&reasons_against, holds).iter().for_each(|word| session.screen.line(word));
        let decides = answers.iter().filter(|answer| is_best(answer));
        decides.for_each(|answer| checked_file::warn_of(answer, session));
    }
    let in_words = !args.reason && !session.screen.is_json();
    // An unreadable file may be the license that is missing; another valid license is only a note.
    let only_noted =
        |answer: &&CheckedFile| best.is_some() && !is_best(answer) && (holds || answer.judged().is_some());
    let (noted, printed): (Vec<_>, Vec<_>) = answers.iter().filter(|_| in_words).partition(only_noted);
    printed.iter().for_each(|answer| checked_file::print(answer, now, session));
    // A later license is valid: that these are superseded needs nobody's attention; `status` lists them.
    let is_settled = |answer: &CheckedFile| {
        holds && args.files.is_empty() && answer.judged().is_some_and(host::is_superseded)
    };
    // What several licenses lack together is said once.
    let is_said =
        |answer: &CheckedFile| answer.errors().first().is_some_and(|it| reasons_against.first() == Some(&it));
    for answer in noted.into_iter().filter(|answer| !is_settled(answer) && !is_said(answer)) {
        let word = answer.errors().first().map_or("valid too", |error| error.message()).to_owned();
        session.screen.talk(&format!("note: {}: {word}", input::name(&answer.path)));
    }
    let together = view::CombinedLicenses::all(&checked.together);
    for line in together.iter().flat_map(|all| all.lines(now)) {
        session.screen.talk(&format!("note: {line}"));
    }
    let has_verdict = checked.is_all_no();
    let decides = answers.iter().find(|answer| is_best(answer));
    let verdict = match (holds, has_verdict) {
        (true, _) => decides.map_or("valid", CheckedFile::word),
        (false, true) => "refused",
        (false, false) => "unable",
    };
    if session.screen.is_json() {
        let licenses = answers
            .iter()
            .map(|answer| checked_file::shown(answer, is_best(answer), &session.known))
            .collect();
        let reason = |error: &Error| Report::new(error.clone(), "verify", &session.known).reason();
        let reasons = reasons_against.into_iter().map(reason).collect();
        session.screen.json("verify", result(args, verdict, now, reasons, licenses, &checked.together));
    }
    match (holds, has_verdict) {
        (true, _) => Outcome::Done,
        (false, true) => Outcome::No,
        (false, false) => Outcome::Unable,
    }
}

/// The reason words of the license that decides, or of all unreadable files.
fn reasons(against: &[&Error], holds: bool) -> Vec<&'static str> {
    if holds {
        return vec!["valid"];
    }
    let mut seen = std::collections::BTreeSet::new();
    against.iter().map(|error| error.reason().word()).filter(|word| seen.insert(*word)).collect()
}
