//! What lies beside a file that can't be taken, on the same stick: the licenses that fit this host, and the vendor's key.

use std::path::{Path, PathBuf};

use airlatch_core::crypto::TrustedSet;
use airlatch_core::format::limits;
use airlatch_core::model::{Cause, Error, Reason, Subject, Verdict};
use airlatch_machine::here::{CheckedFile, ThisHost};

use super::input;
use super::session::Session;

/// The most files that are looked into.
const MAX_FILES: usize = 200;
/// The most files that are named.
const MAX_NAMED: usize = 5;
/// The most files of one command that are looked beside; a script names more.
pub(super) const MAX_TYPED: usize = 20;

/// The error that no key is trusted, for the license at `path`; with the one key that lies beside it.
fn name_key(error: Error, path: &Path, session: &Session) -> Error {
    let is_key = |name: &PathBuf| name.extension().is_some_and(|ending| ending == "pub");
    let mut keys = names_beside(path, session).into_iter().filter(is_key);
    match (keys.next(), keys.next()) {
        (Some(key), None) => error.because(Cause::KeyBeside).about(Subject::Path(key.display().to_string())),
        _ => error,
    }
}

/// The error of the license at `path`; if it is for another host, with the files beside it that are for this one.
pub(super) fn name_fitting(
    error: Error,
    path: &Path,
    host: &ThisHost,
    trusted: &TrustedSet,
    session: &Session,
) -> Error {
    if error.reason() == Reason::NoTrust && !input::is_stream(path) {
        return name_key(error, path, session);
    }
    if matches!(error.reason(), Reason::NotFound | Reason::NotAFile) {
        return name_licenses(error, path, host, trusted, session);
    }
    let is_others =
        matches!(error.cause(), Some(Cause::OtherHost | Cause::OtherDevice | Cause::OtherInstallation));
    if !is_others || host.facts.is_device() || input::is_stream(path) {
        return error;
    }
    let fitting = fitting(path, host, trusted, session);
    let Some(first) = fitting.first() else { return error };
    let error = error.because(Cause::AnotherFits).about(Subject::Path(first.display().to_string()));
    fitting
        .iter()
        .take(MAX_NAMED)
        .fold(error, |error, file| error.detail(format!("fits here  {}", file.display())))
}

/// The same in the reasons against a file that was verified.
pub(super) fn name_fitting_in(
    answer: &mut CheckedFile,
    host: &ThisHost,
    trusted: &TrustedSet,
    session: &Session,
) {
    let CheckedFile { path, found } = answer;
    let named = |error: &Error| name_fitting(error.clone(), path, host, trusted, session);
    match found {
        Err(error) => *error = named(error),
        Ok(judged) => {
            if let Verdict::Refused(reasons) = &mut judged.judgement.verdict {
                reasons.iter_mut().for_each(|reason| *reason = named(reason));
            }
        }
    }
}

/// The error of a file that is not there, or of a folder: with the licenses that lie there.
fn name_licenses(
    error: Error,
    path: &Path,
    host: &ThisHost,
    trusted: &TrustedSet,
    session: &Session,
) -> Error {
    let is_folder = session.files.is_dir(path);
    // The folder of this path is the one itself.
    let inside = if is_folder { path.join("*") } else { path.to_owned() };
    let all: Vec<(PathBuf, bool)> = licenses(&inside, session)
        .map(|(file, bytes)| (file, host.judge_candidate(&bytes, trusted, session.now).is_ok()))
        .collect();
    let error = match all.iter().find(|(_, fits)| *fits) {
        Some((first, _)) => {
            error.because(Cause::AnotherFits).about(Subject::Path(first.display().to_string()))
        }
        None => error,
    };
    let named = all.iter().take(MAX_NAMED).map(|(file, fits)| {
        let word = if *fits { "fits here" } else { "license" };
        format!("{word:<10} {}", file.display())
    });
    named.fold(error, Error::detail)
}

/// The license files in the folder of `path` that could be installed here.
fn fitting(path: &Path, host: &ThisHost, trusted: &TrustedSet, session: &Session) -> Vec<PathBuf> {
    let fits = |(file, bytes): (PathBuf, Vec<u8>)| {
        host.judge_candidate(&bytes, trusted, session.now).is_ok().then_some(file)
    };
    licenses(path, session).filter_map(fits).collect()
}

/// The other files in the folder of `path` with a license, also in a mail, with their bytes.
fn licenses(path: &Path, session: &Session) -> impl Iterator<Item = (PathBuf, Vec<u8>)> {
    let is_license = |bytes: &[u8]| bytes.windows(LICENSE.len()).any(|part| part == LICENSE);
    let read = |file: PathBuf| Some((session.files.read(&file, limits::DOCUMENT_FILE).ok()?, file));
    let own = path.to_owned();
    let read = names_beside(path, session).into_iter().filter(move |file| *file != own).filter_map(read);
    read.filter(move |(bytes, _)| is_license(bytes)).map(|(bytes, file)| (file, bytes))
}

/// What is in every license, whatever is around it.
const LICENSE: &[u8] = b"BEGIN AIRLATCH LICENSE";

/// The files in the folder of `path`.
fn names_beside(path: &Path, session: &Session) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // A folder with too many files is no stick.
    let names = session.files.list(listed, MAX_FILES).unwrap_or_default().into_iter();
    names.map(|name| folder.join(name)).collect()
}
