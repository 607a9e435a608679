//! Recent failures in the host's log.

use crate::here::log;
use airlatch_core::model::Reason;

use super::{Check, Finding, Home, State};

/// The number of last lines that are read.
const LINES: usize = 200;
/// The number of failures that are shown.
const SHOWN: usize = 5;
/// The events that are not failures.
const SUCCESSES: [&str; 5] = ["gained", "more", "installed", "reset", "released"];

/// The last lines of the log, the oldest first.
pub(super) fn examine(home: Option<&Home>, findings: &mut Vec<Finding>) -> Vec<String> {
    let Some(home) = home else { return Vec::new() };
    let lines = match log::last(home, LINES) {
        Ok(lines) => lines,
        Err(error) => {
            let unreadable = matches!(error.reason(), Reason::Denied | Reason::Io);
            findings.push(Finding { unreadable, ..Finding::of(Check::Log, State::Note, error) });
            return Vec::new();
        }
    };
    // A line has a time, the word of the event, and a text.
    let is_failure = |line: &&String| !line.split(' ').nth(1).is_some_and(|event| SUCCESSES.contains(&event));
    let failures: Vec<&String> = lines.iter().filter(is_failure).collect();
    if let Some((last, before)) = failures.split_last() {
        let finding = Finding::note(Check::Log, format!("lately: {last}")).fixed("something failed lately");
        let before = before.iter().rev().take(SHOWN - 1);
        findings.push(before.fold(finding, |finding, line| finding.detail(format!("before     {line}"))));
    } else if !lines.is_empty() {
        findings.push(Finding::ok(Check::Log, "nothing failed lately"));
    }
    lines
}
