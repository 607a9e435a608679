//! How a failure is said: what, where, what next, with its reason word; or the same as one JSON object.

use std::rc::Rc;

use clap::error::ErrorKind;
use serde_json::{Value, json};

use airlatch_core::model::{Error, ExitStatus, Reason};

use super::hint::{self, Known, Ran};
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
            screen.talk_json(&value);
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

/// The parser's own hint, which names no command.
const SEE_HELP: &str = "For more information";

/// What the parser has to say: help and version are results, all else is a failure.
pub(super) fn usage(error: &clap::Error, ran: Ran, json: bool, session: &mut Session) -> u8 {
    let text = error.render().to_string();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        session.screen.raw(&text);
        return match session.screen.finish() {
            Ok(()) => 0,
            Err(error) => Report::of(&error, "help", &Known::default()).print(session),
        };
    }
    let verb = ran.command().split(' ').next().unwrap_or_default().to_owned();
    let known = Known { ran: Some(Rc::new(ran)), ..Known::default() };
    if json {
        session.screen.set_json(true);
        let lines = text.trim_start_matches("error: ").lines().take_while(|line| !line.starts_with("Usage:"));
        let lines = lines.filter(|line| !line.starts_with(SEE_HELP));
        let what = lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        return Report::new(Error::new(Reason::Usage, what), &verb, &known).print(session);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        session.screen.talk_raw(text.trim_end());
        return 2;
    }
    let step = hint::hint(&Error::new(Reason::Usage, ""), &verb, &known).unwrap_or_default();
    let said: Vec<&str> = text.lines().filter(|line| !line.starts_with(SEE_HELP)).collect();
    session.screen.talk_raw(&format!("{}\n\nhint: {step}    [usage]", said.join("\n").trim_end()));
    2
}
