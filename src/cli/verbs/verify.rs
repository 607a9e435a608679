//! `verify`: whether a license holds, here and now, for what is asked.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, checked_file, fleet, host_home, host_log, input, trust};
use crate::cli::{args::RootArgs, args::feature};
use crate::view::{self, View as _};
use airlatch_core::host::{self, CombinedLicenses, JudgedLicense};
use airlatch_core::model::{Error, FeatureName, HostFacts, HostIdentity, Mac, Quantity, Reason, Time};
use airlatch_core::rules::Question;
use airlatch_machine::here::{Bytes, CheckedFile, Home, HostCheck, ThisHost};

/// Verify licenses: those named, or those installed
///
/// Exit 0 when one holds, 1 when none does, with every reason, 2 when it can't be told. Of several licenses the best one
/// answers, the others are reported; where none holds enough of a feature, those of one product add up. A license in its
/// days of grace holds, with a warning.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch verify                                          what is installed
  airlatch verify --feature sessions=100 --product call-services
  airlatch verify stick/host.license --trust keys/acme.pub
  airlatch verify --at 2027-12-31T00:00:00Z                would it hold then?
  [ \"$(airlatch verify --reason)\" = valid ]                in a shell script")]
pub(in crate::cli) struct Verify {
    /// License files instead of the installed ones; `-` is stdin; of a fleet file the lines for this MAC
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Believe licenses by this vendor's public key, beside those trusted on this host
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// Ask for a feature, as in sessions=100, or voicemail
    #[arg(long, value_name = "NAME[=N]", value_parser = feature)]
    feature: Vec<(FeatureName, Quantity)>,

    /// Ask for a license of this product
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,

    /// Ask what would be true at this time, a date or a time in UTC
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// Print only the reason words, one a line; `valid` when it holds
    #[arg(long, conflicts_with = "json")]
    reason: bool,

    /// Judge for the device with this MAC, not for this host
    #[arg(long, value_name = "MAC", value_parser = Mac::parse_with_check, conflicts_with = "root")]
    mac: Option<Mac>,

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Verify, session: &mut Session) -> Result<Outcome> {
    let outcome = ask(args, session);
    if let (true, Err(error)) = (args.reason, &outcome) {
        let error = error.downcast_ref::<Error>();
        session.screen.line(error.map_or(Reason::Internal, Error::reason).word());
    }
    outcome
}

fn ask(args: &Verify, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session);
    // Named files can be judged without a home, but not with one that is set wrong.
    if let Err(error) = &home
        && (error.reason() != Reason::NoHome || error.place().is_some())
    {
        return Err(error.clone().into());
    }
    let trusted = trust::set(session, home.as_ref().ok(), &args.trust)?;
    let mut host = this_host(args, home.as_ref().ok(), session)?;
    let now = args.at.as_deref().map_or(Ok(session.now), at)?;
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
        return none_installed(args, now, session);
    }
    let checked = host.check(files, &trusted, &question, &mut *session.entropy);
    installed.iter().for_each(|home| host_log::refused(home, &question, &checked));
    checked.answers.iter().for_each(|answer| checked_file::say_repairs(answer, session));
    checked.notes.iter().for_each(|note| checked_file::warn(note, session));
    let outcome = show(args, &checked, now, session);
    if let Some(path) = (!question.supposed).then(|| host.prepare_move_request(&checked, now)).flatten() {
        let path = path.display();
        session.screen.talk(&format!("note: the request to put it on this hardware is ready: {path}"));
    }
    Ok(outcome)
}

fn at(text: &str) -> Result<Time, Error> {
    let time = if text.contains('T') { text.parse() } else { Time::from_date(text) };
    time.map_err(|error: Error| error.at("--at"))
}

/// The named files; one that can't be read is an answer like any other.
fn named(args: &Verify, facts: &HostFacts, session: &mut Session) -> Result<Vec<Bytes>> {
    input::refuse_two_streams(args.files.iter().map(PathBuf::as_path))?;
    let mut files = Vec::new();
    for path in &args.files {
        files.extend(fleet::documents(session, path, facts));
    }
    Ok(files)
}

/// This host, or what is to be judged in its place: of that nothing is remembered.
fn this_host(args: &Verify, home: Option<&Home>, session: &mut Session) -> Result<ThisHost> {
    if let Some(mac) = args.mac {
        session.screen.talk(&format!("note: judged for the device {mac}, not for this host"));
        return Ok(ThisHost::device(mac));
    }
    let root = session.facts_root(args.root.root.as_deref())?;
    let Some(home) = home else {
        let instance = session.env.instance.clone();
        return Ok(ThisHost::without_home(&root, &HostIdentity::default().with_instance(instance)));
    };
    let mut host = ThisHost::read_unprobed(home, &root)?;
    if !args.files.is_empty() {
        // Of a fleet file the lines for its cards are looked for.
        host.probe();
    }
    host.updates_memory &= args.root.root.is_none();
    Ok(host)
}

fn none_installed(args: &Verify, now: Time, session: &mut Session) -> Result<Outcome> {
    let error = Error::new(Reason::NotActivated, "no license is installed: this host needs activation");
    if !session.screen.is_json() {
        return Err(error.into());
    }
    let reasons = vec![Report::new(error, "verify").reason()];
    session.screen.json("verify", result(args, "refused", now, reasons, Vec::new(), &[]));
    Ok(Outcome::No)
}

/// The answer as an object, the same whatever the answer is.
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

/// The best license answers; the others are reported.
fn show(args: &Verify, checked: &HostCheck, now: Time, session: &mut Session) -> Outcome {
    let answers = &checked.answers;
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    let best = host::best(&judged);
    let holds = checked.is_licensed();
    let is_best = |answer: &CheckedFile| match (answer.judged(), best) {
        (Some(judged), Some(best)) => std::ptr::eq(judged, best),
        _ => best.is_none(),
    };
    let against: Vec<&Error> =
        answers.iter().filter(|answer| is_best(answer)).flat_map(CheckedFile::errors).collect();
    if args.reason {
        reasons(&against, holds).iter().for_each(|word| session.screen.line(word));
        let decides = answers.iter().filter(|answer| is_best(answer));
        decides.for_each(|answer| checked_file::warn_of(answer, session));
    }
    let in_words = !args.reason && !session.screen.is_json();
    for answer in answers.iter().filter(|_| in_words) {
        // A file that can't be read may be the very one that is missed; another license is a note beside the best one.
        let aside = best.is_some() && !is_best(answer) && (holds || answer.judged().is_some());
        if aside {
            let word = answer.errors().first().map_or("holds too", |error| error.message()).to_owned();
            session.screen.talk(&format!("note: {}: {word}", input::name(&answer.path)));
        } else {
            checked_file::print(answer, now, session);
        }
    }
    let together = view::CombinedLicenses::all(&checked.together);
    for line in together.iter().flat_map(|all| all.lines(now)) {
        session.screen.talk(&format!("note: {line}"));
    }
    let told = checked.is_all_no();
    let decides = answers.iter().find(|answer| is_best(answer));
    let verdict = match (holds, told) {
        (true, _) => decides.map_or("valid", CheckedFile::word),
        (false, true) => "refused",
        (false, false) => "unable",
    };
    if session.screen.is_json() {
        let licenses = answers.iter().map(|answer| checked_file::shown(answer, is_best(answer))).collect();
        let reason = |error: &Error| Report::new(error.clone(), "verify").reason();
        let reasons = against.into_iter().map(reason).collect();
        session.screen.json("verify", result(args, verdict, now, reasons, licenses, &checked.together));
    }
    match (holds, told) {
        (true, _) => Outcome::Done,
        (false, true) => Outcome::No,
        (false, false) => Outcome::Unable,
    }
}

/// The reason words of the license that decides, or of all that could not be read.
fn reasons(against: &[&Error], holds: bool) -> Vec<&'static str> {
    if holds {
        return vec!["valid"];
    }
    let mut seen = std::collections::BTreeSet::new();
    against.iter().map(|error| error.reason().word()).filter(|word| seen.insert(*word)).collect()
}
