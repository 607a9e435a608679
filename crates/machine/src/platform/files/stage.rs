//! Files prepared in a staging folder: thousands at once, synced in one call, then named one by one; or one by other hands.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::change::NameChange;
use super::file_lock::{Owner, lock, still_there};
use super::place::place;
use super::temporary::{self, beside};
use super::write::{TargetState, standing};
use super::{Access, Existing, Files, WriteResult, folder_of};
use crate::platform::os;
use crate::platform::{fault::error_at, fault::fault};
use airlatch_core::model::{Error, Reason, Result};

/// The staging folder inside the folder the files go to.
pub(super) const FOLDER: &str = ".airlatch-batch";
const ATTEMPTS: usize = 8;

/// Files on their way into one folder: none of them is there before [`commit`](Self::commit), and dropping it without
/// leaves nothing behind.
#[derive(Debug)]
pub struct Stage {
    into: PathBuf,
    shown: PathBuf,
    folder: PathBuf,
    // The handle holds the lock.
    handle: Arc<File>,
    names: Vec<String>,
}

impl Files {
    /// Begins a batch of public files into the folder `dir`; what a dead batch left there is removed.
    ///
    /// # Errors
    /// `busy` while another batch into this folder is alive, `exists` when no folder stands in the place of the staging
    /// folder, and what writing meets.
    pub fn stage(&self, dir: &Path) -> Result<Stage> {
        let into = self.resolve(dir)?;
        let folder = into.join(FOLDER);
        let busy = error_at(Reason::Busy, "another batch is being written into this folder", dir);
        Stage::begin(into, dir, folder, &busy)
    }

    /// Lets `make` write a new public file at a path that it is given, in a folder of its own beside the target; whatever
    /// else it leaves there is removed. Only when it is done the file gets its name, so that at no moment, and after no
    /// failure, a part of it stands at `path`.
    ///
    /// # Errors
    /// Those of `make`; `busy` while another process does the same, `exists`, and what writing meets.
    pub fn write_by<T>(&self, path: &Path, make: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let target = self.target(path)?;
        let name = target.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| error_at(Reason::BadName, "the file name is no UTF-8", path))?;
        let busy = error_at(Reason::Busy, "another process is writing this file", path);
        let shown = path.parent().unwrap_or(Path::new(""));
        let mut stage = Stage::begin(folder_of(&target).to_owned(), shown, beside(&target), &busy)?;
        let staged = stage.folder.join(name);
        let done = make(&staged).map_err(|error| error.with_path(&staged, path))?;
        stage.names.push(name.to_owned());
        stage.commit()?;
        Ok(done)
    }

    /// Removes what a dead process left beside `path`; a live one's is left alone, and failure is no matter.
    pub fn discard_leftover(&self, path: &Path) {
        if let Ok(target) = self.target(path) {
            temporary::discard(&target);
            discard(&beside(&target));
        }
    }
}

impl Stage {
    fn begin(into: PathBuf, shown: &Path, folder: PathBuf, busy: &Error) -> Result<Self> {
        for _ in 0..ATTEMPTS {
            let mut change = NameChange::begin();
            let fresh = match fs::create_dir(&folder) {
                Ok(()) => true,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
                Err(error) => return Err(fault(&error, shown)),
            };
            let handle = match os::open_folder(&folder) {
                Ok(handle) => handle,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) if error.kind() == ErrorKind::NotADirectory || os::is_link_loop(&error) => {
                    let what = "something that is no folder stands where files are prepared";
                    return Err(error_at(Reason::Exists, what, &at(shown, &folder)));
                }
                Err(error) => {
                    if fresh {
                        let _ = fs::remove_dir(&folder);
                    }
                    return Err(fault(&error, shown));
                }
            };
            match lock(&handle) {
                Owner::Another => break,
                Owner::Unknown if !fresh => {
                    let remedy = format!("if no other airlatch runs, remove {}", folder.display());
                    return Err(busy.clone().detail("this medium can't lock folders").detail(remedy));
                }
                Owner::Us if !still_there(&handle, &folder) => continue,
                Owner::Us | Owner::Unknown => {}
            }
            let handle = Arc::new(handle);
            change.unfinished(&folder, &handle, remove);
            drop(change);
            let stage = Self { into, shown: shown.to_path_buf(), folder, handle, names: Vec::new() };
            sweep(&stage.folder).map_err(|e| fault(&e, &at(shown, &stage.folder)))?;
            return Ok(stage);
        }
        Err(busy.clone())
    }

    /// Prepares one file; [`WriteResult::Same`] when it is in the folder already, byte for byte.
    ///
    /// # Errors
    /// `exists` when a file with other content, or another file of the batch, has this name there (where case makes
    /// no difference, also in other case); `bad-name` when it is not a plain name; and what writing meets.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<WriteResult> {
        let shown = self.shown.join(name);
        let mut parts = Path::new(name).components();
        let plain =
            matches!((parts.next(), parts.next()), (Some(Component::Normal(only)), None) if only == name);
        if !plain {
            return Err(error_at(Reason::BadName, "this is not a plain file name", &shown));
        }
        if let TargetState::Same =
            standing(&self.into.join(name), &shown, bytes, Access::Public, Existing::Keep)?
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
        self.names.push(name.to_owned());
        file.write_all(bytes).map_err(|e| fault(&e, &shown))?;
        Ok(WriteResult::New)
    }

    /// Makes all files last and gives them their names. If one can't be named, those before it stay: each is whole.
    ///
    /// # Errors
    /// `exists` when a file with other content came to stand there meanwhile, and what writing meets.
    pub fn commit(mut self) -> Result<()> {
        if !os::sync_file_system(&self.handle).map_err(|e| fault(&e, &self.shown))? {
            for name in &self.names {
                let file = File::options().write(true).open(self.folder.join(name));
                file.and_then(|file| file.sync_all()).map_err(|e| fault(&e, &self.shown.join(name)))?;
            }
        }
        self.names.reverse();
        while let Some(name) = self.names.pop() {
            let from = self.folder.join(&name);
            let change = NameChange::begin();
            let placed = place(&from, &self.into.join(&name), false);
            drop(change);
            if let Err(error) = placed {
                let shown = self.shown.join(&name);
                self.names.push(name);
                return Err(match error.kind() {
                    ErrorKind::AlreadyExists => {
                        error_at(Reason::Exists, "a file came to stand there meanwhile", &shown)
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

/// Removes a staging folder with all in it.
fn remove(folder: &Path) {
    // Whoever makes a file in it by other means than ours may do so once more in between.
    let _ = (0..ATTEMPTS).any(|_| sweep(folder).is_ok() && fs::remove_dir(folder).is_ok());
}

/// Removes the staging folder of a dead process; one that lives keeps its own.
pub(super) fn discard(folder: &Path) {
    let Ok(handle) = os::open_folder(folder) else { return };
    if matches!(lock(&handle), Owner::Us) && still_there(&handle, folder) && sweep(folder).is_ok() {
        let _ = fs::remove_dir(folder);
    }
}

/// Empties a staging folder; only plain files ever stand in one.
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
