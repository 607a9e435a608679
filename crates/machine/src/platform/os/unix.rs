//! The operating system's calls on Unix, with what only Linux has behind a fallback.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, fchmod, fcntl_getfl};
use rustix::io::Errno;

const PRIVATE: u32 = 0o600;
const PUBLIC: u32 = 0o644;

/// Opens for reading; a pipe without a writer or a terminal does not make it wait.
pub(crate) fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY));
    options
}

/// Creates a file that must not be there yet; what the umask takes away from a private one comes back by
/// [`make_private`].
pub(crate) fn creating(private: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(if private { PRIVATE } else { PUBLIC });
    options
}

/// Opens what a dead process left; a link is not followed.
pub(crate) fn leftover() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(flags(OFlags::NOFOLLOW | OFlags::NONBLOCK));
    options
}

/// Opens a file that several processes lock, and makes it if it is missing; a link is not followed.
pub(crate) fn shared() -> OpenOptions {
    let mut options = leftover();
    options.create(true).mode(PUBLIC);
    options
}

/// Opens a folder, to lock it or sync what is in it; a link is not followed.
pub(crate) fn open_folder(path: &Path) -> Result<File> {
    OpenOptions::new().read(true).custom_flags(flags(OFlags::DIRECTORY | OFlags::NOFOLLOW)).open(path)
}

/// Makes a file readable for its owner alone, whatever the umask; false when the file system can't.
pub(crate) fn make_private(file: &File) -> Result<bool> {
    match fchmod(file, Mode::from_raw_mode(PRIVATE as _)) {
        Ok(()) => Ok(file.metadata()?.mode() & 0o777 == PRIVATE),
        Err(Errno::PERM | Errno::NOSYS | Errno::OPNOTSUPP | Errno::INVAL) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes one folder; a private one is its owner's alone, whatever the umask.
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

/// Whether nobody but its owner may use the file with these metadata.
pub(crate) fn is_private(metadata: &Metadata) -> bool {
    metadata.mode() & 0o077 == 0
}

/// Device and number of a file: what makes two paths the same file.
pub(crate) fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    Some((metadata.dev(), metadata.ino()))
}

/// The mode bits and the owner's number.
pub(crate) fn mode_and_owner(metadata: &Metadata) -> (Option<u32>, Option<u32>) {
    (Some(metadata.mode() & 0o7777), Some(metadata.uid()))
}

/// Whether this process may read a file, or look into a folder.
pub(crate) fn may_read(path: &Path, is_dir: bool) -> bool {
    use rustix::fs::Access;
    may(path, if is_dir { Access::READ_OK | Access::EXEC_OK } else { Access::READ_OK })
}

/// Whether this process may write a file, or make files in a folder.
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

/// The number of the user this process acts as.
pub(crate) fn user_id() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

/// Leaves a file that root replaces to its owner, where the folder is that owner's too and nothing is given away.
pub(crate) fn keep_owner(file: &File, old: &Metadata, folder: &Metadata) {
    if old.uid() == folder.uid() && file.metadata().is_ok_and(|new| new.uid() != old.uid()) {
        let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    }
}

/// Renames without replacing what may stand at `to`; `Unsupported` where the system has no such call.
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

/// Makes names in a folder last; a file system or right that does not allow it is no error.
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

/// Makes everything on the folder's file system last in one call; false where there is no such call.
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

/// Mode of a private file that others may use, as (mode of file or folder, whether it is the folder).
pub(crate) fn open_to_others(file: &Metadata, folder: &Metadata) -> Option<(u32, bool)> {
    let (file, folder) = (file.mode() & 0o7777, folder.mode() & 0o7777);
    if file & 0o077 != 0 {
        return Some((file, false));
    }
    (folder & 0o1002 == 0o002).then_some((folder, true))
}

/// Whether the file system of `path` makes its modes up, as those of sticks and of Windows do.
pub(crate) fn lacks_modes(path: &Path, mode: u32) -> bool {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // linux/magic.h: FAT, exFAT, NTFS twice, SMB three times.
        const MADE_UP: [u32; 7] =
            [0x4d44, 0x2011_bab0, 0x5346_544e, 0x7366_746e, 0x517b, 0xff53_4d42, 0xfe53_4d42];
        const FUSE: u32 = 0x6573_5546;
        let Ok(statistics) = rustix::fs::statfs(path) else { return false };
        let magic = statistics.f_type as u32;
        // FUSE serves both kinds; no key file is executable where modes are real.
        MADE_UP.contains(&magic) || (magic == FUSE && mode & 0o111 != 0)
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _ = (path, mode);
        false
    }
}

/// The one name of a path that is there: absolute, and without links.
///
/// The C library sets up a heap of its own for it in a static program; where no part of a path is a link there is nothing to
/// be found out. Other systems than Linux have one name in several spellings.
pub(crate) fn canonical(path: &Path) -> Result<PathBuf> {
    let plain: PathBuf = path
        .components()
        .take_while(|part| matches!(part, Component::RootDir | Component::Normal(_)))
        .collect();
    let is_plain = |part: &Path| std::fs::symlink_metadata(part).is_ok_and(|found| !found.is_symlink());
    let one_spelling = cfg!(any(target_os = "linux", target_os = "android"));
    if one_spelling
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

/// The terminal of the process, whatever its standard streams are.
pub(crate) fn terminal() -> Result<File> {
    File::open("/dev/tty")
}

/// Whether symbolic links lead in a circle.
pub(crate) fn is_link_loop(error: &Error) -> bool {
    error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}

/// Whether no more files can be opened, by this process or on this machine.
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

    /// The shorter way says what the C library says.
    #[test]
    fn a_path_has_one_name() {
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
