//! The record of the last daily check, the file `daily.toml` in a host's home.

use crate::platform::{Access, Existing, FileLock};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{DailyCheck, Reason, Result};

use super::Home;

const NAME: &str = "daily.toml";
const LOCK: &str = ".daily.lock";
/// Seconds to wait for another process that makes the check.
const PATIENCE: u64 = 10;

/// Keeps other processes from making the daily check until it is dropped, so that each change is told once.
///
/// # Errors
/// Those of files and `busy`; in a home that can't be written nobody records anything, and nothing has to be kept apart.
pub fn guard(home: &Home) -> Result<FileLock> {
    home.files.lock_file(&home.path.join(LOCK), "airlatch status --daily", PATIENCE)
}

/// What was recorded last; `None` when nothing was.
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
