//! Replacements for the Unix functions on other systems: no modes, no sync of a whole file system, no terminal settings.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Opens for reading.
pub(crate) fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

/// Creates a file that must not exist yet; the folder's access list decides who may read it.
pub(crate) fn creating(_private: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options
}

/// Opens a temporary file of an earlier run.
pub(crate) fn leftover() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    options
}

/// Opens a lock file, and makes it if it is missing.
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

/// No modes: the folder's access list applies.
pub(crate) fn make_private(_file: &File) -> Result<bool> {
    Ok(true)
}

/// Always: there are no file modes here.
pub(crate) fn any_user_may_read(_metadata: &Metadata) -> bool {
    true
}

/// Never: there are no file modes here.
pub(crate) fn nobody_may_read(_metadata: &Metadata) -> bool {
    false
}

/// Makes one folder.
pub(crate) fn make_folder(path: &Path, _private: bool) -> Result<()> {
    std::fs::create_dir(path)
}

/// No modes: every file counts as private.
pub(crate) fn is_private(_metadata: &Metadata) -> bool {
    true
}

/// No stable inode number.
pub(crate) fn identity(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}

/// Neither modes nor user ids.
pub(crate) fn mode_and_owner(_metadata: &Metadata) -> (Option<u32>, Option<u32>) {
    (None, None)
}

/// Tries to open it, since the access list is not evaluated here.
pub(crate) fn may_read(path: &Path, is_dir: bool) -> bool {
    if is_dir { std::fs::read_dir(path).is_ok() } else { reading().open(path).is_ok() }
}

/// Checks the read-only attribute only: the access list is not evaluated here, and an attempt would write.
pub(crate) fn may_write(path: &Path, is_dir: bool) -> bool {
    is_dir || std::fs::metadata(path).is_ok_and(|found| !found.permissions().readonly())
}

/// No user ids.
pub(crate) fn user_id() -> Option<u32> {
    None
}

/// The access list keeps the owner.
pub(crate) fn keep_owner(_file: &File, _old: &Metadata, _folder: &Metadata) {}

/// No owners here.
pub(crate) fn give_to_owner(_file: &File, _folder: &Metadata) {}

/// No such call.
pub(crate) fn rename_new(_from: &Path, _to: &Path) -> Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Folders can't be synced.
pub(crate) fn sync_folder(_path: &Path) -> Result<()> {
    Ok(())
}

/// No such call.
pub(crate) fn sync_file_system(_folder: &File) -> Result<bool> {
    Ok(false)
}

/// No modes.
pub(crate) fn open_to_others(_file: &Metadata, _folder: &Metadata) -> Option<(u32, bool)> {
    None
}

/// No modes.
pub(crate) fn lacks_modes(_path: &Path, _mode: u32) -> bool {
    false
}

/// No pipes with a path.
pub(crate) fn is_pipe(_found: &std::fs::Metadata) -> bool {
    false
}

/// No modes.
pub(crate) fn has_fixed_mode(_path: &Path, _found: &std::fs::Metadata) -> bool {
    false
}

/// The absolute path of an existing file, with links resolved.
pub(crate) fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize()
}

/// Not detected: a closed output fails at the first write.
pub(crate) fn is_writable_void<T>(_stream: &T) -> bool {
    false
}

/// Only the standard streams can be a terminal.
pub(crate) fn terminal() -> Result<File> {
    Err(Error::from(std::io::ErrorKind::Unsupported))
}

/// No error code for it.
pub(crate) fn is_link_loop(_error: &Error) -> bool {
    false
}

/// Not recognized on these systems.
pub(crate) fn is_open_limit(_error: &Error) -> bool {
    false
}

/// No such signal.
pub(crate) fn ignore_file_limit_signal() -> Result<()> {
    Ok(())
}

/// No such signals.
pub(crate) fn watch_signals(_cleanup: fn()) {}

/// No settings to save.
pub(crate) fn save_terminal() {}

/// No settings to restore.
pub(crate) fn restore_terminal() {}

/// Not asked: the variable `COLUMNS` or the default stands for it.
pub(crate) fn columns() -> Option<u16> {
    None
}
