//! Puts a new ledger in the place of the old one, which is kept beside it: a kill leaves the one or the other.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result};

use crate::office::home::DeskHome;
use crate::office::own_wal;

/// The endings of the files that belong to a ledger beside itself.
const LOG: [&str; 2] = ["-wal", "-shm"];

/// Renames `new` to `ledger`; the old ledger is kept under another name, with its write-ahead log if `keeps_log`. Else the log has
/// to be empty.
pub(super) fn replace(
    home: &DeskHome,
    new: &Path,
    ledger: &Path,
    keeps_log: bool,
) -> Result<Option<PathBuf>> {
    let files = &home.files;
    let kept = free_name(home, ledger)?;
    let existed = files.exists(ledger);
    let log = with_suffix(ledger, LOG[0]);
    if existed {
        files.link(ledger, &kept)?;
    }
    if keeps_log && !own_wal::is_empty(files, &log) {
        files.link(&log, &with_suffix(&kept, LOG[0]))?;
    }
    if !keeps_log {
        remove_log(home, ledger)?;
    }
    files.rename(new, ledger)?;
    // Until it is removed, the log of the old ledger makes the new one refused: its file is not the one of the witness, so it is
    // audited with the log. The old ledger alone would not be refused, although it has lost what was in its log.
    remove_log(home, ledger)?;
    Ok(existed.then_some(kept))
}

/// Removes what an interrupted restore left: an unfinished new ledger, and other names of the present one.
pub(super) fn remove_leftovers(home: &DeskHome, new: &Path, ledger: &Path) -> Result<()> {
    for suffix in ["-journal", LOG[0], LOG[1], ""] {
        remove(home, &with_suffix(new, suffix))?;
    }
    for name in (1..).map(|number| kept_name(ledger, number)).take_while(|name| home.files.exists(name)) {
        if home.files.same_file(&name, ledger) {
            LOG.iter().try_for_each(|suffix| remove(home, &with_suffix(&name, suffix)))?;
            remove(home, &name)?;
        }
    }
    Ok(())
}

fn remove_log(home: &DeskHome, ledger: &Path) -> Result<()> {
    LOG.iter().try_for_each(|suffix| remove(home, &with_suffix(ledger, suffix)))
}

fn remove(home: &DeskHome, path: &Path) -> Result<()> {
    if home.files.exists(path) { home.files.remove(path) } else { Ok(()) }
}

fn free_name(home: &DeskHome, ledger: &Path) -> Result<PathBuf> {
    let is_free = |path: &PathBuf| ["", LOG[0]].iter().all(|it| !home.files.exists(&with_suffix(path, it)));
    (1..)
        .map(|number| kept_name(ledger, number))
        .find(is_free)
        .ok_or_else(|| Error::new(Reason::Internal, "there is no free name for the old ledger"))
}

fn kept_name(ledger: &Path, number: u32) -> PathBuf {
    with_suffix(ledger, &format!(".replaced-{number}"))
}

/// The path with a suffix appended to the file name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
