//! What `verify` found about one file: a judged license, or why there is none.

use std::path::Path;

use serde_json::{Value, json};

use crate::crypto::TrustedSet;
use crate::host::{self, Judged};
use crate::model::{self, HostFacts, Result, Time, Trouble, Verdict};
use crate::rules::Question;

use super::report::Report;
use super::session::Session;
use super::{describe, input};

/// One file's answer.
pub(super) enum Answer {
    /// A license that was verified, with its verdict.
    Judged(Box<Judged>),
    /// No license could be verified.
    Unreadable(Trouble),
}

impl Answer {
    /// The answer about one file, whose name is put to whatever stands between its bytes and a verdict.
    pub(super) fn of(
        (path, bytes): (&Path, Result<Vec<u8>>),
        trusted: &TrustedSet,
        facts: &HostFacts,
        question: &Question,
    ) -> Self {
        let place = |trouble: Trouble| trouble.at(input::name(path));
        let judged = bytes.and_then(|bytes| host::verify(&bytes, trusted, facts, question).map_err(place));
        judged.map_or_else(Self::Unreadable, |judged| Self::Judged(Box::new(judged)))
    }

    /// The license, if it could be verified.
    pub(super) fn judged(&self) -> Option<&Judged> {
        match self {
            Self::Judged(judged) => Some(judged),
            Self::Unreadable(_) => None,
        }
    }

    /// The same, to be judged beside others.
    pub(super) fn judged_mut(&mut self) -> Option<&mut Judged> {
        match self {
            Self::Judged(judged) => Some(judged),
            Self::Unreadable(_) => None,
        }
    }

    /// Whether it is a license that holds, in grace too.
    pub(super) fn holds(&self) -> bool {
        self.judged().is_some_and(|judged| !matches!(judged.judgement.verdict, Verdict::Refused(_)))
    }

    /// The verdict in one word: `valid`, `grace`, `refused`, or `unable` where none could be told.
    pub(super) fn word(&self) -> &'static str {
        match self.judged().map(|judged| &judged.judgement.verdict) {
            Some(Verdict::Valid) => "valid",
            Some(Verdict::Grace(_)) => "grace",
            Some(Verdict::Refused(_)) => "refused",
            None if self.is_no() => "refused",
            None => "unable",
        }
    }

    /// Every reason against it; that of its grace; none when it is valid.
    pub(super) fn troubles(&self) -> &[Trouble] {
        match self {
            Self::Unreadable(trouble) => std::slice::from_ref(trouble),
            Self::Judged(judged) => match &judged.judgement.verdict {
                Verdict::Refused(reasons) => reasons,
                Verdict::Grace(trouble) => std::slice::from_ref(trouble),
                Verdict::Valid => &[],
            },
        }
    }

    /// Whether this is an honest no, rather than nothing that could be told.
    pub(super) fn is_no(&self) -> bool {
        self.troubles().iter().all(|trouble| trouble.reason().answer() == model::Answer::No)
    }

    /// The same for programs.
    pub(super) fn json(&self, path: &Path, decides: bool) -> Value {
        let reasons: Vec<Value> =
            self.troubles().iter().map(|t| Report::new(t.clone(), "verify").json()).collect();
        let mut value = json!({ "file": input::name(path), "decides": decides, "reasons": reasons });
        value["verdict"] = json!(self.word());
        if let Some(judged) = self.judged() {
            value["id"] = json!(judged.license.document_id().to_string());
            value["key_id"] = json!(judged.license.signer().key_id().to_string());
            value["license"] = describe::license_json(judged.license.get());
            value["components"] = describe::comparison_json(&judged.judgement.comparison);
            value["repairs"] = describe::repairs_json(&judged.repairs);
        }
        value
    }

    /// The verdict in words: what holds to stdout, what does not to stderr.
    pub(super) fn print(&self, path: &Path, now: Time, session: &mut Session) {
        if let Self::Judged(judged) = self
            && self.holds()
        {
            session.screen.line(&format!("{}: {}", self.word(), judged.license.get().title()));
            describe::license(judged.license.get(), now)
                .iter()
                .skip(1)
                .for_each(|line| session.screen.line(line));
            let compared = describe::comparison(&judged.judgement.comparison);
            if !compared.is_empty() {
                session.screen.line(&format!("  components {compared}"));
            }
            session.screen.line(&format!("  file       {}", input::name(path)));
            self.warn(path, session);
            return;
        }
        for trouble in self.troubles() {
            let placed = match self {
                Self::Judged(_) => trouble.clone().at(input::name(path)),
                Self::Unreadable(_) => trouble.clone(),
            };
            let report = Report::new(placed, "verify");
            report.lines().iter().for_each(|line| session.screen.talk(line));
        }
    }

    /// Says that it holds for some days only, if it is in grace.
    pub(super) fn warn(&self, path: &Path, session: &mut Session) {
        for trouble in self.troubles().iter().filter(|_| self.holds()) {
            warn(trouble.clone().at(input::name(path)), session);
        }
    }
}

/// A reason that is no refusal, said as a warning.
pub(super) fn warn(trouble: Trouble, session: &mut Session) {
    for line in Report::new(trouble, "verify").lines() {
        let line = line.strip_prefix("error: ").map_or(line.clone(), |what| format!("warning: {what}"));
        session.screen.talk(&line);
    }
}
