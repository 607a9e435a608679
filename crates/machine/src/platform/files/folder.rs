//! Folders, and operations on paths.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::temporary::TAIL;
use super::{Files, folder_of, put_in_place, stage};
use crate::platform::os;
use crate::platform::{fault::error_at, fault::fault};
use airlatch_core::model::{Reason, Result};

impl Files {
    /// Whether anything exists at `path`; a dangling link counts.
    pub fn exists(&self, path: &Path) -> bool {
        self.resolve(path).is_ok_and(|path| fs::symlink_metadata(path).is_ok())
    }

    /// Whether `path` is a folder, or a link to one.
    pub fn is_dir(&self, path: &Path) -> bool {
        self.resolve(path).is_ok_and(|path| path.is_dir())
    }

    /// Makes the folder and its missing parents, with mode 0700 if private. An existing folder is left unchanged.
    ///
    /// # Errors
    /// `exists` if there is a file in its place, and the errors of writing.
    pub fn make_dir(&self, path: &Path, private: bool) -> Result<()> {
        let full = self.resolve(path)?;
        let missing: Vec<&Path> =
            full.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.is_dir()).collect();
        for folder in missing.into_iter().rev() {
            let made = os::make_folder(folder, private).and_then(|()| os::sync_folder(folder_of(folder)));
            match made {
                Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotADirectory) => {
                    return Err(error_at(Reason::Exists, "there is a file where a folder is needed", path));
                }
                Err(error) => return Err(fault(&error, path)),
                Ok(()) => {}
            }
            if let Ok(new) = os::open_folder(folder) {
                self.give_to_owner(&new, folder);
            }
        }
        Ok(())
    }

    /// The absolute path, with links resolved in the part that exists.
    ///
    /// # Errors
    /// `bad-name`; `io` if the working folder of the process is unknown.
    pub fn absolute(&self, path: &Path) -> Result<PathBuf> {
        let full = std::path::absolute(self.resolve(path)?).map_err(|e| fault(&e, path))?;
        let resolved = |existing: &Path| {
            let rest = full.strip_prefix(existing).ok()?;
            let existing = os::canonical(existing).ok()?;
            Some(if rest.as_os_str().is_empty() { existing } else { existing.join(rest) })
        };
        Ok(full.ancestors().find_map(resolved).unwrap_or(full))
    }

    /// The names in a folder, sorted, at most `limit` of them; temporary files of airlatch are left out.
    ///
    /// # Errors
    /// `too-large` if there are more, `not-found` also if it is not a folder, `denied`, `io`.
    pub fn list(&self, path: &Path, limit: usize) -> Result<Vec<OsString>> {
        let mut names = Vec::new();
        let mut too_many = false;
        let visit = |name: &OsStr| {
            let text = name.to_string_lossy();
            if text == stage::FOLDER || (text.starts_with('.') && text.ends_with(TAIL)) {
                return ControlFlow::Continue(());
            }
            too_many = names.len() == limit;
            if too_many {
                return ControlFlow::Break(());
            }
            names.push(name.to_owned());
            ControlFlow::Continue(())
        };
        os::each_name(&self.resolve(path)?, visit).map_err(|e| fault(&e, path))?;
        if too_many {
            let message = format!("this folder has more entries than the limit, {limit}");
            return Err(error_at(Reason::TooLarge, message, path));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Removes a file or link.
    ///
    /// # Errors
    /// `not-found`, `not-a-file` for a folder, `denied`, `read-only`, `io`.
    pub fn remove(&self, path: &Path) -> Result<()> {
        let full = self.target(path)?;
        if fs::symlink_metadata(&full).is_ok_and(|found| found.is_dir()) {
            return Err(error_at(Reason::NotAFile, "this is a folder, not a file", path));
        }
        fs::remove_file(&full).and_then(|()| os::sync_folder(folder_of(&full))).map_err(|e| fault(&e, path))
    }

    /// Renames a file within its folder; an existing file with the new name is replaced.
    ///
    /// # Errors
    /// `not-found`, `denied`, `read-only`, `io`.
    pub fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let (old, new) = (self.target(from)?, self.target(to)?);
        fs::rename(&old, &new).and_then(|()| os::sync_folder(folder_of(&new))).map_err(|e| fault(&e, from))
    }

    /// Gives a file a second name in its folder, or makes a copy where the file system has no second names.
    ///
    /// # Errors
    /// `exists` if the second name is taken, `not-found`, `denied`, `read-only`, `disk-full`, `io`.
    pub fn link(&self, from: &Path, to: &Path) -> Result<()> {
        let (old, new) = (self.target(from)?, self.target(to)?);
        put_in_place::link(&old, &new).and_then(|()| os::sync_folder(folder_of(&new))).map_err(|error| {
            match error.kind() {
                ErrorKind::AlreadyExists => error_at(Reason::Exists, "there is a file of this name", to),
                _ => fault(&error, from),
            }
        })
    }

    /// A text that differs between two versions of a file: its length, modification time and inode number. `None` if there
    /// is no file, or the system does not tell.
    pub fn stamp(&self, path: &Path) -> Option<String> {
        let found = fs::metadata(self.resolve(path).ok()?).ok()?;
        let changed = found.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        let (_, number) = os::identity(&found).unwrap_or_default();
        Some(format!("{}-{}-{number}", found.len(), changed.as_nanos()))
    }

    /// Whether both paths lead to the same file, also by another spelling, a hard link or a symbolic link. Two missing files
    /// are the same if folder and name are.
    pub fn same_file(&self, a: &Path, b: &Path) -> bool {
        let (Ok(a), Ok(b)) = (self.resolve(a), self.resolve(b)) else { return false };
        match (fs::metadata(&a), fs::metadata(&b)) {
            (Ok(one), Ok(two)) => match (os::identity(&one), os::identity(&two)) {
                (Some(one), Some(two)) => one == two,
                _ => matches!((os::canonical(&a), os::canonical(&b)), (Ok(one), Ok(two)) if one == two),
            },
            (Err(_), Err(_)) => {
                let place =
                    |path: &Path| Some((os::canonical(folder_of(path)).ok()?, path.file_name()?.to_owned()));
                a == b || place(&a).is_some_and(|one| place(&b) == Some(one))
            }
            _ => false,
        }
    }
}
