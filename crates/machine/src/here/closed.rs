//! A home that this user may not enter: which folder it is, whose, and to whom it has to be given.

use std::path::Path;

use crate::platform::{self, Files, PathInfo};
use airlatch_core::model::{Cause, Error, Reason, Subject};

use super::home::{LICENSES, TRUST};

/// The error of a home with a folder that this user may not read; `None` if there is none.
pub(super) fn closed_folder(files: &Files, home: &Path) -> Option<Error> {
    let folders = [home.to_owned(), home.join(LICENSES), home.join(TRUST)];
    let closed = |folder: &Path| files.path_info(folder).ok().filter(|info| info.is_dir && !info.readable);
    let (folder, info) = folders.iter().find_map(|folder| Some((folder, closed(folder)?)))?;
    let error =
        Error::new(Reason::Denied, "this user may not read this folder of the home").at(folder.display());
    let error = error.because(Cause::ClosedHome).about(Subject::Path(home.display().to_string()));
    let user = platform::user_id();
    let error = user.into_iter().fold(error, |error, user| error.about(Subject::User(user.to_string())));
    Some(owner(info, user).into_iter().fold(error, Error::detail))
}

/// The error of a file in the home; where a folder is closed, that is what has to be changed.
pub(super) fn explained(files: &Files, home: &Path, error: Error) -> Error {
    match error.reason() {
        Reason::Denied => closed_folder(files, home).unwrap_or(error),
        _ => error,
    }
}

/// A line about the owner, on systems with user ids.
pub(super) fn owner(info: PathInfo, user: Option<u32>) -> Option<String> {
    let (owner, mode, user) = (info.owner?, info.mode?, user?);
    Some(format!("owner      user {owner}, mode {:03o}; this is user {user}", mode & 0o7777))
}
