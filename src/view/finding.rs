//! The findings and next steps of `doctor`.

use serde::Serialize;

use airlatch_core::model::{Reason, Time};
use airlatch_machine::here::doctor::{self, State};

use super::{Rows, View};

view! {
    /// The finding of one check.
    Finding<'a>(finding: &'a doctor::Finding) {
        check: &'static str = finding.check.word(),
        state: &'static str = finding.state.word(),
        message: &'a str = &finding.message,
        details: &'a [String] = &finding.details,
        reason: Option<&'static str> = finding.cause.as_ref().map(|cause| cause.reason().word()),
        seen: bool = !finding.unreadable,
    }
}

impl<'a> Finding<'a> {
    pub(crate) fn all(findings: impl IntoIterator<Item = &'a doctor::Finding>) -> Vec<Self> {
        findings.into_iter().map(Self::of).collect()
    }
}

impl View for Finding<'_> {
    /// One line, and below it the details, unless the state is ok.
    fn rows(&self, _: Time) -> Rows {
        let details = self.details.iter().filter(|_| self.finding.state > State::Ok);
        Rows::new(0, 0)
            .words(format!("{:<5} {:<9} {}", self.state, self.check, self.message))
            .each("", details.map(|detail| format!("{:<15} {detail}", "")))
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Step {
    /// What, with the command to type.
    pub(crate) step: String,
    /// Why; none where nothing is wrong.
    #[serde(serialize_with = "word")]
    pub(crate) reason: Option<Reason>,
}

fn word<S: serde::Serializer>(reason: &Option<Reason>, serializer: S) -> Result<S::Ok, S::Error> {
    reason.map(Reason::word).serialize(serializer)
}

impl Step {
    /// The next steps, numbered.
    pub(crate) fn lines(steps: &[Self]) -> Vec<String> {
        if steps.is_empty() {
            return vec!["nothing to do".into()];
        }
        let line = |(at, step): (usize, &Self)| {
            let reason = step.reason.map(|reason| format!("    [{reason}]")).unwrap_or_default();
            format!("  {}. {}{reason}", at + 1, step.step)
        };
        std::iter::once("what to do".to_owned()).chain(steps.iter().enumerate().map(line)).collect()
    }
}
