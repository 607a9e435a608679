//! Lock files: one process at a time holds the lock; the file tells which process, and what it does.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use super::Files;
use super::file_lock::is_still_at;
use crate::platform::{PAUSE, now, pause};
use crate::platform::{fault::error_at, fault::fault};
use crate::platform::{os, os::ProcessState};
use airlatch_core::model::{Error, Reason, Result, Time};

/// The most bytes that are read of the holder's line.
const MAX_LINE: u64 = 200;
/// How often the lock file may disappear between opening and locking before it is an error.
const MAX_ATTEMPTS: usize = 8;

/// A held lock, released when it is dropped or the process ends.
///
/// The lock file is not removed: a waiting process has it open, and would lock a file that no other process can find.
#[derive(Debug)]
pub struct FileLock {
    file: File,
}

impl Files {
    /// Locks the file at `path`, makes it if it is missing, and writes the holder into it: the process id, `holder` (a verb,
    /// in one line) and the time. Retries for `timeout_seconds` if another process holds the lock.
    ///
    /// The lock is advisory, and valid on this machine only.
    ///
    /// # Errors
    /// `busy` with the holder, `unsafe-folder` if files can't be locked, `not-a-file` if there is something else than a file,
    /// `not-found` (the folder), `denied`, `read-only`, `bad-name`, `io`.
    pub fn lock_file(&self, path: &Path, holder: &str, timeout_seconds: u64) -> Result<FileLock> {
        let target = self.target(path)?;
        let mut retries = Duration::from_secs(timeout_seconds).as_millis().div_ceil(PAUSE.as_millis());
        let mut removed = 0;
        loop {
            let mut file = self.open_lock(&target, path)?;
            match acquire(&file, path, &mut retries)? {
                Acquired::Us if is_still_at(&file, &target) => {
                    // Without this line only the error of a waiting process is less specific.
                    let _ = write_holder(&mut file, holder, now());
                    return Ok(FileLock { file });
                }
                Acquired::Us if removed == MAX_ATTEMPTS => {
                    return Err(error_at(Reason::Busy, "the lock file is removed again and again", path));
                }
                Acquired::Us => removed += 1,
                Acquired::Another => return Err(busy(&mut file, path)),
            }
        }
    }

    /// Opens the lock file; a new one gets the owner of its folder, where that is wanted.
    fn open_lock(&self, target: &Path, shown: &Path) -> Result<File> {
        let is_given = self.keeps_owner && std::fs::symlink_metadata(target).is_err();
        let file = open(target, shown)?;
        if is_given {
            self.give_to_owner(&file, target);
        }
        Ok(file)
    }

    /// The present holder of the lock file at `path`, in one line; `None` if it is free or the holder is unknown.
    pub fn lock_holder(&self, path: &Path) -> Option<String> {
        let mut file = os::reading().open(self.resolve(path).ok()?).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                let busy = busy(&mut file, path);
                Some(busy.details().first().map_or_else(|| busy.message().to_owned(), Clone::clone))
            }
            _ => None,
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

enum Acquired {
    Us,
    Another,
}

fn open(target: &Path, shown: &Path) -> Result<File> {
    let not_a_file =
        || error_at(Reason::NotAFile, "the lock is a link, folder, pipe or device, not a file", shown);
    match std::fs::symlink_metadata(target) {
        Ok(found) if !found.is_file() => return Err(not_a_file()),
        _ => {}
    }
    let file = os::shared().open(target).map_err(|e| fault(&e, shown))?;
    let is_file = file.metadata().map_err(|e| fault(&e, shown))?.is_file();
    if is_file { Ok(file) } else { Err(not_a_file()) }
}

/// Tries to lock the file until `retries` are used up.
fn acquire(file: &File, shown: &Path, retries: &mut u128) -> Result<Acquired> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Acquired::Us),
            Err(TryLockError::WouldBlock) if *retries == 0 => return Ok(Acquired::Another),
            Err(TryLockError::WouldBlock) => pause(),
            Err(TryLockError::Error(error)) => {
                let message = "files can't be locked here, so two processes could write at once";
                return Err(error_at(Reason::UnsafeFolder, message, shown)
                    .detail(format!("the operating system says: {error}")));
            }
        }
        *retries -= 1;
    }
}

fn write_holder(file: &mut File, holder: &str, since: Time) -> std::io::Result<()> {
    let line = format!("{} {holder} since {since}\n", std::process::id());
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(line.as_bytes())
}

fn busy(file: &mut File, shown: &Path) -> Error {
    let busy = error_at(Reason::Busy, "another airlatch is at work here", shown);
    let mut line = Vec::new();
    // A new holder may not have written its line yet, and with mandatory locks the file can't be read.
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(MAX_LINE).read_to_end(&mut line));
    let line = String::from_utf8_lossy(&line);
    match line.trim_end().split_once(' ') {
        Some((process, activity)) if read.is_ok() => match process.parse() {
            Ok(process) => busy.detail(holder_text(process, activity, os::process_state(process))),
            Err(_) => busy,
        },
        _ => busy,
    }
}

fn holder_text(process: u32, activity: &str, state: ProcessState) -> String {
    let state = match state {
        ProcessState::Runs => "; it is running",
        ProcessState::Stopped => "; it is stopped and will not continue by itself",
        ProcessState::Unknown => "",
    };
    format!("process {process}: {activity}{state}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_named_with_its_activity() {
        assert_eq!(holder_text(7, "airlatch issue", ProcessState::Unknown), "process 7: airlatch issue");
        assert!(holder_text(7, "airlatch issue", ProcessState::Runs).ends_with("it is running"));
        assert!(holder_text(7, "airlatch issue", ProcessState::Stopped).contains("stopped"));
    }
}
