//! The daily check: features gained and lost since the last one.

use serde_json::Value;

use airlatch_core::host;
use airlatch_core::model::{DailyTime, Time};

use super::{Rows, View, quantity, text, when};

/// The result of a daily check, or of one that was not due.
pub(crate) struct DailyResult {
    pub(crate) at: DailyTime,
    /// When it was made before.
    pub(crate) last: Option<Time>,
    /// It was due, and made.
    pub(crate) due: bool,
    /// The changes since then; `None` if nothing could be compared.
    pub(crate) changes: Option<Vec<host::Change>>,
    /// It can be compared with later.
    pub(crate) recorded: bool,
}

view! {
    /// The daily check, as it is shown.
    Daily<'a>(made: &'a DailyResult, now: Time) {
        at: String = text(made.at),
        due: bool = made.due,
        last: Option<String> = made.last.map(text),
        next: String = text(made.at.after(now)),
        recorded: bool = made.recorded,
        changes: Option<Vec<Change<'a>>> = made.changes.as_ref().map(|it| it.iter().map(Change::of).collect()),
    }
}

view! {
    /// A feature of which there is another quantity than before.
    Change<'a>(change: &'a host::Change) {
        event: &'static str = change.event(),
        product: &'a str = &change.product,
        feature: String = text(&change.feature),
        then: Option<Value> = change.then.map(quantity),
        now: Option<Value> = change.now.map(quantity),
        reason: &'static str = change.reason,
        license: String = text(change.license),
        message: &'a str = &change.message,
    }
}

impl View for Daily<'_> {
    /// The lines as they stand in the log, then when the next check is due.
    fn rows(&self, now: Time) -> Rows {
        let next = format!("the next check is due at {}", when::at(self.made.at.after(now), now));
        let end = match (self.made.last.filter(|_| !self.due), &self.changes) {
            (Some(last), _) => format!("checked at {}; {next}", when::at(last, now)),
            (None, Some(none)) if none.is_empty() => format!("nothing gained or lost; {next}"),
            _ => next,
        };
        let changes = self.changes.iter().flatten();
        Rows::new(0, 0)
            .each("", changes.map(|change| format!("{now} {} {}", change.event, change.change)))
            .words(end)
    }
}
