//! Collects the refusals and warnings while a license is judged.

use crate::model::{Error, Verdict};

/// Refusals and warnings, in the order in which they were found.
#[derive(Default)]
pub(super) struct Objections {
    refusals: Vec<Error>,
    warning: Option<Error>,
    /// The clock is wrong, and the verdict depends on it.
    pub(super) clock_is_wrong: bool,
    /// The license is valid for a number of days that are counted by the clock.
    pub(super) counts_days: bool,
}

impl Objections {
    /// Adds a refusal, if there is one.
    pub(super) fn refuse(&mut self, error: Option<Error>) {
        self.refusals.extend(error);
    }

    /// Adds a warning. The first one is shown; later ones become details of it.
    pub(super) fn warn(&mut self, error: Error) {
        self.warning = Some(match self.warning.take() {
            None => error,
            Some(first) => first.detail(format!("{:<9}  {}", "also", error.message())),
        });
    }

    /// The verdict so far.
    pub(super) fn verdict(&self) -> Verdict {
        match &self.warning {
            _ if !self.refusals.is_empty() => Verdict::Refused(self.refusals.clone()),
            None => Verdict::Valid,
            Some(error) => Verdict::Grace(error.clone()),
        }
    }
}
