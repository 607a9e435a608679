//! Converts errors of the operating system to [`Error`].

use std::io::{self, ErrorKind};
use std::path::Path;

use super::os;
use airlatch_core::model::{Error, Reason};

/// Converts an error of the operating system; `path` is its place, as it was typed.
pub(crate) fn fault(error: &io::Error, path: &Path) -> Error {
    let (reason, message) = match error.kind() {
        ErrorKind::NotFound => (Reason::NotFound, "there is no such file or folder"),
        ErrorKind::NotADirectory => (Reason::NotFound, "a part of the path is a file, not a folder"),
        ErrorKind::PermissionDenied => (Reason::Denied, "the permission to do this is missing"),
        ErrorKind::ReadOnlyFilesystem => (Reason::ReadOnly, "the file system can't be written"),
        ErrorKind::StorageFull => (Reason::DiskFull, "the medium is full"),
        ErrorKind::QuotaExceeded => (Reason::DiskFull, "this user's disk quota is used up"),
        ErrorKind::FileTooLarge => (Reason::FileLimit, "the limit on the size of files was reached"),
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
    Error::new(reason, message).at(path.display())
}

/// An error with `path` as its place.
pub(crate) fn error_at(reason: Reason, message: impl Into<String>, path: &Path) -> Error {
    Error::new(reason, message).at(path.display())
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
