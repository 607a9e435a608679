//! System calls on Unix, with fallbacks where only Linux has a call.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, fchmod, fcntl_getfl};
use rustix::io::Errno;

const PRIVATE_MODE: u32 = 0o600;
const PUBLIC_MODE: u32 = 0o644;

/// Opens for reading, without blocking on a pipe or a terminal.
pub(crate) fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY));
    options
}

/// Creates a file that must not exist yet. The umask may remove bits of the mode; [`make_private`] sets them again.
pub(crate) fn creating(private: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(if private { PRIVATE_MODE } else { PUBLIC_MODE });
    options
}

/// Opens a temporary file of an earlier run; a link is not followed.
pub(crate) fn leftover() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(flags(OFlags::NOFOLLOW | OFlags::NONBLOCK));
    options
}

/// Opens a lock file, and makes it if it is missing; a link is not followed.
pub(crate) fn shared() -> OpenOptions {
    let mut options = leftover();
    options.create(true).mode(PUBLIC_MODE);
    options
}

/// Opens a folder, to lock it or sync its file system; a link is not followed.
pub(crate) fn open_folder(path: &Path) -> Result<File> {
    OpenOptions::new().read(true).custom_flags(flags(OFlags::DIRECTORY | OFlags::NOFOLLOW)).open(path)
}

/// Makes a file accessible to its owner only; false if the file system does not support it.
pub(crate) fn make_private(file: &File) -> Result<bool> {
    match fchmod(file, Mode::from_raw_mode(PRIVATE_MODE as _)) {
        Ok(()) => Ok(file.metadata()?.mode() & 0o777 == PRIVATE_MODE),
        Err(Errno::PERM | Errno::NOSYS | Errno::OPNOTSUPP | Errno::INVAL) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether every user may read the file.
pub(crate) fn any_user_may_read(metadata: &Metadata) -> bool {
    metadata.mode() & 0o004 != 0
}

/// Whether the mode lets nobody read the file; root reads it nevertheless.
pub(crate) fn nobody_may_read(metadata: &Metadata) -> bool {
    metadata.mode() & 0o444 == 0
}

/// Makes one folder; a private one gets mode 0700, independent of the umask.
pub(crate) fn make_folder(path: &Path, private: bool) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    if !private {
        return builder.create(path);
    }
    builder.mode(0o700).create(path)?;
    match std::fs::set_permissions(path, PermissionsExt::from_mode(0o700)) {
        Err(error) if !matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// Whether only its owner may access the file.
pub(crate) fn is_private(metadata: &Metadata) -> bool {
    metadata.mode() & 0o077 == 0
}

/// Device and inode number: equal for two paths of the same file.
pub(crate) fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    Some((metadata.dev(), metadata.ino()))
}

/// The mode bits and the owner's user id.
pub(crate) fn mode_and_owner(metadata: &Metadata) -> (Option<u32>, Option<u32>) {
    (Some(metadata.mode() & 0o7777), Some(metadata.uid()))
}

/// Whether this process may read a file, or list a folder.
pub(crate) fn may_read(path: &Path, is_dir: bool) -> bool {
    use rustix::fs::Access;
    may(path, if is_dir { Access::READ_OK | Access::EXEC_OK } else { Access::READ_OK })
}

/// Whether this process may write a file, or create files in a folder.
pub(crate) fn may_write(path: &Path, is_dir: bool) -> bool {
    use rustix::fs::Access;
    may(path, if is_dir { Access::WRITE_OK | Access::EXEC_OK } else { Access::WRITE_OK })
}

fn may(path: &Path, access: rustix::fs::Access) -> bool {
    use rustix::fs::{AtFlags, CWD, accessat};
    match accessat(CWD, path, access, AtFlags::EACCESS) {
        Err(Errno::NOSYS | Errno::INVAL) => accessat(CWD, path, access, AtFlags::empty()).is_ok(),
        asked => asked.is_ok(),
    }
}

/// The effective user id of this process.
pub(crate) fn user_id() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

/// If root replaces a file, the new one gets the old owner, provided that the folder has the same owner.
pub(crate) fn keep_owner(file: &File, old: &Metadata, folder: &Metadata) {
    if old.uid() == folder.uid() && file.metadata().is_ok_and(|new| new.uid() != old.uid()) {
        let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    }
}

/// If root created the file, it gets the owner of its folder. A file with another name besides was not created just now.
pub(crate) fn give_to_owner(file: &File, folder: &Metadata) {
    let is_new = |new: &Metadata| new.is_dir() || new.nlink() == 1;
    if user_id() == Some(0) && folder.uid() != 0 && file.metadata().is_ok_and(|new| is_new(&new)) {
        let _ = std::os::unix::fs::fchown(file, Some(folder.uid()), Some(folder.gid()));
    }
}

/// Renames without replacing an existing file; `Unsupported` if the system has no such call.
pub(crate) fn rename_new(from: &Path, to: &Path) -> Result<()> {
    #[cfg(any(target_vendor = "apple", target_os = "linux", target_os = "android"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
    }
    #[cfg(not(any(target_vendor = "apple", target_os = "linux", target_os = "android")))]
    {
        let _ = (from, to);
        Err(ErrorKind::Unsupported.into())
    }
}

/// Syncs the names in a folder. It is no error if the file system or a missing permission does not allow it.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    let done = File::open(path).and_then(|folder| folder.sync_all());
    match done {
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::PermissionDenied | ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}

/// Syncs the folder's whole file system in one call; false if there is no such call.
pub(crate) fn sync_file_system(folder: &File) -> Result<bool> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        rustix::fs::syncfs(folder)?;
        Ok(true)
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _ = folder;
        Ok(false)
    }
}

/// The mode that lets other users read or replace a private file, and whether it is that of its folder.
pub(crate) fn open_to_others(file: &Metadata, folder: &Metadata) -> Option<(u32, bool)> {
    let (file, folder) = (file.mode() & 0o7777, folder.mode() & 0o7777);
    if file & 0o077 != 0 {
        return Some((file, false));
    }
    (folder & 0o1002 == 0o002).then_some((folder, true))
}

/// Whether the file system of `path` has no modes of its own, such as FAT and NTFS.
pub(crate) fn lacks_modes(path: &Path, mode: u32) -> bool {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // linux/magic.h: FAT, exFAT, NTFS (two drivers), SMB (three versions).
        const WITHOUT_MODES: [u32; 7] =
            [0x4d44, 0x2011_bab0, 0x5346_544e, 0x7366_746e, 0x517b, 0xff53_4d42, 0xfe53_4d42];
        const FUSE: u32 = 0x6573_5546;
        let Ok(statistics) = rustix::fs::statfs(path) else { return false };
        let magic = statistics.f_type as u32;
        // FUSE may have modes or not. A key file with an executable bit shows that it has none.
        WITHOUT_MODES.contains(&magic) || (magic == FUSE && mode & 0o111 != 0)
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _ = (path, mode);
        false
    }
}

/// Whether this is a pipe.
pub(crate) fn is_pipe(found: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type())
}

/// Whether this process can't change the mode of the file: its file system is read-only, or it is another user's.
pub(crate) fn has_fixed_mode(path: &Path, found: &Metadata) -> bool {
    let is_read_only = rustix::fs::statvfs(path)
        .is_ok_and(|found| found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY));
    is_read_only || user_id().is_some_and(|user| user != 0 && user != found.uid())
}

/// The absolute path of an existing file, with links resolved.
///
/// On Linux, a path without links is returned as it is: `realpath` of the C library would set up a second heap in a static
/// program. Other systems accept several spellings of a name, so `realpath` is needed there.
pub(crate) fn canonical(path: &Path) -> Result<PathBuf> {
    let plain: PathBuf = path
        .components()
        .take_while(|part| matches!(part, Component::RootDir | Component::Normal(_)))
        .collect();
    let is_plain = |part: &Path| std::fs::symlink_metadata(part).is_ok_and(|found| !found.is_symlink());
    let is_case_sensitive = cfg!(any(target_os = "linux", target_os = "android"));
    if is_case_sensitive
        && path.is_absolute()
        && plain.as_os_str() == path.as_os_str()
        && plain.ancestors().all(is_plain)
    {
        return Ok(plain);
    }
    path.canonicalize()
}

/// Whether it is `/dev/null`, opened for reading and writing.
pub(crate) fn is_writable_void(stream: &impl AsFd) -> bool {
    let number = |file: Metadata| file.rdev();
    let stream = stream.as_fd();
    let (Ok(flags), Ok(copy)) = (fcntl_getfl(stream), stream.try_clone_to_owned()) else { return false };
    let (here, void) = (File::from(copy).metadata().map(number), std::fs::metadata("/dev/null").map(number));
    flags & OFlags::RWMODE == OFlags::RDWR && matches!((here, void), (Ok(here), Ok(void)) if here == void)
}

/// The controlling terminal, independent of the standard streams.
pub(crate) fn terminal() -> Result<File> {
    File::open("/dev/tty")
}

/// Whether the error is a loop of symbolic links.
pub(crate) fn is_link_loop(error: &Error) -> bool {
    error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}

/// Whether the limit on open files was reached, of this process or of the system.
pub(crate) fn is_open_limit(error: &Error) -> bool {
    let limits = [Errno::MFILE, Errno::NFILE].map(|limit| Some(limit.raw_os_error()));
    limits.contains(&error.raw_os_error())
}

fn flags(flags: OFlags) -> i32 {
    flags.bits() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_paths_are_those_of_the_standard_library() {
        let folder = std::env::temp_dir().join(format!("airlatch-name-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("there/below")).unwrap();
        File::create(folder.join("there/file")).unwrap();
        std::os::unix::fs::symlink("there", folder.join("link")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.join("broken")).unwrap();
        for path in [
            "there",
            "there/",
            "there/below",
            "there/./below",
            "there//below",
            "there/below/..",
            "there/file",
            "there/file/",
            "link",
            "link/",
            "link/below",
            "link/file",
            "link/..",
            "broken",
            "broken/",
            "none",
            "there/none/..",
        ] {
            let path = folder.join(path);
            assert_eq!(canonical(&path).ok(), path.canonicalize().ok(), "{}", path.display());
        }
        assert_eq!(canonical(Path::new(".")).unwrap(), Path::new(".").canonicalize().unwrap());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
