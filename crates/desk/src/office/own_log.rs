//! Whether the log beside the ledger belongs to its file: an old file put back under a newer log is a mixture of both.
//!
//! The database takes any log that is whole in itself. So whenever a log is there, and the file is not the one that was
//! there when the witness was written, the whole ledger is looked through before anything in it is believed: after a
//! crash, which does no harm but takes a moment, or after somebody put a copy back.

use std::path::Path;

use airlatch_core::model::{Error, Result};
use airlatch_machine::platform::Files;

use crate::ledger::{Book, audit};

/// The line of the witness file that tells the ledger's file. It is a comment to whoever reads the witness: when it is
/// lost, only time is lost.
const MARK: &str = "# the file: ";

/// The line for the ledger at `path` as it is now.
pub(super) fn mark(files: &Files, path: &Path) -> String {
    files.stamp(path).map_or_else(String::new, |stamp| format!("{MARK}{stamp}\n"))
}

/// Whether the ledger at `path`, with its log at `log`, needs no looking through.
pub(super) fn is_own(files: &Files, path: &Path, log: &Path, witness: &str) -> bool {
    let stamp = files.stamp(path);
    let marked = || witness.lines().find_map(|line| line.strip_prefix(MARK)) == stamp.as_deref();
    let empty = files.stamp(log).is_none_or(|stamp| stamp.starts_with("0-"));
    empty || (stamp.is_some() && marked())
}

/// Looks through all of it.
///
/// # Errors
/// The first thing that is wrong, `damaged-ledger`.
pub(super) fn look_through(book: &dyn Book) -> Result<()> {
    let mixed = |error: Error| error.detail("the log beside it may belong to another copy of the ledger");
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
        // Without a log there is nothing to be mixed up.
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
