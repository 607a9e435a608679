//! What was found about one file, said at the terminal.

use airlatch_core::model::{Error, Time};
use airlatch_machine::here::CheckedFile;

use super::input;
use super::report::Report;
use super::session::Session;
use crate::view::{self, View as _};

/// An answer as it is shown; `decides` says whether it is the one to go by.
pub(super) fn shown(answer: &CheckedFile, decides: bool) -> view::CheckedFile<'_> {
    view::CheckedFile::of(answer, input::name(&answer.path), reasons(answer, "verify"), decides)
}

/// What stands against it, with what this verb says to do.
pub(super) fn reasons(answer: &CheckedFile, verb: &str) -> Vec<view::Reason> {
    answer.errors().iter().map(|error| Report::new(error.clone(), verb).reason()).collect()
}

/// The verdict in words: what holds to stdout, what does not to stderr.
pub(super) fn print(answer: &CheckedFile, now: Time, session: &mut Session) {
    if answer.is_licensed() {
        shown(answer, true).lines(now).iter().for_each(|line| session.screen.line(line));
        warn_of(answer, session);
        return;
    }
    for error in answer.errors() {
        let placed = match answer.judged() {
            Some(_) => error.clone().at(input::name(&answer.path)),
            None => error.clone(),
        };
        Report::new(placed, "verify").lines().iter().for_each(|line| session.screen.talk(line));
    }
}

/// Says that it holds for some days only, if it is in grace.
pub(super) fn warn_of(answer: &CheckedFile, session: &mut Session) {
    for error in answer.errors().iter().filter(|_| answer.is_licensed()) {
        warn(&error.clone().at(input::name(&answer.path)), session);
    }
}

/// Something that is no refusal, said as a warning.
pub(super) fn warn(error: &Error, session: &mut Session) {
    let reason = Report::new(error.clone(), "verify").reason();
    reason.said_as("warning").iter().for_each(|line| session.screen.talk(line));
}

/// Names what transfers had done to a file, if it could be verified.
pub(super) fn say_repairs(answer: &CheckedFile, session: &mut Session) {
    if let Some(judged) = answer.judged() {
        input::say_repairs(session, &answer.path, &judged.repairs);
    }
}
