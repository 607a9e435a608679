//! Detects a write-ahead log that doesn't belong to the ledger file beside it, as after an old ledger file was put back.
//!
//! SQLite applies any log that is consistent in itself, which would mix both states. So if there is a log, and the ledger file
//! is not the one that was there when the witness was written, the whole ledger is audited before it is used. This also happens
//! after a crash; then the witness is written again, so that it happens once.

use std::path::Path;

use airlatch_core::model::{Error, Result};
use airlatch_machine::platform::Files;

use crate::ledger::{Book, audit};

/// The line of the witness file with the stamp of the ledger file. Readers of the witness see a comment; without it the ledger
/// is audited once more than necessary.
const MARK: &str = "# the file: ";

/// The line for the current ledger file at `path`.
pub(super) fn mark(files: &Files, path: &Path) -> String {
    files.stamp(path).map_or_else(String::new, |stamp| format!("{MARK}{stamp}\n"))
}

/// Whether the log at `log` belongs to the ledger at `path`, so that no audit is needed.
pub(super) fn is_own(files: &Files, path: &Path, log: &Path, witness: &str) -> bool {
    let stamp = files.stamp(path);
    let marked = || witness.lines().find_map(|line| line.strip_prefix(MARK)) == stamp.as_deref();
    is_empty(files, log) || (stamp.is_some() && marked())
}

/// Whether the log at `log` has no entries: it is empty, or there is none.
pub(super) fn is_empty(files: &Files, log: &Path) -> bool {
    files.stamp(log).is_none_or(|stamp| stamp.starts_with("0-"))
}

/// Audits the ledger.
///
/// # Errors
/// The first error of the audit.
pub(super) fn check_ledger(book: &dyn Book) -> Result<()> {
    let mixed = |error: Error| error.detail("the write-ahead log may belong to another copy of the ledger");
    audit(book, &mut |_| {})?.into_iter().next().map_or(Ok(()), |error| Err(mixed(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "tests lay their files out by hand")]
    fn a_file_is_known_again_until_it_changes() {
        let folder = std::env::temp_dir().join(format!("airlatch-own-log-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (files, path, log) = (Files::new(&folder), Path::new("ledger.db"), Path::new("ledger.db-wal"));
        let write = |path: &Path, text: &str| std::fs::write(folder.join(path), text).unwrap();
        write(path, "one");
        let text = format!("number = 7\n{}", mark(&files, path));
        // Without a log there is nothing to detect.
        assert!(is_own(&files, path, log, ""));
        write(log, "");
        assert!(is_own(&files, path, log, ""));
        write(log, "something");
        assert!(is_own(&files, path, log, &text));
        assert!(!is_own(&files, path, log, ""));
        write(path, "three");
        assert!(!is_own(&files, path, log, &text));
        std::fs::remove_file(folder.join(path)).unwrap();
        assert!(!is_own(&files, path, log, "number = 7\n"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
