//! What failed lately, by the host's own log.

use crate::here::log;
use airlatch_core::model::Reason;

use super::{Check, Finding, Home, State};

/// So many lines are looked at.
const LINES: usize = 200;
/// So many failures are told.
const TOLD: usize = 5;
/// The events that are no failures.
const FINE: [&str; 5] = ["gained", "more", "installed", "reset", "released"];

/// The last lines of the log, the oldest first.
pub(super) fn look(home: Option<&Home>, findings: &mut Vec<Finding>) -> Vec<String> {
    let Some(home) = home else { return Vec::new() };
    let lines = match log::last(home, LINES) {
        Ok(lines) => lines,
        Err(error) => {
            let unseen = matches!(error.reason(), Reason::Denied | Reason::Io);
            findings.push(Finding { unseen, ..Finding::of(Check::Log, State::Note, error) });
            return Vec::new();
        }
    };
    // A line is a time, an event, and what happened.
    let fails = |line: &&String| !line.split(' ').nth(1).is_some_and(|event| FINE.contains(&event));
    let failures: Vec<&String> = lines.iter().filter(fails).collect();
    if let Some((last, before)) = failures.split_last() {
        let finding = Finding::note(Check::Log, format!("lately: {last}")).saying("something failed lately");
        let before = before.iter().rev().take(TOLD - 1);
        findings.push(before.fold(finding, |finding, line| finding.detail(format!("before     {line}"))));
    } else if !lines.is_empty() {
        findings.push(Finding::ok(Check::Log, "nothing failed lately"));
    }
    lines
}
