//! A home without a license: where else on this host licenses may be, and which files are not read.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Cause, Error, Reason, Subject};

use super::Home;
use super::home::LICENSES;

/// The most bytes of the user database that are read.
const MAX_USERS: u64 = 1 << 20;
/// The most homes and files that are named.
const MAX_NAMED: usize = 5;
/// The home in a user's folder, and that of a service as in the samples.
const IN_USER_FOLDER: &str = ".local/share/airlatch/host";
const OF_A_SERVICE: &str = "var/lib/airlatch";

/// The error that no license is installed in `home`: with the files in its folder of licenses that are not read, and the other
/// homes below `root` that hold licenses.
pub fn none_installed(home: &Home, root: &Path) -> Error {
    let error =
        Error::new(Reason::NotActivated, "no license is installed in this home").at(home.path().display());
    let unread = unread_names(home);
    let others = other_homes(home, root);
    let error = match (unread.first(), others.first()) {
        (Some(first), _) => {
            let path = home.path().join(LICENSES).join(first);
            error.because(Cause::UnreadName).about(Subject::Path(path.display().to_string()))
        }
        (None, Some((first, _))) => {
            error.because(Cause::OtherHome).about(Subject::Path(first.display().to_string()))
        }
        (None, None) => error.because(Cause::NoneInstalled),
    };
    let error = unread.iter().take(MAX_NAMED).fold(error, |error, name| {
        error.detail(format!("not read   {LICENSES}/{name}: only names that end in .license are read"))
    });
    others.into_iter().take(MAX_NAMED).fold(error, |error, (path, count)| {
        let noun = if count == 1 { "license" } else { "licenses" };
        error.detail(format!("elsewhere  {} has {count} {noun}", path.display()))
    })
}

/// The names in the folder of licenses that are not read.
fn unread_names(home: &Home) -> Vec<String> {
    let names = home.files.list(&home.path.join(LICENSES), MAX_NAMED * 20).unwrap_or_default().into_iter();
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !name.ends_with(".license") && !name.starts_with('.')).collect()
}

/// The other homes below `root`, as far as this user may see them, each with the number of its licenses.
fn other_homes(home: &Home, root: &Path) -> Vec<(PathBuf, usize)> {
    let below = |path: &str| root.join(path.trim_start_matches('/'));
    let users = home.files.read(&below("etc/passwd"), MAX_USERS).unwrap_or_default();
    let users = String::from_utf8_lossy(&users).into_owned();
    let folders =
        users.lines().filter_map(|line| line.split(':').nth(5)).filter(|path| path.starts_with('/'));
    let mut paths: Vec<PathBuf> = folders.map(|folder| below(folder).join(IN_USER_FOLDER)).collect();
    paths.push(below(OF_A_SERVICE));
    paths.sort();
    paths.dedup();
    let count = |path: &PathBuf| {
        let names = home.files.list(&path.join(LICENSES), 1_000).unwrap_or_default();
        names.iter().filter(|name| name.to_string_lossy().ends_with(".license")).count()
    };
    let others = paths.into_iter().filter(|path| !home.files.same_file(path, &home.path));
    let counted = others.map(|path| {
        let count = count(&path);
        (path, count)
    });
    counted.filter(|(_, count)| *count > 0).collect()
}
