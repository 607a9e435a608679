//! The type of a file system, and the state of another process, as far as the system tells.

use std::io::Result;
use std::path::Path;

/// The type of a file system.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(dead_code, reason = "each system uses one of them")]
pub(crate) enum FileSystem {
    /// Its magic number, on Linux.
    Magic(u32),
    /// Its name, on BSD systems.
    Name(String),
    /// Unknown.
    Unknown,
}

/// The state of another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "not every system tells it")]
pub(crate) enum ProcessState {
    /// Running or sleeping.
    Runs,
    /// Stopped by a signal (SIGSTOP), until it is continued.
    Stopped,
    /// Ended, not visible, or unknown.
    Unknown,
}

/// The type of the file system of `path`; a link is followed.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn file_system(path: &Path) -> Result<FileSystem> {
    Ok(FileSystem::Magic(rustix::fs::statfs(path)?.f_type as u32))
}

/// The type of the file system of `path`; a link is followed.
#[cfg(target_vendor = "apple")]
pub(crate) fn file_system(path: &Path) -> Result<FileSystem> {
    let name = rustix::fs::statfs(path)?.f_fstypename;
    Ok(FileSystem::Name(name.iter().map(|b| char::from(*b as u8)).take_while(|c| *c != '\0').collect()))
}

/// Unknown on these systems.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(crate) fn file_system(path: &Path) -> Result<FileSystem> {
    std::fs::metadata(path).map(|_| FileSystem::Unknown)
}

/// The state of the process with this id; see proc(5).
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn process_state(process: u32) -> ProcessState {
    let path = format!("/proc/{process}/stat");
    let read = |file| crate::platform::files::read_whole(file, 4096).ok()?;
    let Some(bytes) = super::reading().open(path).ok().and_then(read) else { return ProcessState::Unknown };
    // The program name is in brackets, and may itself contain brackets.
    let after = bytes.iter().rposition(|b| *b == b')').and_then(|end| bytes.get(end + 2));
    match after {
        Some(b'T' | b't') => ProcessState::Stopped,
        Some(b'Z' | b'X') | None => ProcessState::Unknown,
        Some(_) => ProcessState::Runs,
    }
}

/// Unknown on these systems.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn process_state(_process: u32) -> ProcessState {
    ProcessState::Unknown
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_runs_and_no_process_does_not() {
        assert_eq!(process_state(std::process::id()), ProcessState::Runs);
        assert_eq!(process_state(u32::MAX), ProcessState::Unknown);
    }
}
