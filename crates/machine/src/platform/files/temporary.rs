//! The temporary file beside a target: its name follows from the target's, so the next run finds what a dead one left.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Access;
use super::change::NameChange;
use super::file_lock::{Owner, lock, still_there};
use crate::platform::os;
use crate::platform::{fault::error_at, fault::fault};
use airlatch_core::model::{Reason, Result};

/// Ends the name of every temporary; it begins with a dot.
pub(super) const TAIL: &str = ".airlatch-tmp";
/// Some file systems (encrypted homes) allow 143 bytes in a name: longer names are shortened well before that.
const LONGEST: usize = 100;
/// How often another process may take the temporary away before it counts as busy.
const ATTEMPTS: usize = 8;

/// A new, locked temporary file; it is removed when dropped, unless it was put in place.
#[derive(Debug)]
pub(super) struct Temporary {
    path: PathBuf,
    file: Arc<File>,
}

/// What became of a temporary that was found.
enum Found {
    Gone,
    Live,
    Unknown,
}

impl Temporary {
    /// Creates the temporary of `target`, which messages call `shown`.
    pub(super) fn claim(target: &Path, shown: &Path, access: Access) -> Result<Self> {
        let path = beside(target);
        for _ in 0..ATTEMPTS {
            let mut change = NameChange::begin();
            match os::creating(access == Access::Private).open(&path) {
                Ok(file) => {
                    let owner = lock(&file);
                    if owner == Owner::Unknown || (owner == Owner::Us && still_there(&file, &path)) {
                        let file = Arc::new(file);
                        change.unfinished(&path, &file, remove);
                        return Ok(Self { path, file });
                    }
                    // Another process took ours for a leftover before it was locked.
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => match sweep(&path) {
                    Ok(Found::Gone) => {}
                    Ok(Found::Live) => break,
                    Ok(Found::Unknown) => {
                        let remedy = format!("if no other airlatch runs, remove {}", path.display());
                        return Err(busy(shown).detail("this medium can't lock files").detail(remedy));
                    }
                    Err(error) => return Err(fault(&error, shown).detail(format!("at {}", path.display()))),
                },
                Err(error) => return Err(fault(&error, shown)),
            }
        }
        Err(busy(shown))
    }

    /// Writes all bytes, and makes them last where that is asked for; a private file gets its mode before its first byte.
    pub(super) fn fill(&self, bytes: &[u8], access: Access, shown: &Path, sync: bool) -> Result<()> {
        fill(&self.file, bytes, access, shown, sync)
    }

    /// The file itself.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Puts it in place by `way`; its name may be another process's from then on.
    pub(super) fn place(&self, way: impl FnOnce(&Path) -> std::io::Result<()>) -> std::io::Result<()> {
        let mut change = NameChange::begin();
        way(&self.path)?;
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

/// Writes all bytes into a new file, and makes them last where that is asked for.
pub(super) fn fill(mut file: &File, bytes: &[u8], access: Access, shown: &Path, sync: bool) -> Result<()> {
    let ours = access == Access::Public || os::make_private(file).map_err(|e| fault(&e, shown))?;
    if !ours {
        let what = "this medium can't keep a file from other users";
        return Err(error_at(Reason::ExposedKey, what, shown));
    }
    file.write_all(bytes).map_err(|e| fault(&e, shown))?;
    if sync { file.sync_all().map_err(|e| fault(&e, shown)) } else { Ok(()) }
}

/// Removes the temporary of `target` if its process is dead.
pub(super) fn discard(target: &Path) {
    let _ = sweep(&beside(target));
}

/// The temporary's name: the target's in a longer form, or a hash of it where that would be too long.
pub(super) fn beside(target: &Path) -> PathBuf {
    let target_name = target.file_name().unwrap_or_default();
    let mut name = OsString::from(".");
    if target_name.len() <= LONGEST {
        name.push(target_name);
    } else {
        name.push(format!("{:016x}", fnv(target_name.as_encoded_bytes())));
    }
    name.push(TAIL);
    target.with_file_name(name)
}

/// FNV-1a, 64 bits: it only has to give the same name again.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn sweep(path: &Path) -> std::io::Result<Found> {
    let gone = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Ok(Found::Gone),
        _ => Err(error),
    };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return gone(error),
    };
    if !metadata.is_file() {
        // A link or pipe under this name was planted: it is taken away, never followed. A folder stays, as an error.
        return fs::remove_file(path).map(|()| Found::Gone).or_else(gone);
    }
    let file = match os::leftover().open(path) {
        Ok(file) => file,
        Err(error) => return gone(error),
    };
    match lock(&file) {
        Owner::Another => Ok(Found::Live),
        Owner::Unknown => Ok(Found::Unknown),
        Owner::Us if still_there(&file, path) => fs::remove_file(path).map(|()| Found::Gone).or_else(gone),
        Owner::Us => Ok(Found::Gone),
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
