//! The doctor: examines this host without changing anything.

mod clock;
mod clock_mark;
mod document;
mod exam_context;
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

pub use document::{Provenance, check_provenance, document};
pub use exam_context::{ExamContext, Examination};
pub use finding::{Check, Finding, State, to_do};

/// Makes all checks, even if some fail; writes nothing.
pub fn examine(context: &ExamContext<'_>) -> Examination {
    let mut findings = Vec::new();
    let home = folder::examine(context, &mut findings);
    let home = home.as_ref();
    let key = key::examine(home, context.files, &mut findings);
    let opened = licenses::open(home, &mut findings);
    let is_licensed = opened.as_ref().is_some_and(|files| !files.is_empty());
    let trusted = trust::examine(context, home, is_licensed, &mut findings);
    let settings = key::settings(home, &mut findings);
    let recall = home.map(|home| home.recall_verified(key)).unwrap_or_default();
    let settings = settings.unwrap_or_default();
    let identity = settings.identity.with_instance(context.instance.clone());
    let mut facts = HostFacts {
        system_id: key.map(|key| key.system_id()),
        site: settings.site,
        ..Home::facts_without(context.root, &identity)
    };
    facts.memory = recall.memory(context.now);
    let licenses = licenses::examine(context, opened, &trusted, &mut facts, context.now, &mut findings);
    let judged: Vec<&JudgedLicense> =
        licenses.iter().filter_map(|(_, judged)| judged.as_ref().ok()).collect();
    clock::examine(context.now, &facts, &judged, &mut findings);
    // Without the key it is unknown whether the clock mark is this host's.
    if key.is_some() {
        clock_mark::examine(&recall, &judged, context.now, &mut findings);
    }
    hardware::examine(home, &facts, &judged, &mut findings);
    let log = log::examine(home, &mut findings);
    let program = program::examine(context, &mut findings);
    findings.sort_by_key(|finding| finding.check);
    Examination { findings, facts, trusted, licenses, recall, log, program }
}
