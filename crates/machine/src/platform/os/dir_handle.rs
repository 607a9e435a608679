//! Directory handles: files are opened relative to an open folder, without resolving its path again.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Result;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) use linux::{DirHandle, each_name_in_root, has_in_root, link_in_root, open_in_root};

/// Calls `visit` with every name in a folder, unsorted, until it breaks.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn each_name(folder: &Path, visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
    DirHandle::open(folder)?.each_name(visit)
}

/// Calls `visit` with every name in a folder, unsorted, until it breaks.
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

    use rustix::fs::{
        AtFlags, CWD, Mode, OFlags, RawDir, ResolveFlags, StatxAttributes, StatxFlags, openat, openat2,
        readlinkat, statat, statx,
    };
    use rustix::io::Errno;

    use super::*;

    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
    /// Opening a pipe or a terminal does not block.
    const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

    /// Opens the relative `path` as a process chrooted to `root` would: links can't lead out of it.
    pub(crate) fn open_in_root(root: &Path, path: &Path) -> Result<File> {
        Ok(in_root(root, path, FILE)?.into())
    }

    /// Whether anything exists at `path` for such a process; a dangling link counts.
    pub(crate) fn has_in_root(root: &Path, path: &Path) -> bool {
        place_in_root(root, path).is_ok_and(|(folder, name)| folder.has(name))
    }

    /// The target of the link at `path` for such a process.
    pub(crate) fn link_in_root(root: &Path, path: &Path) -> Result<PathBuf> {
        let (folder, name) = place_in_root(root, path)?;
        folder.link(name)
    }

    /// Calls `visit` with every name in the folder at `path` for such a process, unsorted, until it breaks.
    pub(crate) fn each_name_in_root(
        root: &Path,
        path: &Path,
        visit: impl FnMut(&OsStr) -> ControlFlow<()>,
    ) -> Result<()> {
        folder_in_root(root, path)?.each_name(visit)
    }

    /// The parent folder of `path`, and the name in it.
    fn place_in_root<'a>(root: &Path, path: &'a Path) -> Result<(DirHandle, &'a Path)> {
        let name = path.file_name().map(Path::new).ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok((folder_in_root(root, path.parent().unwrap_or(path))?, name))
    }

    fn folder_in_root(root: &Path, path: &Path) -> Result<DirHandle> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Ok(DirHandle(in_root(root, path, FOLDER)?))
    }

    fn in_root(root: &Path, path: &Path, how: OFlags) -> Result<OwnedFd> {
        let folder = DirHandle::open(root)?;
        match openat2(&folder.0, path, how, Mode::empty(), ResolveFlags::IN_ROOT) {
            // Kernels before 5.6 and some sandboxes don't have openat2.
            Err(Errno::NOSYS | Errno::PERM) => Ok(openat(&folder.0, path, how, Mode::empty())?),
            done => Ok(done?),
        }
    }

    /// An open folder. Paths are relative to it; links are followed.
    #[derive(Debug)]
    pub(crate) struct DirHandle(OwnedFd);

    impl DirHandle {
        pub(crate) fn open(folder: &Path) -> Result<Self> {
            Ok(Self(openat(CWD, folder, FOLDER, Mode::empty())?))
        }

        pub(crate) fn folder(&self, path: &Path) -> Result<Self> {
            Ok(Self(openat(&self.0, path, FOLDER, Mode::empty())?))
        }

        pub(crate) fn file(&self, path: &Path) -> Result<File> {
            Ok(openat(&self.0, path, FILE, Mode::empty())?.into())
        }

        /// Whether anything exists at the path; a dangling link counts.
        pub(crate) fn has(&self, path: &Path) -> bool {
            statat(&self.0, path, AtFlags::SYMLINK_NOFOLLOW).is_ok()
        }

        /// The target of a link.
        pub(crate) fn link(&self, path: &Path) -> Result<PathBuf> {
            let target = readlinkat(&self.0, path, Vec::new())?;
            Ok(std::ffi::OsString::from_vec(target.into_bytes()).into())
        }

        /// Whether the path is a mount point; `None` if the kernel (before 5.8) or a sandbox does not tell.
        pub(crate) fn is_mount(&self, path: &Path) -> Option<bool> {
            let how = AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT;
            match statx(&self.0, path, how, StatxFlags::empty()) {
                Ok(found) => {
                    let is_known = found.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT);
                    is_known.then(|| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
                }
                Err(Errno::NOENT | Errno::NOTDIR) => Some(false),
                Err(_) => None,
            }
        }

        /// Calls `visit` with every name in the folder, unsorted, until it breaks. It works once for each handle.
        ///
        /// It calls the kernel directly: the buffer of the C library's `readdir` takes longer to set up than most folders
        /// take to read.
        pub(crate) fn each_name(&self, mut visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
            let mut buffer = Vec::with_capacity(8 * 1024);
            let mut entries = RawDir::new(&self.0, buffer.spare_capacity_mut());
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

/// Opens the relative `path` below `root`.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn open_in_root(root: &Path, path: &Path) -> Result<File> {
    super::reading().open(root.join(path))
}

/// Whether anything exists at `path` below `root`; a dangling link counts.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn has_in_root(root: &Path, path: &Path) -> bool {
    std::fs::symlink_metadata(root.join(path)).is_ok()
}

/// The target of the link at `path` below `root`.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn link_in_root(root: &Path, path: &Path) -> Result<PathBuf> {
    std::fs::read_link(root.join(path))
}

/// Calls `visit` with every name in the folder at `path` below `root`, unsorted, until it breaks.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn each_name_in_root(
    root: &Path,
    path: &Path,
    visit: impl FnMut(&OsStr) -> ControlFlow<()>,
) -> Result<()> {
    each_name(&root.join(path), visit)
}

/// Without directory handles, a folder is opened by its path each time.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[derive(Debug)]
pub(crate) enum DirHandle {}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
impl DirHandle {
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

    pub(crate) fn is_mount(&self, _path: &Path) -> Option<bool> {
        match *self {}
    }

    pub(crate) fn each_name(&self, _visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn opening_a_pipe_does_not_block() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = std::env::temp_dir().join(format!("airlatch-pipe-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pipe = folder.join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let opened = crate::platform::os::reading().open(&pipe).is_ok();
            sender.send(opened && open_in_root(&folder, Path::new("pipe")).is_ok()).unwrap();
            std::fs::remove_dir_all(folder).unwrap();
        });
        assert!(receiver.recv_timeout(std::time::Duration::from_secs(10)).unwrap());
    }
}
