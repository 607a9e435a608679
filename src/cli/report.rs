//! How a failure is said: what, where, what next, with its reason word; or the same as one JSON object.

use serde_json::{Value, json};

use airlatch_core::model::{Error, ExitStatus, Reason};

use super::hint::{self, Known};
use super::session::Session;
use crate::view;

/// A failure, ready to be printed.
pub(super) struct Report {
    error: Error,
    reason: view::Reason,
}

impl Report {
    /// The error inside an error; whatever is none is a defect of the program, or the operating system's.
    pub(super) fn of(error: &anyhow::Error, verb: &str, known: &Known) -> Self {
        let error = error
            .downcast_ref::<Error>()
            .cloned()
            .unwrap_or_else(|| Error::new(Reason::Internal, format!("{error:#}")));
        Self::new(error, verb, known)
    }

    pub(super) fn new(error: Error, verb: &str, known: &Known) -> Self {
        let reason = view::Reason::of(&error, hint::hint(&error, verb, known));
        Self { error, reason }
    }

    /// What is reported.
    pub(super) fn error(&self) -> &Error {
        &self.error
    }

    /// Prints it to stderr and gives the exit code.
    pub(super) fn print(&self, session: &mut Session) -> u8 {
        let screen = &mut session.screen;
        // What was said before the failure belongs before it, and can't change it any more.
        let _ = screen.finish();
        if screen.is_json() {
            let mut value = json!(self.reason);
            value["schema"] = json!(1);
            value["type"] = json!("error");
            value["exit"] = json!(self.exit());
            screen.talk_json(value);
        } else {
            self.lines().iter().for_each(|line| screen.talk(line));
        }
        self.exit()
    }

    /// What, where, what next.
    pub(super) fn lines(&self) -> Vec<String> {
        self.reason.said_as("error")
    }

    /// The same as an object, for a list of reasons.
    pub(super) fn json(&self) -> Value {
        json!(self.reason)
    }

    /// The same as it is shown.
    pub(super) fn reason(self) -> view::Reason {
        self.reason
    }

    fn exit(&self) -> u8 {
        match self.error.reason().exit_status() {
            ExitStatus::No => 1,
            ExitStatus::Unable => 2,
        }
    }
}
