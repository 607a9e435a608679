//! The temporary file beside a target.
//!
//! Its name is derived from the target's, so the next run finds and removes the one of an interrupted run.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Access;
use super::change::NameChange;
use super::file_lock::{Owner, is_still_at, lock};
use crate::platform::{fault::error_at, fault::fault};
use crate::platform::{os, pause};
use airlatch_core::model::{Cause, Reason, Result};

/// The end of every temporary file's name; the name begins with a dot.
pub(super) const TAIL: &str = ".airlatch-tmp";
/// The longest target name that is used in full. Some file systems (encrypted homes) allow only 143 bytes in a name.
const MAX_NAME_LENGTH: usize = 100;
/// How often another process may remove the temporary file before the target counts as busy.
const MAX_ATTEMPTS: usize = 8;
/// How often to pause for another process that is writing the target: three seconds, since each writes small files only.
const MAX_PAUSES: usize = 300;

/// A new, locked temporary file. It is removed when dropped, unless it was moved to its target.
#[derive(Debug)]
pub(super) struct Temporary {
    path: PathBuf,
    file: Arc<File>,
}

/// The result of removing an old temporary file.
enum Leftover {
    /// It is removed, or did not exist.
    Removed,
    /// A running process holds it.
    InUse,
    /// The file system has no locks.
    Unknown,
}

impl Temporary {
    /// Creates the temporary file of `target`; messages show the target as `shown`.
    pub(super) fn create(target: &Path, shown: &Path, access: Access) -> Result<Self> {
        let path = beside(target);
        let (mut attempts, mut pauses) = (0, 0);
        while attempts < MAX_ATTEMPTS {
            attempts += 1;
            let mut change = NameChange::begin();
            match os::creating(access == Access::Private).open(&path) {
                Ok(file) => {
                    let owner = lock(&file);
                    if owner == Owner::Unknown || (owner == Owner::Us && is_still_at(&file, &path)) {
                        let file = Arc::new(file);
                        change.register(&path, &file, remove);
                        return Ok(Self { path, file });
                    }
                    // Another process removed the file as a leftover before it was locked: retry.
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => match remove_leftover(&path) {
                    Ok(Leftover::Removed) => {}
                    Ok(Leftover::InUse) if pauses == MAX_PAUSES => break,
                    Ok(Leftover::InUse) => {
                        drop(change);
                        pauses += 1;
                        attempts = 0;
                        pause();
                    }
                    Ok(Leftover::Unknown) => {
                        let remedy = format!("if no other airlatch runs, remove {}", path.display());
                        return Err(busy(shown).detail("this file system can't lock files").detail(remedy));
                    }
                    Err(error) => return Err(fault(&error, shown).detail(format!("at {}", path.display()))),
                },
                Err(error) => return Err(fault(&error, shown)),
            }
        }
        Err(busy(shown))
    }

    /// Writes all bytes, and syncs them if `sync` is set. A private file gets its mode before its first byte.
    pub(super) fn fill(&self, bytes: &[u8], access: Access, shown: &Path, sync: bool) -> Result<()> {
        fill(&self.file, bytes, access, shown, sync)
    }

    /// The file itself.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Moves it to its target with `rename`. From then on, another process may use the temporary name.
    pub(super) fn place(&self, rename: impl FnOnce(&Path) -> std::io::Result<()>) -> std::io::Result<()> {
        let mut change = NameChange::begin();
        rename(&self.path)?;
        change.finished(&self.file);
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        NameChange::begin().abandon(&self.file);
    }
}

fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Writes all bytes into a new file, and syncs them if `sync` is set.
pub(super) fn fill(mut file: &File, bytes: &[u8], access: Access, shown: &Path, sync: bool) -> Result<()> {
    let has_mode = access == Access::Public || os::make_private(file).map_err(|e| fault(&e, shown))?;
    if !has_mode {
        let message = "this file system can't protect a file from other users";
        return Err(error_at(Reason::ExposedKey, message, shown).because(Cause::NoFileModes));
    }
    file.write_all(bytes).map_err(|e| fault(&e, shown))?;
    if sync { file.sync_all().map_err(|e| fault(&e, shown)) } else { Ok(()) }
}

/// Removes the temporary file of `target` if its process has ended.
pub(super) fn discard(target: &Path) {
    let _ = remove_leftover(&beside(target));
}

/// The path of the temporary file: made from the target's name, or from a hash of a long name.
pub(super) fn beside(target: &Path) -> PathBuf {
    let target_name = target.file_name().unwrap_or_default();
    let mut name = OsString::from(".");
    if target_name.len() <= MAX_NAME_LENGTH {
        name.push(target_name);
    } else {
        name.push(format!("{:016x}", fnv(target_name.as_encoded_bytes())));
    }
    name.push(TAIL);
    target.with_file_name(name)
}

/// FNV-1a, 64 bits: the hash only has to be the same in each run.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Removes a temporary file if no running process holds its lock.
fn remove_leftover(path: &Path) -> std::io::Result<Leftover> {
    let not_found = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Ok(Leftover::Removed),
        _ => Err(error),
    };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return not_found(error),
    };
    if !metadata.is_file() {
        // A link or pipe with this name may be an attack: it is removed, not followed. A folder is an error.
        return fs::remove_file(path).map(|()| Leftover::Removed).or_else(not_found);
    }
    let file = match os::leftover().open(path) {
        Ok(file) => file,
        Err(error) => return not_found(error),
    };
    match lock(&file) {
        Owner::Another => Ok(Leftover::InUse),
        Owner::Unknown => Ok(Leftover::Unknown),
        Owner::Us if is_still_at(&file, path) => {
            fs::remove_file(path).map(|()| Leftover::Removed).or_else(not_found)
        }
        Owner::Us => Ok(Leftover::Removed),
    }
}

fn busy(shown: &Path) -> airlatch_core::model::Error {
    error_at(Reason::Busy, "another process is writing this file", shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_follows_from_the_target() {
        assert_eq!(beside(Path::new("/a/acme.key")), Path::new("/a/.acme.key.airlatch-tmp"));
        let long = |last: &str| beside(Path::new(&format!("/a/{}{last}", "x".repeat(250))));
        assert_eq!(long("1"), long("1"));
        assert_ne!(long("1"), long("2"));
        assert!(long("1").file_name().unwrap().len() < 40);
    }
}
