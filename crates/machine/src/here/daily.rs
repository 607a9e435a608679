//! The record of the last daily check, the file `daily.toml` in a host's home.

use crate::platform::{Access, Existing, FileLock};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{DailyCheck, Reason, Result};

use super::Home;

const NAME: &str = "daily.toml";
const LOCK: &str = ".daily.lock";
/// How long to wait for another process that makes the check.
const LOCK_TIMEOUT_SECONDS: u64 = 10;

/// Locks the daily check until the guard is dropped, so two processes don't report the same change.
///
/// # Errors
/// Those of files and `busy`. In a home that can't be written, no lock is needed: no check is recorded either.
pub fn lock(home: &Home) -> Result<FileLock> {
    home.files.lock_file(&home.path.join(LOCK), "airlatch status --daily", LOCK_TIMEOUT_SECONDS)
}

/// The last recorded check; `None` if there is none.
///
/// # Errors
/// Those of files, and of [`format::read_daily`].
pub fn last(home: &Home) -> Result<Option<DailyCheck>> {
    let path = home.path.join(NAME);
    match home.files.read(&path, limits::DOCUMENT_FILE) {
        Ok(bytes) => format::read_daily(&bytes).map(Some).map_err(|error| error.at(path.display())),
        Err(error) if error.reason() == Reason::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Records a check.
///
/// # Errors
/// Those of files, and of [`format::write_daily`].
pub fn record(home: &Home, check: &DailyCheck) -> Result<()> {
    let bytes = format::write_daily(check)?;
    home.files.write(&home.path.join(NAME), &bytes, Access::Public, Existing::Replace).map(|_| ())
}
