//! The doctor: looks at this host without changing anything, and says what it found in the order worth checking.

mod clock;
mod clock_mark;
mod context;
mod document;
mod finding;
mod folder;
mod hardware;
mod key;
mod licenses;
mod log;
mod program;
mod trust;

use airlatch_core::host::JudgedLicense;
use airlatch_core::model::HostFacts;

use super::Home;

pub use context::{ExamContext, Examination};
pub use document::{Provenance, belief, document};
pub use finding::{Check, Finding, State, to_do};

/// Looks at everything, whatever is broken; writes nothing.
pub fn examine(patient: &ExamContext<'_>) -> Examination {
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
    let judged: Vec<&JudgedLicense> =
        licenses.iter().filter_map(|(_, judged)| judged.as_ref().ok()).collect();
    clock::look(patient.now, &facts, &judged, &mut findings);
    // Without its key a host can't tell whose mark it is.
    if key.is_some() {
        clock_mark::look(&recall, &judged, patient.now, &mut findings);
    }
    hardware::look(home, &facts, &judged, &mut findings);
    let log = log::look(home, &mut findings);
    let program = program::look(patient, &mut findings);
    findings.sort_by_key(|finding| finding.check);
    Examination { findings, facts, trusted, licenses, recall, log, program }
}
