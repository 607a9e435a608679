//! What was found about one file, in words and for programs.

use serde_json::{Value, json};

use airlatch_core::model::{Time, Trouble};
use airlatch_machine::here::Answer;

use super::report::Report;
use super::session::Session;
use super::{describe, input};

/// An answer for programs; `decides` says whether it is the one to go by.
pub(super) fn json(answer: &Answer, decides: bool) -> Value {
    let reasons: Vec<Value> =
        answer.troubles().iter().map(|trouble| Report::new(trouble.clone(), "verify").json()).collect();
    let mut value = json!({ "file": input::name(&answer.path), "decides": decides, "reasons": reasons });
    value["verdict"] = json!(answer.word());
    if let Some(judged) = answer.judged() {
        value["id"] = json!(judged.license.document_id().to_string());
        value["key_id"] = json!(judged.license.signer().key_id().to_string());
        value["license"] = describe::license_json(judged.license.get());
        value["components"] = describe::comparison_json(&judged.judgement.comparison);
        value["repairs"] = describe::repairs_json(&judged.repairs);
    }
    value
}

/// The verdict in words: what holds to stdout, what does not to stderr.
pub(super) fn print(answer: &Answer, now: Time, session: &mut Session) {
    if let Some(judged) = answer.judged().filter(|_| answer.holds()) {
        session.screen.line(&format!("{}: {}", answer.word(), judged.license.get().title()));
        let lines = describe::license(judged.license.get(), now);
        lines.iter().skip(1).for_each(|line| session.screen.line(line));
        let compared = describe::comparison(&judged.judgement.comparison);
        if !compared.is_empty() {
            session.screen.line(&format!("  components {compared}"));
        }
        session.screen.line(&format!("  file       {}", input::name(&answer.path)));
        warn_of(answer, session);
        return;
    }
    for trouble in answer.troubles() {
        let placed = match answer.judged() {
            Some(_) => trouble.clone().at(input::name(&answer.path)),
            None => trouble.clone(),
        };
        Report::new(placed, "verify").lines().iter().for_each(|line| session.screen.talk(line));
    }
}

/// Says that it holds for some days only, if it is in grace.
pub(super) fn warn_of(answer: &Answer, session: &mut Session) {
    for trouble in answer.troubles().iter().filter(|_| answer.holds()) {
        warn(&trouble.clone().at(input::name(&answer.path)), session);
    }
}

/// Something that is no refusal, said as a warning.
pub(super) fn warn(trouble: &Trouble, session: &mut Session) {
    for line in Report::new(trouble.clone(), "verify").lines() {
        let line = line.strip_prefix("error: ").map_or(line.clone(), |what| format!("warning: {what}"));
        session.screen.talk(&line);
    }
}

/// Names what transfers had done to a file, if it could be verified.
pub(super) fn say_repairs(answer: &Answer, session: &mut Session) {
    if let Some(judged) = answer.judged() {
        input::say_repairs(session, &answer.path, &judged.repairs);
    }
}
