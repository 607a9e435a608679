//! What stands for the calls of Unix elsewhere: no modes, no sync of a whole file system, no terminal settings.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Opens for reading.
pub(crate) fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

/// Creates a file that must not be there yet; the folder's access list decides who may read it.
pub(crate) fn creating(_private: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options
}

/// Opens what a dead process left.
pub(crate) fn leftover() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    options
}

/// Opens a file that several processes lock, and makes it if it is missing.
pub(crate) fn shared() -> OpenOptions {
    let mut options = leftover();
    options.create(true);
    options
}

/// Opens a folder.
pub(crate) fn open_folder(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(windows)]
    {
        // FILE_FLAG_BACKUP_SEMANTICS: without it a folder can't be opened.
        std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0200_0000);
    }
    options.open(path)
}

/// There are no modes to set: the folder's access list holds.
pub(crate) fn make_private(_file: &File) -> Result<bool> {
    Ok(true)
}

/// Makes one folder.
pub(crate) fn make_folder(path: &Path, _private: bool) -> Result<()> {
    std::fs::create_dir(path)
}

/// There are no modes to be wrong.
pub(crate) fn is_private(_metadata: &Metadata) -> bool {
    true
}

/// There is no stable number of a file.
pub(crate) fn identity(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}

/// There are neither modes nor numbers of users.
pub(crate) fn mode_and_owner(_metadata: &Metadata) -> (Option<u32>, Option<u32>) {
    (None, None)
}

/// The access list is not asked: opening shows it.
pub(crate) fn may_read(path: &Path, is_dir: bool) -> bool {
    if is_dir { std::fs::read_dir(path).is_ok() } else { reading().open(path).is_ok() }
}

/// The access list is not asked, and trying would write; only the mark against writing is seen.
pub(crate) fn may_write(path: &Path, is_dir: bool) -> bool {
    is_dir || std::fs::metadata(path).is_ok_and(|found| !found.permissions().readonly())
}

/// Users have no numbers.
pub(crate) fn user_id() -> Option<u32> {
    None
}

/// Owners are kept by the access list.
pub(crate) fn keep_owner(_file: &File, _old: &Metadata, _folder: &Metadata) {}

/// There is no such call.
pub(crate) fn rename_new(_from: &Path, _to: &Path) -> Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Folders can't be synced.
pub(crate) fn sync_folder(_path: &Path) -> Result<()> {
    Ok(())
}

/// There is no such call.
pub(crate) fn sync_file_system(_folder: &File) -> Result<bool> {
    Ok(false)
}

/// There are no modes.
pub(crate) fn open_to_others(_file: &Metadata, _folder: &Metadata) -> Option<(u32, bool)> {
    None
}

/// There are no modes, and none are made up.
pub(crate) fn lacks_modes(_path: &Path, _mode: u32) -> bool {
    false
}

/// The one name of a path that is there: absolute, and without links.
pub(crate) fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize()
}

/// A closed output is seen by the first write.
pub(crate) fn is_writable_void<T>(_stream: &T) -> bool {
    false
}

/// Only the standard streams can be a terminal.
pub(crate) fn terminal() -> Result<File> {
    Err(Error::from(std::io::ErrorKind::Unsupported))
}

/// Links are resolved by the system without a word of its own for it.
pub(crate) fn is_link_loop(_error: &Error) -> bool {
    false
}

/// Windows has its own words for it.
pub(crate) fn is_open_limit(_error: &Error) -> bool {
    false
}

/// There is no such signal.
pub(crate) fn ignore_file_limit_signal() -> Result<()> {
    Ok(())
}

/// There are no such signals: a console ends its processes by itself.
pub(crate) fn watch_signals(_tidy: fn()) {}

/// There is nothing to keep.
pub(crate) fn keep_terminal() {}

/// There is nothing to restore.
pub(crate) fn restore_terminal() {}

/// Not asked: the variable `COLUMNS` or the default stands for it.
pub(crate) fn columns() -> Option<u16> {
    None
}
