//! The guard of a ledger: a lock file that says who holds it, and why a second process has to wait.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use super::Files;
use super::file_lock::still_there;
use crate::platform::{PAUSE, now, pause};
use crate::platform::{fault::error_at, fault::fault};
use crate::platform::{os, os::ProcessState};
use airlatch_core::model::{Error, Reason, Result, Time};

/// The most that is read of what a holder says of itself.
const LINE: u64 = 200;
/// How often the file may be taken away between opening and locking before that counts as an error.
const ATTEMPTS: usize = 8;

/// A lock that is held; it ends when this is dropped, or with the process.
///
/// The file stays where it is: whoever waits for it has it open, and would lock a file that nobody else finds.
#[derive(Debug)]
pub struct FileLock {
    file: File,
}

impl Files {
    /// Locks the file at `path`, makes it if it is missing, and writes into it who holds it: the process id, `holder` (a
    /// verb, in one line) and since when. Waits for another process for so many seconds.
    ///
    /// The lock is advisory: it binds those that ask for it, on this machine.
    ///
    /// # Errors
    /// `busy` with who holds it, `unsafe-folder` where files can't be locked, `not-a-file` when something else stands
    /// there, `not-found` (the folder), `denied`, `read-only`, `bad-name`, `io`.
    pub fn guard(&self, path: &Path, holder: &str, seconds: u64) -> Result<FileLock> {
        let target = self.target(path)?;
        let mut waits = Duration::from_secs(seconds).as_millis().div_ceil(PAUSE.as_millis());
        let mut gone = 0;
        loop {
            let mut file = open(&target, path)?;
            match take(&file, path, &mut waits)? {
                Taken::Us if still_there(&file, &target) => {
                    // A line that can't be written only makes the message of others poorer.
                    let _ = say(&mut file, holder, now());
                    return Ok(FileLock { file });
                }
                Taken::Us if gone == ATTEMPTS => {
                    return Err(error_at(Reason::Busy, "the lock is taken away again and again", path));
                }
                Taken::Us => gone += 1,
                Taken::Another => return Err(busy(&mut file, path)),
            }
        }
    }
}

impl Files {
    /// Who holds the guard at `path` at this moment, in one line; none when nobody does, or it can't be told.
    pub fn guarded_by(&self, path: &Path) -> Option<String> {
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

enum Taken {
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

fn take(file: &File, shown: &Path, waits: &mut u128) -> Result<Taken> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Taken::Us),
            Err(TryLockError::WouldBlock) if *waits == 0 => return Ok(Taken::Another),
            Err(TryLockError::WouldBlock) => pause(),
            Err(TryLockError::Error(error)) => {
                let what = "files can't be locked here, so two could write at once";
                return Err(error_at(Reason::UnsafeFolder, what, shown)
                    .detail(format!("the operating system says: {error}")));
            }
        }
        *waits -= 1;
    }
}

fn say(file: &mut File, holder: &str, since: Time) -> std::io::Result<()> {
    let line = format!("{} {holder} since {since}\n", std::process::id());
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(line.as_bytes())
}

fn busy(file: &mut File, shown: &Path) -> Error {
    let busy = error_at(Reason::Busy, "another airlatch is at work here", shown);
    let mut said = Vec::new();
    // A holder that has just come may not have said anything yet; where locks are mandatory it can't be read.
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(LINE).read_to_end(&mut said));
    let said = String::from_utf8_lossy(&said);
    match said.trim_end().split_once(' ') {
        Some((process, doing)) if read.is_ok() => match process.parse() {
            Ok(process) => busy.detail(holds(process, doing, os::motion(process))),
            Err(_) => busy,
        },
        _ => busy,
    }
}

fn holds(process: u32, doing: &str, motion: ProcessState) -> String {
    let how = match motion {
        ProcessState::Runs => "; it runs",
        ProcessState::Stopped => "; it is stopped and will not go on by itself",
        ProcessState::Unknown => "",
    };
    format!("process {process}: {doing}{how}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_told_with_what_it_does() {
        assert_eq!(holds(7, "airlatch issue", ProcessState::Unknown), "process 7: airlatch issue");
        assert!(holds(7, "airlatch issue", ProcessState::Runs).ends_with("it runs"));
        assert!(holds(7, "airlatch issue", ProcessState::Stopped).contains("stopped"));
    }
}
