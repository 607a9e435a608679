//! The one place where an error of the operating system becomes a [`Error`].

use std::io::{self, ErrorKind};
use std::path::Path;

use super::os;
use airlatch_core::model::{Error, Reason};

/// What the operating system said of `path`, which is shown as it was typed.
pub(crate) fn fault(error: &io::Error, path: &Path) -> Error {
    let (reason, what) = match error.kind() {
        ErrorKind::NotFound => (Reason::NotFound, "there is no such file or folder"),
        ErrorKind::NotADirectory => (Reason::NotFound, "a part of the path is a file, not a folder"),
        ErrorKind::PermissionDenied => (Reason::Denied, "the rights to do this are missing"),
        ErrorKind::ReadOnlyFilesystem => (Reason::ReadOnly, "the file system can't be written"),
        ErrorKind::StorageFull => (Reason::DiskFull, "the medium is full"),
        ErrorKind::QuotaExceeded => (Reason::DiskFull, "this user's share of the medium is used up"),
        ErrorKind::FileTooLarge => (Reason::FileLimit, "a limit on file sizes stopped the writing"),
        ErrorKind::IsADirectory => (Reason::NotAFile, "this is a folder, not a file"),
        ErrorKind::InvalidFilename => (Reason::BadName, "the file name is too long or can't be used here"),
        ErrorKind::InvalidInput => (Reason::BadName, "the file name can't be used here"),
        ErrorKind::WouldBlock | ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => {
            (Reason::Busy, "another process is using it")
        }
        ErrorKind::OutOfMemory => (Reason::NoMemory, "there is too little memory"),
        _ if os::is_open_limit(error) => (Reason::OpenLimit, "too many files are open"),
        _ if os::is_link_loop(error) => (Reason::BadName, "the symbolic links lead in a circle"),
        _ => {
            return Error::new(Reason::Io, format!("the operating system says: {error}")).at(path.display());
        }
    };
    Error::new(reason, what).at(path.display())
}

/// An error of this room's own making, at `path`.
pub(crate) fn error_at(reason: Reason, what: impl Into<String>, path: &Path) -> Error {
    Error::new(reason, what).at(path.display())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn every_errno_has_its_reason() {
        use rustix::io::Errno;
        for (errno, reason) in [
            (Errno::NOENT, Reason::NotFound),
            (Errno::NOTDIR, Reason::NotFound),
            (Errno::ACCESS, Reason::Denied),
            (Errno::PERM, Reason::Denied),
            (Errno::ROFS, Reason::ReadOnly),
            (Errno::NOSPC, Reason::DiskFull),
            (Errno::DQUOT, Reason::DiskFull),
            (Errno::FBIG, Reason::FileLimit),
            (Errno::ISDIR, Reason::NotAFile),
            (Errno::NAMETOOLONG, Reason::BadName),
            (Errno::INVAL, Reason::BadName),
            (Errno::LOOP, Reason::BadName),
            (Errno::AGAIN, Reason::Busy),
            (Errno::IO, Reason::Io),
            (Errno::NOTCONN, Reason::Io),
            (Errno::MFILE, Reason::OpenLimit),
            (Errno::NFILE, Reason::OpenLimit),
            (Errno::NOMEM, Reason::NoMemory),
        ] {
            let error = fault(&errno.into(), Path::new("stick/a.license"));
            assert_eq!(error.reason(), reason, "{errno:?}");
            assert_eq!(error.place(), Some("stick/a.license"));
        }
        assert!(fault(&Errno::IO.into(), Path::new("x")).message().contains("Input/output error"));
    }
}
