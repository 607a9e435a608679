//! Checks the home folder: existence, owner, permissions, and files in it that are not read.

use std::path::Path;

use crate::here::closed::{closed_folder, owner};
use crate::here::move_request::FOLDER as MOVES;
use crate::here::{home::LICENSES, home::SETTINGS, home::TRUST};
use crate::here::{own_key::KEY, own_key::PUBLIC};
use crate::platform::{Files, PathInfo};
use airlatch_core::model::{Cause, Error, HostIdentity, Reason};

use super::finding::few;
use super::{Check, ExamContext, Finding, Home, State};

/// The most names that are listed.
const MAX_NAMES: usize = 10_000;
/// The files and folders of airlatch in a home.
const KNOWN_NAMES: [&str; 13] = [
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

/// The home, if it exists and can be read.
pub(super) fn examine(context: &ExamContext<'_>, findings: &mut Vec<Finding>) -> Option<Home> {
    let path = match &context.home {
        Ok(path) => path.as_path(),
        Err(error) => {
            findings.push(Finding::unreadable(Check::Home, error.clone()));
            return None;
        }
    };
    let home = match Home::new(path, context.files) {
        Ok(home) => home.with_state(context.state.clone()).with_boot(context.boot),
        Err(error) => {
            findings.push(Finding::unreadable(Check::Home, error));
            return None;
        }
    };
    let info = match context.files.path_info(path) {
        Ok(info) => info,
        Err(error) if error.reason() == Reason::NotFound => {
            let message =
                format!("{} does not exist: airlatch was not used here, or by another user", path.display());
            let cause = Error::new(Reason::NoHome, "there is no such home");
            findings.push(Finding::note(Check::Home, message).because(cause).fixed("it does not exist"));
            return None;
        }
        Err(error) => {
            findings.push(Finding::unreadable(Check::Home, error));
            return None;
        }
    };
    if !info.readable {
        let denied = || Error::new(Reason::Denied, "this user may not read the home").at(path.display());
        let error = closed_folder(context.files, path, &[]).unwrap_or_else(denied);
        findings.push(Finding::unreadable(Check::Home, error));
        return None;
    }
    // All other verbs fail with this error, so findings about licenses would not match them.
    if let Err(error) = HostIdentity::check_variable(context.instance.as_deref()) {
        findings.push(Finding::unreadable(Check::Home, error));
        return None;
    }
    findings.push(permissions(path, info, context));
    strays(path, context.files, findings);
    Some(home)
}

fn permissions(path: &Path, info: PathInfo, context: &ExamContext<'_>) -> Finding {
    let place = path.display();
    let foreign = matches!((info.owner, context.machine.user), (Some(owner), Some(user)) if owner != user);
    let open = info.mode.is_some_and(|mode| mode & 0o022 != 0 && mode & 0o1000 == 0);
    let finding = if open {
        let error = Error::new(Reason::ExposedKey, "other users may change files in the home");
        let error = error.because(Cause::ExposedHome).at(place);
        Finding::of(Check::Home, State::Look, error)
    } else if !info.writable {
        Finding::note(
            Check::Home,
            format!("{place}: read-only; licenses can't be installed, the clock mark can't be written"),
        )
        .fixed("read-only; licenses can't be installed, the clock mark can't be written")
    } else if foreign {
        Finding::note(Check::Home, format!("{place}: it belongs to another user"))
            .fixed("it belongs to another user")
    } else {
        Finding::ok(Check::Home, format!("{place}: can be read and written")).fixed("can be read and written")
    };
    owner(info, context.machine.user).into_iter().fold(finding, Finding::detail)
}

/// Files with a wrong ending in the folders of licenses and keys, and unknown files in the home.
fn strays(path: &Path, files: &Files, findings: &mut Vec<Finding>) {
    for (name, ending) in [(LICENSES, ".license"), (TRUST, ".pub")] {
        let others = others(&path.join(name), files, |name| name.ends_with(ending));
        if !others.is_empty() {
            let message = format!("{name}: only files ending in {ending} are read, not {}", few(&others));
            let finding = Finding::of(Check::Stray, State::Look, Error::new(Reason::BadName, message));
            findings.push(finding.fixed("files that are not read, because of the ending of their names"));
        }
    }
    let others = others(path, files, |name| KNOWN_NAMES.contains(&name));
    if !others.is_empty() {
        let finding = Finding::note(Check::Stray, format!("not read in this home: {}", few(&others)));
        findings.push(finding.fixed("there are other files in this home, which are not read"));
    }
}

fn others(folder: &Path, files: &Files, known: impl Fn(&str) -> bool) -> Vec<String> {
    let names = files.list(folder, MAX_NAMES).unwrap_or_default().into_iter();
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !known(name) && !name.starts_with('.')).collect()
}
