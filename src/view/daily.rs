//! The check that is due once a day: what was gained and lost since the last one.

use serde::Serialize;
use serde_json::Value;

use airlatch_core::host;
use airlatch_core::model::{DailyTime, Time};

use super::{Rows, View, quantity, text};

/// What the check found.
#[derive(Serialize)]
pub(crate) struct Daily<'a> {
    at: String,
    due: bool,
    last: Option<String>,
    next: String,
    recorded: bool,
    changes: Option<Vec<Change<'a>>>,
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
        message: &'a str = &change.what,
    }
}

impl<'a> Daily<'a> {
    /// The check at this time of day, when it was made before, and whether it was `due`, and can be compared with later;
    /// no changes where they can't be told.
    pub(crate) fn of(
        at: DailyTime,
        last: Option<Time>,
        due: bool,
        recorded: bool,
        changes: Option<&'a [host::Change]>,
        now: Time,
    ) -> Self {
        Self {
            at: text(at),
            due,
            last: last.map(text),
            next: text(at.after(now)),
            recorded,
            changes: changes.map(|changes| changes.iter().map(Change::of).collect()),
        }
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
