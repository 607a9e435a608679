//! What speaks against a license while it is judged: refusals, and warnings that leave it in grace.

use crate::model::{Trouble, Verdict};

/// What speaks against a license, in the order in which it is told.
#[derive(Default)]
pub(super) struct Against {
    refusals: Vec<Trouble>,
    warning: Option<Trouble>,
    /// The clock is known to be wrong, and it makes a difference.
    pub(super) clock_is_wrong: bool,
    /// It holds for some days only that are counted by the clock.
    pub(super) counts_days: bool,
}

impl Against {
    /// Says no, if there is a reason.
    pub(super) fn refuse(&mut self, trouble: Option<Trouble>) {
        self.refusals.extend(trouble);
    }

    /// Of several warnings the one that was told first stands, and carries the others along.
    pub(super) fn warn(&mut self, trouble: Trouble) {
        self.warning = Some(match self.warning.take() {
            None => trouble,
            Some(first) => first.detail(format!("{:<9}  {}", "also", trouble.what())),
        });
    }

    /// The verdict so far.
    pub(super) fn verdict(&self) -> Verdict {
        match &self.warning {
            _ if !self.refusals.is_empty() => Verdict::Refused(self.refusals.clone()),
            None => Verdict::Valid,
            Some(trouble) => Verdict::Grace(trouble.clone()),
        }
    }
}
