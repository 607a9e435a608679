//! What the system tells of a file system and of another process, where it tells anything.

use std::io::Result;
use std::path::Path;

/// What kind a file system is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(dead_code, reason = "each system tells it in one way")]
pub(crate) enum FileSystem {
    /// By its number, on Linux.
    Magic(u32),
    /// By its name, on the systems of BSD.
    Name(String),
    /// The system doesn't tell.
    Unknown,
}

/// What another process does at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "not every system tells it")]
pub(crate) enum ProcessState {
    /// It runs, or waits for something.
    Runs,
    /// Somebody stopped it, and it waits to be continued.
    Stopped,
    /// It is gone, out of sight, or the system doesn't tell.
    Unknown,
}

/// The kind of the file system that `path` lies on; a link is followed.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn file_system(path: &Path) -> Result<FileSystem> {
    Ok(FileSystem::Magic(rustix::fs::statfs(path)?.f_type as u32))
}

/// The kind of the file system that `path` lies on; a link is followed.
#[cfg(target_vendor = "apple")]
pub(crate) fn file_system(path: &Path) -> Result<FileSystem> {
    let name = rustix::fs::statfs(path)?.f_fstypename;
    Ok(FileSystem::Name(name.iter().map(|b| char::from(*b as u8)).take_while(|c| *c != '\0').collect()))
}

/// There is nothing that tells it.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(crate) fn file_system(path: &Path) -> Result<FileSystem> {
    std::fs::metadata(path).map(|_| FileSystem::Unknown)
}

/// What the process with this number does; proc(5).
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn motion(process: u32) -> ProcessState {
    let path = format!("/proc/{process}/stat");
    let read = |file| crate::platform::files::read_whole(file, 4096).ok()?;
    let Some(bytes) = super::reading().open(path).ok().and_then(read) else { return ProcessState::Unknown };
    // The name of the program stands in brackets and may hold any of them.
    let after = bytes.iter().rposition(|b| *b == b')').and_then(|end| bytes.get(end + 2));
    match after {
        Some(b'T' | b't') => ProcessState::Stopped,
        Some(b'Z' | b'X') | None => ProcessState::Unknown,
        Some(_) => ProcessState::Runs,
    }
}

/// There is nothing that tells it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn motion(_process: u32) -> ProcessState {
    ProcessState::Unknown
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_runs_and_no_process_does_not() {
        assert_eq!(motion(std::process::id()), ProcessState::Runs);
        assert_eq!(motion(u32::MAX), ProcessState::Unknown);
    }
}
