//! Atomic writes: at every moment the target is missing, old or complete.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;

use super::put_in_place::place;
use super::read::{open_regular, read_whole};
use super::temporary::{Temporary, discard};
use super::{Access, Existing, Files, WriteResult, folder_of};
use crate::platform::os;
use crate::platform::{fault::error_at, fault::fault};
use airlatch_core::model::{Error, Reason, Result};

impl Files {
    /// Writes a whole file atomically: a partial file never appears at `path`, not even after a failure.
    ///
    /// The file is synced when this returns. After an error the target is missing or old, with one exception: if the folder
    /// can't be synced after a replacement, the new file stays, complete.
    ///
    /// # Errors
    /// `exists`, `busy`, `not-found` (the folder), `not-a-file`, `denied`, `read-only`, `disk-full`, `file-limit`,
    /// `bad-name`, `io`, and `exposed-key` for a private file on a medium that can't keep it from other users.
    pub fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        access: Access,
        existing: Existing,
    ) -> Result<WriteResult> {
        self.put(path, bytes, (access, existing), true)
    }

    /// Writes a whole file atomically, but without syncing: after a power failure the target may be old, or even empty. For
    /// files that are written often and have a second copy.
    ///
    /// # Errors
    /// Those of [`write`](Self::write).
    pub fn write_unsynced(
        &self,
        path: &Path,
        bytes: &[u8],
        access: Access,
        existing: Existing,
    ) -> Result<WriteResult> {
        self.put(path, bytes, (access, existing), false)
    }

    fn put(
        &self,
        path: &Path,
        bytes: &[u8],
        (access, existing): (Access, Existing),
        sync: bool,
    ) -> Result<WriteResult> {
        let target = self.target(path)?;
        let old = match target_state(&target, path, bytes, access, existing) {
            Ok(TargetState::Nothing) => None,
            Ok(TargetState::Old(metadata)) => Some(metadata),
            Ok(TargetState::Same) => {
                discard(&target);
                return Ok(WriteResult::Same);
            }
            Err(refused) => {
                discard(&target);
                return Err(refused);
            }
        };
        let temporary = Temporary::create(&target, path, access)?;
        temporary.fill(bytes, access, path, sync)?;
        match &old {
            None => self.give_to_owner(temporary.file(), &target),
            Some(old) => {
                if let Ok(folder) = fs::metadata(folder_of(&target)) {
                    os::keep_owner(temporary.file(), old, &folder);
                }
            }
        }
        let placed = temporary.place(|from| match existing {
            Existing::Replace => fs::rename(from, &target),
            Existing::Keep => place(from, &target, access == Access::Private),
        });
        match placed {
            Ok(()) => {}
            // Another process created the target meanwhile.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return match target_state(&target, path, bytes, access, existing)? {
                    TargetState::Same => Ok(WriteResult::Same),
                    TargetState::Nothing | TargetState::Old(_) => Err(exists(path)),
                };
            }
            Err(error) => return Err(fault(&error, path)),
        }
        if sync {
            os::sync_folder(folder_of(&target)).map_err(|error| {
                if old.is_none() {
                    let _ = fs::remove_file(&target);
                }
                fault(&error, path)
            })?;
        }
        Ok(if old.is_some() { WriteResult::Replaced } else { WriteResult::New })
    }
}

/// The state of a target before a write.
pub(super) enum TargetState {
    Nothing,
    Same,
    Old(Metadata),
}

/// The state of the target; an error if it must not be replaced.
pub(super) fn target_state(
    target: &Path,
    shown: &Path,
    bytes: &[u8],
    access: Access,
    existing: Existing,
) -> Result<TargetState> {
    let old = match fs::symlink_metadata(target) {
        Ok(old) => old,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(TargetState::Nothing),
        Err(error) => return Err(fault(&error, shown)),
    };
    if old.is_symlink() {
        return match existing {
            Existing::Keep => Err(error_at(Reason::Exists, "a symbolic link is there already", shown)),
            // A link to a device, such as /dev/stdout, must not be replaced by a file.
            Existing::Replace if fs::metadata(target).is_ok_and(|there| !there.is_file()) => Err(error_at(
                Reason::NotAFile,
                "a link to a folder, pipe, device or socket is there already",
                shown,
            )),
            Existing::Replace => Ok(TargetState::Old(old)),
        };
    }
    if !old.is_file() {
        let message = "a folder, pipe, device or socket is there already";
        return Err(error_at(Reason::NotAFile, message, shown));
    }
    let mode_fits = existing == Existing::Keep || access == Access::Public || os::is_private(&old);
    if mode_fits && has_content(target, &old, bytes) {
        return Ok(TargetState::Same);
    }
    match existing {
        Existing::Keep => Err(exists(shown)),
        Existing::Replace => Ok(TargetState::Old(old)),
    }
}

fn has_content(target: &Path, old: &Metadata, bytes: &[u8]) -> bool {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let read = || read_whole(open_regular(target).ok()??.0, length).ok()?;
    old.len() == length && read().is_some_and(|found| found == bytes)
}

fn exists(shown: &Path) -> Error {
    error_at(Reason::Exists, "a file with other content is there already", shown)
}
