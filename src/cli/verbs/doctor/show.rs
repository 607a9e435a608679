//! Findings and steps for people and for programs.

use serde_json::{Value, json};

use crate::cli::session::Session;
use airlatch_core::model::Reason;
use airlatch_machine::here::{doctor::Finding, doctor::State};

use super::step::Step;

/// One line a check, and below it what helps to see it, unless all is well.
pub(super) fn report(findings: &[Finding], session: &mut Session) {
    let shown = |finding: &Finding| finding.state > State::Ok;
    lines(findings, shown).iter().for_each(|line| session.screen.line(line));
}

/// The lines of a report, with the details of those findings for which they are wanted.
pub(super) fn lines(findings: &[Finding], with_details: impl Fn(&Finding) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in findings {
        lines.push(format!("{:<5} {:<9} {}", finding.state.word(), finding.check.word(), finding.what));
        let details = finding.details.iter().filter(|_| with_details(finding));
        lines.extend(details.map(|detail| format!("{:<15} {detail}", "")));
    }
    lines
}

/// What to do, numbered.
pub(super) fn steps(steps: &[Step], session: &mut Session) {
    step_lines(steps).iter().for_each(|line| session.screen.line(line));
}

/// The same as lines.
pub(super) fn step_lines(steps: &[Step]) -> Vec<String> {
    if steps.is_empty() {
        return vec!["nothing to do".into()];
    }
    let line = |(at, step): (usize, &Step)| {
        let reason = step.reason.map(|reason| format!("    [{reason}]")).unwrap_or_default();
        format!("  {}. {}{reason}", at + 1, step.text)
    };
    std::iter::once("what to do".to_owned()).chain(steps.iter().enumerate().map(line)).collect()
}

pub(super) fn findings_json(findings: &[Finding]) -> Vec<Value> {
    let one = |finding: &Finding| {
        json!({
            "check": finding.check.word(),
            "state": finding.state.word(),
            "message": finding.what,
            "details": finding.details,
            "reason": finding.cause.as_ref().map(|cause| cause.reason().word()),
            "seen": !finding.unseen,
        })
    };
    findings.iter().map(one).collect()
}

pub(super) fn steps_json(steps: &[Step]) -> Vec<Value> {
    let one = |step: &Step| json!({ "step": step.text, "reason": step.reason.map(Reason::word) });
    steps.iter().map(one).collect()
}
