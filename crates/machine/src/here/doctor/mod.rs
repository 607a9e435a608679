//! The doctor: looks at this host without changing anything, and says what it found in the order worth checking.

mod clock;
mod document;
mod finding;
mod folder;
mod hardware;
mod key;
mod licenses;
mod log;
mod mark;
mod program;
mod trust;

use std::path::{Path, PathBuf};

use crate::platform::{Files, Folder, Machine};
use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::host::Judged;
use airlatch_core::model::{HostFacts, Result, Time};
use airlatch_core::rules::Question;

use super::{Home, Recall};

pub use document::{Belief, belief, document};
pub use finding::{Check, Finding, State, to_do};

/// What is looked at.
#[derive(Debug)]
pub struct Patient<'a> {
    /// The host home, or why there is none.
    pub home: Result<PathBuf>,
    /// The folder in which what the host remembers is kept a second time.
    pub state: Folder,
    /// The instance id that the environment names.
    pub instance: Option<String>,
    /// The disk.
    pub files: &'a Files,
    /// Where the host's facts are read: `/` on a live host.
    pub root: &'a Path,
    /// The clock.
    pub now: Time,
    /// Keys to be trusted for this look, beside those of the home.
    pub named: Vec<PublicKey>,
    /// The keys the program was built with, if any: then it trusts no others.
    pub built_in: Option<Result<TrustedSet>>,
    /// The system and the program.
    pub machine: &'a Machine,
}

/// What a look at a host gave.
#[derive(Debug)]
pub struct Examined {
    /// What was found, in the order worth checking.
    pub findings: Vec<Finding>,
    /// The host, as far as it shows anything.
    pub facts: HostFacts,
    /// The keys that are trusted.
    pub trusted: TrustedSet,
    /// The installed licenses, each judged here and now beside the others, or why it can't be.
    pub licenses: Vec<(PathBuf, Result<Judged>)>,
    /// What the host remembers, as it was found.
    pub recall: Recall,
    /// The last lines of the host's log, the oldest first.
    pub log: Vec<String>,
    /// The SHA-256 of the program's own file, in hexadecimal digits.
    pub program: Option<String>,
}

/// Looks at everything, whatever is broken; writes nothing.
pub fn examine(patient: &Patient<'_>) -> Examined {
    let mut findings = Vec::new();
    let home = folder::look(patient, &mut findings);
    let home = home.as_ref();
    let key = key::look(home, patient.files, &mut findings);
    let opened = licenses::open(home, &mut findings);
    let is_licensed = opened.as_ref().is_some_and(|files| !files.is_empty());
    let trusted = trust::look(patient, home, is_licensed, &mut findings);
    let settings = key::settings(home, &mut findings);
    let recall = home.map(|home| home.recall_each(key)).unwrap_or_default();
    let settings = settings.unwrap_or_default();
    let identity = settings.identity.with_instance(patient.instance.clone());
    let mut facts = HostFacts {
        system_id: key.map(|key| key.system_id()),
        site: settings.site,
        ..Home::facts_without(patient.root, &identity)
    };
    facts.memory = recall.memory(patient.now);
    let licenses = licenses::look(opened, &trusted, &mut facts, patient.now, &mut findings);
    let judged: Vec<&Judged> = licenses.iter().filter_map(|(_, judged)| judged.as_ref().ok()).collect();
    clock::look(patient.now, &facts, &judged, &mut findings);
    // Without its key a host can't tell whose mark it is.
    if key.is_some() {
        mark::look(&recall, &judged, patient.now, &mut findings);
    }
    hardware::look(home, &facts, &judged, &mut findings);
    let log = log::look(home, &mut findings);
    let program = program::look(patient, &mut findings);
    findings.sort_by_key(|finding| finding.check);
    Examined { findings, facts, trusted, licenses, recall, log, program }
}

/// What is asked of every license: whether it holds here and now.
fn question(now: Time) -> Question {
    Question::now(now)
}

/// Few names, and how many more there are.
fn few(names: &[String]) -> String {
    const SHOWN: usize = 5;
    match names.len() {
        n if n > SHOWN => format!("{} and {} more", names[..SHOWN].join(", "), n - SHOWN),
        _ => names.join(", "),
    }
}
