//! The names in a folder, one by one.

use std::ffi::OsStr;
use std::io::Result;
use std::ops::ControlFlow;
use std::path::Path;

/// Shows every name in a folder, in no order, until one is enough.
///
/// What the C library sets up to list a folder takes longer than most folders take to read.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn each_name(folder: &Path, mut visit: impl FnMut(&OsStr) -> ControlFlow<()>) -> Result<()> {
    use std::os::unix::ffi::OsStrExt;

    use rustix::fs::{Mode, OFlags, RawDir, open};

    let handle = open(folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut room = Vec::with_capacity(8 * 1024);
    let mut entries = RawDir::new(handle, room.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if !matches!(name, b"." | b"..") && visit(OsStr::from_bytes(name)).is_break() {
            break;
        }
    }
    Ok(())
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
