//! The home as a folder: there, whose, open to whom, and what stands in it that nobody reads.

use std::path::Path;

use crate::here::move_request::FOLDER as MOVES;
use crate::here::{home::LICENSES, home::SETTINGS, home::TRUST};
use crate::here::{own_key::KEY, own_key::PUBLIC};
use crate::platform::{Files, PathInfo};
use airlatch_core::model::{Error, HostIdentity, Reason};

use super::finding::few;
use super::{Check, ExamContext, Finding, Home, State};

/// More than anybody leaves lying about.
const MOST: usize = 10_000;
/// What airlatch itself keeps in a home.
const OURS: [&str; 13] = [
    KEY,
    PUBLIC,
    SETTINGS,
    LICENSES,
    TRUST,
    MOVES,
    "released",
    "clock.mark",
    "clock.lock",
    "airlatch.log",
    "log.lock",
    "daily.toml",
    "daily.lock",
];

/// The home, if it is there and can be looked into.
pub(super) fn look(patient: &ExamContext<'_>, findings: &mut Vec<Finding>) -> Option<Home> {
    let path = match &patient.home {
        Ok(path) => path.as_path(),
        Err(error) => {
            findings.push(Finding::unseen(Check::Home, error.clone()));
            return None;
        }
    };
    let home = match Home::new(path, patient.files) {
        Ok(home) => home.with_state(patient.state.clone()),
        Err(error) => {
            findings.push(Finding::unseen(Check::Home, error));
            return None;
        }
    };
    let about = match patient.files.path_info(path) {
        Ok(about) => about,
        Err(error) if error.reason() == Reason::NotFound => {
            let what =
                format!("{} is not there: airlatch was not used here, or as another user", path.display());
            let cause = Error::new(Reason::NoHome, "there is no such home");
            findings.push(Finding::note(Check::Home, what).because(cause).saying("it is not there"));
            return None;
        }
        Err(error) => {
            findings.push(Finding::unseen(Check::Home, error));
            return None;
        }
    };
    if !about.readable {
        let what = "this user may not look into the home";
        let error = Error::new(Reason::Denied, what).at(path.display());
        let error = whose(about, patient).into_iter().fold(error, Error::detail);
        findings.push(Finding::unseen(Check::Home, error));
        return None;
    }
    // Every other verb stops at it, so whatever were said of a license would be another host's.
    if let Err(error) = HostIdentity::check_variable(patient.instance.as_deref()) {
        findings.push(Finding::unseen(Check::Home, error));
        return None;
    }
    findings.push(rights(path, about, patient));
    strays(path, patient.files, findings);
    Some(home)
}

/// Whose it is, where users have numbers.
fn whose(about: PathInfo, patient: &ExamContext<'_>) -> Option<String> {
    let (owner, mode, user) = (about.owner?, about.mode?, patient.machine.user?);
    Some(format!("owner      user {owner}, mode {mode:03o}; this is user {user}"))
}

fn rights(path: &Path, about: PathInfo, patient: &ExamContext<'_>) -> Finding {
    let place = path.display();
    let foreign = matches!((about.owner, patient.machine.user), (Some(owner), Some(user)) if owner != user);
    let open = about.mode.is_some_and(|mode| mode & 0o022 != 0 && mode & 0o1000 == 0);
    let finding = if open {
        let what = format!("{place}: other users may change what is in it");
        Finding::of(Check::Home, State::Look, Error::new(Reason::ExposedKey, what))
    } else if !about.writable {
        Finding::note(
            Check::Home,
            format!("{place}: can be read only; nothing can be installed or remembered"),
        )
        .saying("can be read only; nothing can be installed or remembered")
    } else if foreign {
        Finding::note(Check::Home, format!("{place}: it is another user's")).saying("it is another user's")
    } else {
        Finding::ok(Check::Home, format!("{place}: can be read and written"))
            .saying("can be read and written")
    };
    whose(about, patient).into_iter().fold(finding, Finding::detail)
}

/// Files that somebody meant to be read, and files that are none of ours.
fn strays(path: &Path, files: &Files, findings: &mut Vec<Finding>) {
    for (name, ending) in [(LICENSES, ".license"), (TRUST, ".pub")] {
        let others = others(&path.join(name), files, |name| name.ends_with(ending));
        if !others.is_empty() {
            let what = format!("{name}: only what ends in {ending} is read, not {}", few(&others));
            let finding = Finding::of(Check::Stray, State::Look, Error::new(Reason::BadName, what));
            findings.push(finding.saying("files that are not read, for how their names end"));
        }
    }
    let others = others(path, files, |name| OURS.contains(&name));
    if !others.is_empty() {
        let finding = Finding::note(Check::Stray, format!("not read in this home: {}", few(&others)));
        findings.push(finding.saying("other files stand in this home, which are not read"));
    }
}

fn others(folder: &Path, files: &Files, known: impl Fn(&str) -> bool) -> Vec<String> {
    let names = files.list(folder, MOST).unwrap_or_default().into_iter();
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !known(name) && !name.starts_with('.')).collect()
}
