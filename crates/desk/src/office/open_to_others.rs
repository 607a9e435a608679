//! Files of the desk that every user of the machine can change.

use std::path::PathBuf;

use airlatch_machine::platform::Exposure;

use super::home::{CATALOG, DeskHome, KEYS, LEDGER, SETTINGS, SHARED_MEMORY, WAL};
use super::witness_file::WITNESS;

impl DeskHome {
    /// The folders and files of the desk that all users can change. Its group may: several people can be the desk. Where files
    /// have no modes, nothing is said.
    pub fn open_to_others(&self) -> Vec<PathBuf> {
        let names = [KEYS, SETTINGS, CATALOG, LEDGER, WAL, SHARED_MEMORY, WITNESS];
        let names = names.map(|name| self.path().join(name));
        let is_open = |path: &PathBuf| {
            let mode = self.files.path_info(path).ok().and_then(|info| info.mode);
            mode.is_some_and(|mode| mode & 0o002 != 0)
                && !matches!(self.files.exposed(path), Ok(Some(Exposure::NoModes(_))))
        };
        std::iter::once(self.path().to_owned()).chain(names).filter(is_open).collect()
    }
}
