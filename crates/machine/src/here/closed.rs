//! A home that this user may not enter: which folder it is, whose, and to whom it has to be given.

use std::path::Path;

use crate::platform::{self, Files, PathInfo};
use airlatch_core::model::{Cause, Error, Reason, Subject};

/// The error of a home that this user may not read, or of the first of these folders in it; `None` if all are open.
pub(super) fn closed_folder(files: &Files, home: &Path, folders: &[&str]) -> Option<Error> {
    let mut all = std::iter::once(home.to_owned()).chain(folders.iter().map(|name| home.join(name)));
    let closed = |folder: &Path| files.path_info(folder).ok().filter(|info| info.is_dir && !info.readable);
    let (folder, info) = all.find_map(|folder| closed(&folder).map(|info| (folder, info)))?;
    let message = "this user may not read this folder of the home";
    let error = Error::new(Reason::Denied, message).at(folder.display());
    let error = error.because(Cause::ClosedHome).about(Subject::Path(home.display().to_string()));
    let user = platform::user_id();
    let error = user.into_iter().fold(error, |error, user| error.about(Subject::User(user.to_string())));
    Some(owner(info, user).into_iter().fold(error, Error::detail))
}

/// A line about the owner, on systems with user ids.
pub(super) fn owner(info: PathInfo, user: Option<u32>) -> Option<String> {
    let (owner, mode, user) = (info.owner?, info.mode?, user?);
    Some(format!("owner      user {owner}, mode {:03o}; this is user {user}", mode & 0o7777))
}
