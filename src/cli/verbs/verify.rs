//! `verify`: whether a license holds, here and now, for what is asked.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::answer::Answer;
use crate::cli::args::{RootArgs, feature};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, describe, fleet, host_home, input, trust};
use crate::here::{Bytes, Home};
use crate::host::{self, Judged, Together};
use crate::model::{
    ComponentKind, Components, FeatureName, HostClass, HostFacts, Identity, Mac, Quantity, Reason, Time,
    Trouble,
};
use crate::rules::Question;

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
    #[arg(long, value_name = "MAC", value_parser = Mac::with_check, conflicts_with = "root")]
    mac: Option<Mac>,

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Verify, session: &mut Session) -> Result<Outcome> {
    let outcome = answer(args, session);
    if let (true, Err(error)) = (args.reason, &outcome) {
        let trouble = error.downcast_ref::<Trouble>();
        session.screen.line(trouble.map_or(Reason::Internal, Trouble::reason).word());
    }
    outcome
}

fn answer(args: &Verify, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session);
    let trusted = trust::set(session, home.as_ref().ok(), &args.trust)?;
    let facts = facts(args, home.as_ref().ok(), session)?;
    let now = args.at.as_deref().map_or(Ok(session.now), at)?;
    let question = Question {
        now,
        supposed: args.at.is_some(),
        product: args.product.clone(),
        features: args.feature.clone(),
    };
    let files = match (args.files.is_empty(), home) {
        (true, home) => home?.licenses()?,
        (false, _) => named(args, &facts, session)?,
    };
    if files.is_empty() {
        return none_installed(args, now, session);
    }
    let mut answers = Vec::new();
    for (path, bytes) in files {
        let known =
            |bytes| if trusted.is_empty() { Err(trust::nobody().at(input::name(&path))) } else { Ok(bytes) };
        let answer = Answer::of((&path, bytes.and_then(known)), &trusted, &facts, &question);
        if let Some(judged) = answer.judged() {
            input::say_repairs(session, &path, &judged.repairs);
        }
        answers.push((path, answer));
    }
    let mut judged: Vec<&mut Judged> =
        answers.iter_mut().filter_map(|(_, answer)| answer.judged_mut()).collect();
    host::supersede(&mut judged);
    let together = host::add_up(&mut judged, &question);
    Ok(show(args, &answers, &together, now, session))
}

fn at(text: &str) -> Result<Time, Trouble> {
    let time = if text.contains('T') { text.parse() } else { Time::from_date(text) };
    time.map_err(|trouble: Trouble| trouble.at("--at"))
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

fn facts(args: &Verify, home: Option<&Home>, session: &mut Session) -> Result<HostFacts> {
    let root = session.facts_root(args.root.root.as_deref())?;
    let mut facts = match home {
        Some(home) => home.facts(&root)?,
        None => {
            let instance = session.env.instance.clone();
            Home::facts_without(&root, &Identity { instance, ..Identity::default() })
        }
    };
    if let Some(mac) = args.mac {
        session.screen.talk(&format!("note: judged for the device {mac}, not for this host"));
        // A device is what it is, whatever machine the question is asked on.
        facts.class = HostClass::BareMetal;
        facts.absent.clear();
        facts.components = Components::default();
        facts.components.add(ComponentKind::Nic, mac.bare());
    }
    Ok(facts)
}

fn none_installed(args: &Verify, now: Time, session: &mut Session) -> Result<Outcome> {
    let trouble = Trouble::new(Reason::NotActivated, "no license is installed: this host needs activation");
    if !session.screen.is_json() {
        return Err(trouble.into());
    }
    let reasons = vec![Report::new(trouble, "verify").json()];
    session.screen.json("verify", result(args, "refused", now, reasons, Vec::new(), &[]));
    Ok(Outcome::No)
}

/// The answer as an object, the same whatever the answer is.
fn result(
    args: &Verify,
    verdict: &str,
    now: Time,
    reasons: Vec<Value>,
    licenses: Vec<Value>,
    together: &[Together],
) -> Value {
    json!({
        "verdict": verdict,
        "reasons": reasons,
        "at": now.to_string(),
        "root": args.root.root.as_ref().map(|root| root.display().to_string()),
        "mac": args.mac.map(|mac| mac.bare()),
        "licenses": licenses,
        "together": describe::together_json(together),
    })
}

/// The best license answers; the others are reported.
fn show(
    args: &Verify,
    answers: &[(PathBuf, Answer)],
    together: &[Together],
    now: Time,
    session: &mut Session,
) -> Outcome {
    let judged: Vec<&Judged> = answers.iter().filter_map(|(_, answer)| answer.judged()).collect();
    let best = host::best(&judged);
    let holds = answers.iter().any(|(_, answer)| answer.holds());
    let is_best = |answer: &Answer| match (answer.judged(), best) {
        (Some(judged), Some(best)) => std::ptr::eq(judged, best),
        _ => best.is_none(),
    };
    let against: Vec<&Trouble> = answers
        .iter()
        .filter(|(_, answer)| is_best(answer))
        .flat_map(|(_, answer)| answer.troubles())
        .collect();
    if args.reason {
        reasons(&against, holds).iter().for_each(|word| session.screen.line(word));
        let decides = answers.iter().filter(|(_, answer)| is_best(answer));
        decides.for_each(|(path, answer)| answer.warn(path, session));
    }
    let in_words = !args.reason && !session.screen.is_json();
    for (path, answer) in answers.iter().filter(|_| in_words) {
        if holds && !is_best(answer) {
            let word = answer.troubles().first().map_or("holds too", |trouble| trouble.what()).to_owned();
            session.screen.talk(&format!("note: {}: {word}", input::name(path)));
        } else {
            answer.print(path, now, session);
        }
    }
    for all in together {
        session.screen.talk(&format!("note: {}", describe::together(all)));
    }
    let licenses: Vec<Value> =
        answers.iter().map(|(path, answer)| answer.json(path, is_best(answer))).collect();
    let told = answers.iter().all(|(_, answer)| answer.is_no());
    let decides = answers.iter().find(|(_, answer)| is_best(answer));
    let verdict = match (holds, told) {
        (true, _) => decides.map_or("valid", |(_, answer)| answer.word()),
        (false, true) => "refused",
        (false, false) => "unable",
    };
    let reasons = against.into_iter().map(|trouble| Report::new(trouble.clone(), "verify").json()).collect();
    session.screen.json("verify", result(args, verdict, now, reasons, licenses, together));
    match (holds, told) {
        (true, _) => Outcome::Done,
        (false, true) => Outcome::No,
        (false, false) => Outcome::Unable,
    }
}

/// The reason words of the license that decides, or of all that could not be read.
fn reasons(against: &[&Trouble], holds: bool) -> Vec<&'static str> {
    if holds {
        return vec!["valid"];
    }
    let mut seen = std::collections::BTreeSet::new();
    against.iter().map(|trouble| trouble.reason().word()).filter(|word| seen.insert(*word)).collect()
}
