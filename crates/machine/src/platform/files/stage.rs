//! A staging folder: many files are written and synced together, then moved to their final names one by one.
//!
//! It also serves for a single file that other code (SQLite) writes.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::change::NameChange;
use super::file_lock::{Owner, is_still_at, lock};
use super::put_in_place::place;
use super::temporary::{self, beside};
use super::write::{TargetState, target_state};
use super::{Access, Existing, Files, WriteResult, folder_of};
use crate::platform::os;
use crate::platform::{fault::error_at, fault::fault};
use airlatch_core::model::{Error, Reason, Result};

/// The staging folder inside the folder the files go to.
pub(super) const FOLDER: &str = ".airlatch-batch";
const MAX_ATTEMPTS: usize = 8;

/// A batch of files for one folder. No file appears there before [`commit`](Self::commit); dropping the stage without a
/// commit removes all of them.
#[derive(Debug)]
pub struct Stage {
    into: PathBuf,
    shown: PathBuf,
    folder: PathBuf,
    // Holds the lock on the folder.
    handle: Arc<File>,
    names: Vec<(String, Existing)>,
}

impl Files {
    /// Begins a batch of public files for the folder `dir`; the files of an interrupted batch are removed.
    ///
    /// # Errors
    /// `busy` if another batch for this folder is running, `exists` if the staging folder's name is taken by something else,
    /// and the errors of writing.
    pub fn stage(&self, dir: &Path) -> Result<Stage> {
        let into = self.resolve(dir)?;
        let folder = into.join(FOLDER);
        let busy = error_at(Reason::Busy, "another batch is being written into this folder", dir);
        Stage::begin(into, dir, folder, &busy)
    }

    /// Lets `make` write a new public file in a staging folder beside the target, at the path that it is given; other files
    /// in that folder are removed. The file is moved to `path` when it is complete, so a partial file never appears there.
    ///
    /// # Errors
    /// Those of `make`; `busy` if another process does the same, `exists`, and the errors of writing.
    pub fn write_by<T>(&self, path: &Path, make: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let target = self.target(path)?;
        let name = target.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| error_at(Reason::BadName, "the file name is not UTF-8", path))?;
        let busy = error_at(Reason::Busy, "another process is writing this file", path);
        let shown = path.parent().unwrap_or(Path::new(""));
        let mut stage = Stage::begin(folder_of(&target).to_owned(), shown, beside(&target), &busy)?;
        let staged = stage.folder.join(name);
        let done = make(&staged).map_err(|error| error.with_path(&staged, path))?;
        stage.names.push((name.to_owned(), Existing::Keep));
        stage.commit()?;
        Ok(done)
    }

    /// Removes temporary files beside `path` that a process left when it ended; those of running processes are kept, and
    /// errors are ignored.
    pub fn discard_leftover(&self, path: &Path) {
        if let Ok(target) = self.target(path) {
            temporary::discard(&target);
            discard(&beside(&target));
        }
    }
}

impl Stage {
    fn begin(into: PathBuf, shown: &Path, folder: PathBuf, busy: &Error) -> Result<Self> {
        for _ in 0..MAX_ATTEMPTS {
            let mut change = NameChange::begin();
            let is_new = match fs::create_dir(&folder) {
                Ok(()) => true,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
                Err(error) => return Err(fault(&error, shown)),
            };
            let handle = match os::open_folder(&folder) {
                Ok(handle) => handle,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) if error.kind() == ErrorKind::NotADirectory || os::is_link_loop(&error) => {
                    let message = "the name of the staging folder is taken by something else: remove it";
                    return Err(error_at(Reason::Exists, message, &at(shown, &folder)));
                }
                Err(error) => {
                    if is_new {
                        let _ = fs::remove_dir(&folder);
                    }
                    return Err(fault(&error, shown));
                }
            };
            match lock(&handle) {
                Owner::Another => break,
                Owner::Unknown if !is_new => {
                    let remedy = format!("if no other airlatch runs, remove {}", folder.display());
                    return Err(busy.clone().detail("this file system can't lock folders").detail(remedy));
                }
                Owner::Us if !is_still_at(&handle, &folder) => continue,
                Owner::Us | Owner::Unknown => {}
            }
            let handle = Arc::new(handle);
            change.register(&folder, &handle, remove);
            drop(change);
            let stage = Self { into, shown: shown.to_path_buf(), folder, handle, names: Vec::new() };
            sweep(&stage.folder).map_err(|e| fault(&e, &at(shown, &stage.folder)))?;
            return Ok(stage);
        }
        Err(busy.clone())
    }

    /// Writes one file into the staging folder; [`WriteResult::Same`] if the target folder has the same file already.
    ///
    /// # Errors
    /// `exists` if a file with other content that is to be kept, or another file of the batch, has this name (on a
    /// case-insensitive file system also in other case); `bad-name` if it is not a plain name; and the errors of writing.
    pub fn add(&mut self, name: &str, bytes: &[u8], existing: Existing) -> Result<WriteResult> {
        let shown = self.shown.join(name);
        let mut parts = Path::new(name).components();
        let plain =
            matches!((parts.next(), parts.next()), (Some(Component::Normal(only)), None) if only == name);
        if !plain {
            return Err(error_at(Reason::BadName, "this is not a plain file name", &shown));
        }
        if let TargetState::Same =
            target_state(&self.into.join(name), &shown, bytes, Access::Public, existing)?
        {
            return Ok(WriteResult::Same);
        }
        let path = self.folder.join(name);
        let change = NameChange::begin();
        let mut file = os::creating(false).open(&path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                error_at(Reason::Exists, "another file of this batch has the same name", &shown)
            }
            _ => fault(&error, &shown),
        })?;
        drop(change);
        self.names.push((name.to_owned(), existing));
        file.write_all(bytes).map_err(|e| fault(&e, &shown))?;
        Ok(WriteResult::New)
    }

    /// Syncs all files and moves them to the target folder. If one can't be moved, those before it stay; each is complete.
    ///
    /// # Errors
    /// `exists` if a file with the same name was created there meanwhile, and the errors of writing.
    pub fn commit(mut self) -> Result<()> {
        if !os::sync_file_system(&self.handle).map_err(|e| fault(&e, &self.shown))? {
            for (name, _) in &self.names {
                let file = File::options().write(true).open(self.folder.join(name));
                file.and_then(|file| file.sync_all()).map_err(|e| fault(&e, &self.shown.join(name)))?;
            }
        }
        self.names.reverse();
        while let Some((name, existing)) = self.names.pop() {
            let from = self.folder.join(&name);
            let change = NameChange::begin();
            let target = self.into.join(&name);
            let placed = match existing {
                Existing::Replace => fs::rename(&from, &target),
                Existing::Keep => place(&from, &target, false),
            };
            drop(change);
            if let Err(error) = placed {
                let shown = self.shown.join(&name);
                self.names.push((name, existing));
                return Err(match error.kind() {
                    ErrorKind::AlreadyExists => {
                        error_at(Reason::Exists, "a file with this name was created meanwhile", &shown)
                    }
                    _ => fault(&error, &shown),
                });
            }
        }
        os::sync_folder(&self.into).map_err(|e| fault(&e, &self.shown))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        NameChange::begin().abandon(&self.handle);
    }
}

/// Removes a staging folder with its files.
fn remove(folder: &Path) {
    // Retried, since code that writes the file of `write_by` may create another file meanwhile.
    let _ = (0..MAX_ATTEMPTS).any(|_| sweep(folder).is_ok() && fs::remove_dir(folder).is_ok());
}

/// Removes the staging folder of a process that has ended.
pub(super) fn discard(folder: &Path) {
    let Ok(handle) = os::open_folder(folder) else { return };
    if matches!(lock(&handle), Owner::Us) && is_still_at(&handle, folder) && sweep(folder).is_ok() {
        let _ = fs::remove_dir(folder);
    }
}

/// Empties a staging folder; it holds plain files only.
fn sweep(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        fs::remove_file(entry?.path())?;
    }
    Ok(())
}

/// The staging folder as messages show it.
fn at(shown: &Path, folder: &Path) -> PathBuf {
    shown.join(folder.file_name().unwrap_or_default())
}
