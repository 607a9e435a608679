//! The check that is due once a day: what was gained and lost since the last one.

use serde_json::Value;

use airlatch_core::host;
use airlatch_core::model::{DailyTime, Time};

use super::{Rows, View, quantity, text};

/// A check as it was made, or found to be made already.
pub(crate) struct DailyResult {
    pub(crate) at: DailyTime,
    /// When it was made before.
    pub(crate) last: Option<Time>,
    /// It was due, and made.
    pub(crate) due: bool,
    /// What changed since then; `None` when that can't be told.
    pub(crate) changes: Option<Vec<host::Change>>,
    /// It can be compared with later.
    pub(crate) recorded: bool,
}

view! {
    /// What the check found.
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
        let next = format!("the next check is due at {}", self.next);
        let end = match (self.last.as_ref().filter(|_| !self.due), &self.changes) {
            (Some(last), _) => format!("checked at {last}; {next}"),
            (None, Some(none)) if none.is_empty() => format!("nothing gained or lost; {next}"),
            _ => next,
        };
        let changes = self.changes.iter().flatten();
        Rows::new(0, 0)
            .each("", changes.map(|change| format!("{now} {} {}", change.event, change.change)))
            .words(end)
    }
}
