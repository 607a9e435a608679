//! Collects the refusals and warnings while a license is judged.

use crate::model::{Error, License, Subject, Time, Verdict};

/// What speaks against a license, in the order in which it is told.
pub(super) struct Objections<'a> {
    product: &'a str,
    is_advisory: bool,
    refusals: Vec<Error>,
    /// Why it is only in grace, or advisory.
    pub(super) warnings: Vec<Error>,
    /// Until when the warnings let the license work.
    pub(super) works_until: Option<Time>,
    /// The clock is wrong, and the verdict depends on it.
    pub(super) clock_is_wrong: bool,
    /// The license is valid for a number of days that are counted by the clock.
    pub(super) counts_days: bool,
}

impl<'a> Objections<'a> {
    /// None yet against this license.
    pub(super) fn new(license: &'a License) -> Self {
        Self {
            product: &license.product,
            is_advisory: license.advisory,
            refusals: Vec::new(),
            warnings: Vec::new(),
            works_until: None,
            clock_is_wrong: false,
            counts_days: false,
        }
    }

    /// Says no, if there is a reason.
    pub(super) fn refuse(&mut self, error: Option<Error>) {
        self.refusals.extend(error.map(|error| error.about(Subject::Product(self.product.to_owned()))));
    }

    /// Adds a warning, and until when it lets the license work.
    pub(super) fn warn(&mut self, error: Error, works_until: Option<Time>) {
        self.works_until = self.works_until.into_iter().chain(works_until).min();
        self.warnings.push(error.about(Subject::Product(self.product.to_owned())));
    }

    /// Whether there is a refusal so far.
    pub(super) fn is_refused(&self) -> bool {
        !self.refusals.is_empty()
    }

    /// The verdict so far.
    pub(super) fn verdict(&self) -> Verdict {
        if self.is_refused() {
            return Verdict::Refused(self.refusals.clone());
        }
        let Some((first, others)) = self.warnings.split_first() else { return Verdict::Valid };
        let also = |error: Error, other: &Error| error.detail(format!("{:<9}  {}", "also", other.message()));
        let warning = others.iter().fold(first.clone(), also);
        if self.is_advisory { Verdict::Advisory(warning) } else { Verdict::Grace(warning) }
    }
}
