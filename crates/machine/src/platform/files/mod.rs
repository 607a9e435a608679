//! File operations: bounded reads, atomic writes, locks, folders.

mod access;
mod change;
mod exposure;
mod file_lock;
mod folder;
mod guard;
mod medium;
mod part;
mod path_info;
mod put_in_place;
mod read;
mod stage;
mod temporary;
mod unfinished;
mod write;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

pub use access::{Access, Existing, WriteResult};
pub use exposure::Exposure;
pub use guard::FileLock;
pub use part::OpenFile;
pub use path_info::PathInfo;
pub use read::read_limited;
pub(crate) use read::read_whole;
pub use stage::Stage;
pub(super) use unfinished::clear;

use super::fault::error_at;
use super::os;
use airlatch_core::model::{Reason, Result};

/// The files of the machine. Relative paths are relative to one base folder; messages show every path as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    base: PathBuf,
    keeps_owner: bool,
}

impl Files {
    /// Files with relative paths below `base`; an empty path is the working folder of the process.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self { base: base.into(), keeps_owner: false }
    }

    /// The same, but what root creates gets the owner of the folder it is in: for a folder that belongs to one user, who has to
    /// be able to change all of it.
    #[must_use]
    pub fn keeping_owner(self) -> Self {
        Self { keeps_owner: true, ..self }
    }

    /// The path below the base folder.
    pub fn resolve(&self, path: &Path) -> Result<PathBuf> {
        if path.as_os_str().is_empty() {
            return Err(error_at(Reason::BadName, "the path is empty", path));
        }
        Ok(self.base.join(path))
    }

    /// Gives what was created at `path` just now to the owner of its folder, where that is wanted.
    fn give_to_owner(&self, new: &File, path: &Path) {
        if self.keeps_owner
            && let Ok(folder) = fs::metadata(folder_of(path))
        {
            os::give_to_owner(new, &folder);
        }
    }

    /// The path below the base folder, if it can name a file to be written.
    fn target(&self, path: &Path) -> Result<PathBuf> {
        let target = self.resolve(path)?;
        let last = path.as_os_str().as_encoded_bytes().last().copied();
        let names_folder = last.is_some_and(|byte| std::path::is_separator(char::from(byte)));
        if names_folder || path.file_name().is_none() {
            return Err(error_at(Reason::BadName, "this names a folder, not a file to write", path));
        }
        Ok(target)
    }
}

/// The parent folder of a resolved path.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
