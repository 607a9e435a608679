//! `status`: what is licensed on this host, and until when.

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, answer, describe, host_home, input, trust};
use crate::here::{Answer, ThisHost};
use crate::host::{self, Judged};
use crate::model::{License, Reason, Time, Trouble, Verdict};
use crate::rules::Question;

/// Show what is licensed on this host, and until when
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch status
  airlatch status --json")]
pub(in crate::cli) struct Status {}

pub(in crate::cli) fn run(_args: &Status, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session)?;
    let trusted = trust::set(session, Some(&home), &[])?;
    let mut host = ThisHost::read(&home, &session.root)?;
    let question = Question { now: session.now, supposed: false, product: None, features: Vec::new() };
    let licenses = home.licenses()?;
    if trusted.is_empty() && !licenses.is_empty() {
        return Err(trust::nobody().into());
    }
    let mut checked = host.check(licenses, &trusted, &question, &mut *session.entropy);
    checked.notes.iter().for_each(|note| answer::warn(note, session));
    checked.answers.sort_by_key(|answer| match answer.judged() {
        _ if answer.holds() => 0,
        Some(judged) if host::is_superseded(judged) => 2,
        _ => 1,
    });
    let shown: Vec<Value> = checked.answers.iter().map(|answer| entry(answer, session)).collect();
    if shown.is_empty() {
        session.screen.line("No license installed.");
    }
    let together = host::together(&checked.judged().collect::<Vec<_>>(), session.now);
    for all in together.iter().filter(|all| all.licenses > 1) {
        session.screen.line(&describe::together(all));
    }
    session.screen.json(
        "status",
        json!({
            "activated": checked.holds(),
            "system_id": host.facts.system_id.map(|id| id.to_string()),
            "licenses": shown,
            "together": describe::together_json(&together),
        }),
    );
    if checked.holds() {
        return Ok(Outcome::Done);
    }
    if !checked.is_told() {
        return Ok(Outcome::Unable);
    }
    if session.screen.is_json() {
        return Ok(Outcome::No);
    }
    let what = "no license holds here: this host needs activation";
    Err(Trouble::new(Reason::NotActivated, what).at(home.path().display()).into())
}

fn entry(answer: &Answer, session: &mut Session) -> Value {
    let mut entry = match &answer.found {
        Ok(judged) => {
            let entry = show(judged, session);
            answer::warn_of(answer, session);
            entry
        }
        Err(trouble) => unreadable(trouble, answer.is_no(), session),
    };
    entry["file"] = json!(input::name(&answer.path));
    entry
}

fn unreadable(trouble: &Trouble, is_no: bool, session: &mut Session) -> Value {
    let report = Report::new(trouble.clone(), "status");
    if !session.screen.is_json() {
        report.lines().iter().for_each(|line| session.screen.talk(line));
    }
    json!({ "verdict": if is_no { "refused" } else { "unable" }, "reasons": [report.json()] })
}

fn show(judged: &Judged, session: &mut Session) -> Value {
    let license = judged.license.get();
    let id = judged.license.document_id();
    let (headline, verdict, reasons) = match &judged.judgement.verdict {
        Verdict::Valid => (format!("activated, {}", ends(license, session.now)), "valid", Vec::new()),
        Verdict::Grace(trouble) => (format!("in grace: {}", trouble.what()), "grace", vec![trouble.clone()]),
        Verdict::Refused(reasons) => {
            (format!("not licensed: {}", reasons[0].what()), "refused", reasons.clone())
        }
    };
    session.screen.line(&format!("{}: {headline}", license.title()));
    session.screen.line(&format!("  license    {id}"));
    if !host::is_superseded(judged) {
        particulars(judged, verdict, session);
    }
    let reasons: Vec<Value> =
        reasons.into_iter().map(|trouble| Report::new(trouble, "status").json()).collect();
    json!({ "id": id.to_string(), "verdict": verdict, "reasons": reasons, "license": describe::license_json(license) })
}

fn particulars(judged: &Judged, verdict: &str, session: &mut Session) {
    let license = judged.license.get();
    let lines = describe::license(license, session.now).into_iter().skip(1);
    // Feature by feature below; only a timetable stays whole.
    let stays = |line: &String| !license.after.is_empty() || !line.starts_with("  features");
    lines.filter(stays).for_each(|line| session.screen.line(&line));
    let (word, features) = match verdict {
        "refused" => ("not licensed", &license.features),
        _ => ("licensed", &judged.judgement.features),
    };
    for (name, quantity) in features.iter() {
        session.screen.line(&format!("  feature    {}: {word}", quantity.of(name)));
    }
}

/// When it ends, and when something changes before that.
fn ends(license: &License, now: Time) -> String {
    let end = license.end().map_or_else(|| "never expires".into(), |end| format!("expires on {end}"));
    let next = license.spans().filter_map(|(term, _)| term.until).find(|until| *until > now);
    match next.filter(|next| license.end() != Some(*next)) {
        Some(next) => format!("{end}, changes on {next}"),
        None => end,
    }
}
