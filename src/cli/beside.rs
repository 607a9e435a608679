//! Beside the license of another host, such as a neighbour's on the same stick: the files that fit this one.

use std::path::{Path, PathBuf};

use airlatch_core::crypto::TrustedSet;
use airlatch_core::format::limits;
use airlatch_core::model::{Cause, Error, Subject, Verdict};
use airlatch_machine::here::{CheckedFile, ThisHost};

use super::input;
use super::session::Session;

/// The most files that are looked into.
const MAX_FILES: usize = 200;
/// The most files that are named.
const MAX_NAMED: usize = 5;

/// The error of the license at `path`; if it is for another host, with the files beside it that are for this one.
pub(super) fn name_fitting(
    error: Error,
    path: &Path,
    host: &ThisHost,
    trusted: &TrustedSet,
    session: &Session,
) -> Error {
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
    if let Ok(judged) = found
        && let Verdict::Refused(reasons) = &mut judged.judgement.verdict
    {
        for reason in reasons {
            *reason = name_fitting(reason.clone(), path, host, trusted, session);
        }
    }
}

/// The license files in the folder of `path` that could be installed here.
fn fitting(path: &Path, host: &ThisHost, trusted: &TrustedSet, session: &Session) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // A folder with too many files is no stick.
    let names = session.files.list(listed, MAX_FILES).unwrap_or_default().into_iter();
    let files = names.map(|name| folder.join(name));
    let is_fitting = |file: &PathBuf| {
        let is_named_so = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("license"));
        let read = || session.files.read(file, limits::DOCUMENT_FILE);
        is_named_so
            && file != path
            && read().is_ok_and(|bytes| host.judge_candidate(&bytes, trusted, session.now).is_ok())
    };
    files.filter(is_fitting).collect()
}
