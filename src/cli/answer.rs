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

    /// Every reason against it; none when it holds.
    pub(super) fn troubles(&self) -> &[Trouble] {
        match self {
            Self::Unreadable(trouble) => std::slice::from_ref(trouble),
            Self::Judged(judged) => match &judged.judgement.verdict {
                Verdict::Refused(reasons) => reasons,
                _ => &[],
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
        value["verdict"] = json!(match (reasons.is_empty(), self.is_no()) {
            (true, _) => "valid",
            (false, true) => "refused",
            (false, false) => "unable",
        });
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
            && self.troubles().is_empty()
        {
            session.screen.line(&format!("valid: {}", judged.license.get().title()));
            describe::license(judged.license.get(), now)
                .iter()
                .skip(1)
                .for_each(|line| session.screen.line(line));
            let compared = describe::comparison(&judged.judgement.comparison);
            if !compared.is_empty() {
                session.screen.line(&format!("  components {compared}"));
            }
            session.screen.line(&format!("  file       {}", input::name(path)));
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
}
