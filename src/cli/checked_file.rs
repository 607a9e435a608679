//! Prints the verification result of one license file at the terminal.

use airlatch_core::model::{Error, Time};
use airlatch_machine::here::{CheckedFile, HostCheck, ThisHost};

use super::hint::Known;
use super::input;
use super::report::Report;
use super::session::Session;
use crate::view::{self, View as _};

/// The view of a result; `decides` marks the license that decides the verdict.
pub(super) fn shown<'a>(answer: &'a CheckedFile, decides: bool, known: &Known) -> view::CheckedFile<'a> {
    view::CheckedFile::of(answer, input::name(&answer.path), reasons(answer, "verify", known), decides)
}

/// The reasons against the license, with the hints of this verb.
pub(super) fn reasons(answer: &CheckedFile, verb: &str, known: &Known) -> Vec<view::Reason> {
    let known = about(answer, known);
    answer.errors().iter().map(|error| Report::new(error.clone(), verb, &known).reason()).collect()
}

/// With the file and the product of the license.
fn about(answer: &CheckedFile, known: &Known) -> Known {
    let known = known.with_file(&answer.path);
    answer.judged().map_or_else(|| known.clone(), |judged| known.with_license(judged.license.get()))
}

/// Prints the verdict as text: a valid license to stdout, the errors of an invalid one to stderr.
pub(super) fn print(answer: &CheckedFile, now: Time, session: &mut Session) {
    if answer.is_licensed() {
        shown(answer, true, &session.known).lines(now).iter().for_each(|line| session.screen.line(line));
        warn_of(answer, session);
        return;
    }
    let known = about(answer, &session.known);
    for error in answer.errors() {
        let placed = match answer.judged() {
            Some(_) => error.clone().at(input::place(&answer.path)),
            None => error.clone(),
        };
        Report::new(placed, "verify", &known).lines().iter().for_each(|line| session.screen.talk(line));
    }
}

/// Prints the warnings of a valid license, such as being in grace.
pub(super) fn warn_of(answer: &CheckedFile, session: &mut Session) {
    for error in answer.errors().iter().filter(|_| answer.is_licensed()) {
        let known = about(answer, &session.known);
        warn_with(&error.clone().at(input::place(&answer.path)), &known, session);
    }
}

/// Prints an error that refuses nothing as a warning.
pub(super) fn warn(error: &Error, session: &mut Session) {
    let known = session.known.clone();
    warn_with(error, &known, session);
}

fn warn_with(error: &Error, known: &Known, session: &mut Session) {
    let reason = Report::new(error.clone(), "verify", known).reason();
    reason.said_as("warning").iter().for_each(|line| session.screen.talk(line));
}

/// Prints the repairs made to the file, if it could be verified.
pub(super) fn say_repairs(answer: &CheckedFile, session: &mut Session) {
    if let Some(judged) = answer.judged() {
        input::say_repairs(session, &answer.path, &judged.repairs);
    }
}

/// Prepares the request to move a license to changed hardware, and says where it is.
pub(super) fn say_move_request(host: &ThisHost, checked: &HostCheck, session: &mut Session) {
    if let Some(path) = host.prepare_move_request(checked, session.now) {
        let path = path.display();
        session.screen.talk(&format!("note: the request to move it to this hardware is ready: {path}"));
    }
}
