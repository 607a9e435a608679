//! A folder that is held open, so that what is in it is found without the way there.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Result;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) use linux::Below;

/// Shows every name in a folder, in no order, until one is enough.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn each_name(folder: &Path, visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
    Below::open(folder)?.each_name(visit)
}

/// Shows every name in a folder, in no order, until one is enough.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn each_name(folder: &Path, mut visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        if visit(&entry?.file_name()).is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, RawDir, openat, readlinkat, statat};

    use super::*;

    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
    /// What is no file does not make it wait.
    const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

    /// The folder; paths are relative to it, and lead over links.
    #[derive(Debug)]
    pub(crate) struct Below(OwnedFd);

    impl Below {
        pub(crate) fn open(folder: &Path) -> Result<Self> {
            Ok(Self(openat(CWD, folder, FOLDER, Mode::empty())?))
        }

        pub(crate) fn folder(&self, path: &Path) -> Result<Self> {
            Ok(Self(openat(&self.0, path, FOLDER, Mode::empty())?))
        }

        pub(crate) fn file(&self, path: &Path) -> Result<File> {
            Ok(openat(&self.0, path, FILE, Mode::empty())?.into())
        }

        /// Whether anything, be it a link that leads nowhere, stands at the path.
        pub(crate) fn has(&self, path: &Path) -> bool {
            statat(&self.0, path, AtFlags::SYMLINK_NOFOLLOW).is_ok()
        }

        /// Where a link leads.
        pub(crate) fn link(&self, path: &Path) -> Result<PathBuf> {
            let target = readlinkat(&self.0, path, Vec::new())?;
            Ok(std::ffi::OsString::from_vec(target.into_bytes()).into())
        }

        /// Shows every name in the folder, in no order, until one is enough; once for each opening.
        ///
        /// What the C library sets up to list a folder takes longer than most folders take to read.
        pub(crate) fn each_name(&self, mut visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
            let mut room = Vec::with_capacity(8 * 1024);
            let mut entries = RawDir::new(&self.0, room.spare_capacity_mut());
            while let Some(entry) = entries.next() {
                let entry = entry?;
                let name = entry.file_name().to_bytes();
                if !matches!(name, b"." | b"..") && visit(OsStr::from_bytes(name)).is_break() {
                    break;
                }
            }
            Ok(())
        }
    }
}

/// No folder can be held; it is found by its path each time.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[derive(Debug)]
pub(crate) enum Below {}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
impl Below {
    pub(crate) fn open(_folder: &Path) -> Result<Self> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn folder(&self, _path: &Path) -> Result<Self> {
        match *self {}
    }

    pub(crate) fn file(&self, _path: &Path) -> Result<File> {
        match *self {}
    }

    pub(crate) fn has(&self, _path: &Path) -> bool {
        match *self {}
    }

    pub(crate) fn link(&self, _path: &Path) -> Result<PathBuf> {
        match *self {}
    }

    pub(crate) fn each_name(&self, _visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
        match *self {}
    }
}
