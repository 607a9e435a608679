//! Prints the verification result of one license file at the terminal.

use airlatch_core::model::{Error, Time};
use airlatch_machine::here::CheckedFile;

use super::input;
use super::report::Report;
use super::session::Session;
use crate::view::{self, View as _};

/// The view of a result; `decides` marks the license that decides the verdict.
pub(super) fn shown(answer: &CheckedFile, decides: bool) -> view::CheckedFile<'_> {
    view::CheckedFile::of(answer, input::name(&answer.path), reasons(answer, "verify"), decides)
}

/// The reasons against the license, with the hints of this verb.
pub(super) fn reasons(answer: &CheckedFile, verb: &str) -> Vec<view::Reason> {
    answer.errors().iter().map(|error| Report::new(error.clone(), verb).reason()).collect()
}

/// Prints the verdict as text: a valid license to stdout, the errors of an invalid one to stderr.
pub(super) fn print(answer: &CheckedFile, now: Time, session: &mut Session) {
    if answer.holds() {
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

/// Prints the warnings of a valid license, such as being in grace.
pub(super) fn warn_of(answer: &CheckedFile, session: &mut Session) {
    for error in answer.errors().iter().filter(|_| answer.holds()) {
        warn(&error.clone().at(input::name(&answer.path)), session);
    }
}

/// Prints an error that refuses nothing as a warning.
pub(super) fn warn(error: &Error, session: &mut Session) {
    let reason = Report::new(error.clone(), "verify").reason();
    reason.said_as("warning").iter().for_each(|line| session.screen.talk(line));
}

/// Prints the repairs made to the file, if it could be verified.
pub(super) fn say_repairs(answer: &CheckedFile, session: &mut Session) {
    if let Some(judged) = answer.judged() {
        input::say_repairs(session, &answer.path, &judged.repairs);
    }
}
