//! Converts SQLite errors to [`Error`].

use std::path::Path;

use rusqlite::{ErrorCode, ffi};

use airlatch_core::model::{Error, Reason};

/// The error for a SQLite error on the ledger at `path`.
pub(super) fn fault(error: &rusqlite::Error, path: &Path) -> Error {
    let rusqlite::Error::SqliteFailure(failure, text) = error else {
        // A column of another type than was written, or a text that isn't UTF-8.
        return Error::new(Reason::DamagedLedger, "a column of the ledger can't be read")
            .at(path.display())
            .detail(error.to_string());
    };
    let cause = text.clone().unwrap_or_else(|| error.to_string());
    let (reason, message) = match failure.code {
        // SQLite returns the last one after ten seconds, if another process was stopped between two of its locks
        // (https://sqlite.org/rescode.html#protocol).
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
            (Reason::Busy, "another process is writing the ledger")
        }
        ErrorCode::DiskFull => (Reason::DiskFull, "the disk is full"),
        ErrorCode::NotADatabase => (Reason::NotALedger, "the file is not a ledger"),
        ErrorCode::DatabaseCorrupt => (Reason::DamagedLedger, "the ledger file is damaged"),
        ErrorCode::ConstraintViolation => (Reason::DamagedLedger, "the ledger contradicts itself"),
        ErrorCode::ReadOnly => (Reason::ReadOnly, "the ledger or its folder can't be written"),
        ErrorCode::PermissionDenied => (Reason::Denied, "permission to access the ledger is missing"),
        // The file itself was opened before, see `open_fault`.
        ErrorCode::CannotOpen => (
            Reason::ReadOnly,
            "the write-ahead log of the ledger can't be opened: it is needed for reading too",
        ),
        // Only the size of the file with the shared memory is set there.
        ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
            (Reason::DiskFull, "the disk has no room for the memory that is shared about the ledger")
        }
        ErrorCode::SystemIoFailure if NO_LOCKS.contains(&failure.extended_code) => {
            (Reason::UnsafeFolder, "this file system can't lock files, which a ledger needs")
        }
        ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ => {
            (Reason::DamagedLedger, "the ledger file is truncated")
        }
        ErrorCode::SystemIoFailure => (Reason::Io, "reading or writing the ledger failed"),
        // A table, column or index is missing.
        ErrorCode::Unknown | ErrorCode::SchemaChanged | ErrorCode::TypeMismatch => {
            (Reason::DamagedLedger, "the tables, indexes or triggers of the ledger were changed")
        }
        ErrorCode::TooBig => (Reason::TooLarge, "the value is too large for the ledger"),
        _ => (Reason::Io, "the database failed"),
    };
    Error::new(reason, message).at(path.display()).detail(cause)
}

/// The error for a SQLite error while opening the file at `path`.
pub(super) fn open_fault(error: &rusqlite::Error, path: &Path) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::CannotOpen => {
            let message = "the file doesn't exist, or permission to open it is missing";
            Error::new(Reason::NotFound, message).at(path.display())
        }
        _ => fault(error, path),
    }
}

/// Extended result codes for failed locks, memory maps and shared memory.
const NO_LOCKS: [i32; 8] = [
    ffi::SQLITE_IOERR_LOCK,
    ffi::SQLITE_IOERR_RDLOCK,
    ffi::SQLITE_IOERR_UNLOCK,
    ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
    ffi::SQLITE_IOERR_SHMOPEN,
    ffi::SQLITE_IOERR_SHMLOCK,
    ffi::SQLITE_IOERR_SHMMAP,
    ffi::SQLITE_IOERR_BLOCKED,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_reason() {
        for (code, reason) in [
            (ffi::SQLITE_BUSY, Reason::Busy),
            (ffi::SQLITE_BUSY_SNAPSHOT, Reason::Busy),
            (ffi::SQLITE_LOCKED, Reason::Busy),
            (ffi::SQLITE_FULL, Reason::DiskFull),
            (ffi::SQLITE_IOERR, Reason::Io),
            (ffi::SQLITE_IOERR_FSYNC, Reason::Io),
            (ffi::SQLITE_IOERR_LOCK, Reason::UnsafeFolder),
            (ffi::SQLITE_IOERR_SHMSIZE, Reason::DiskFull),
            (ffi::SQLITE_IOERR_SHORT_READ, Reason::DamagedLedger),
            (ffi::SQLITE_PROTOCOL, Reason::Busy),
            (ffi::SQLITE_READONLY, Reason::ReadOnly),
            (ffi::SQLITE_PERM, Reason::Denied),
            (ffi::SQLITE_NOTADB, Reason::NotALedger),
            (ffi::SQLITE_CORRUPT, Reason::DamagedLedger),
            (ffi::SQLITE_CANTOPEN, Reason::ReadOnly),
            (ffi::SQLITE_CONSTRAINT, Reason::DamagedLedger),
            (ffi::SQLITE_NOMEM, Reason::Io),
        ] {
            let error = fault(
                &rusqlite::Error::SqliteFailure(ffi::Error::new(code), None),
                Path::new("desk/ledger.db"),
            );
            assert_eq!((error.reason(), error.place()), (reason, Some("desk/ledger.db")), "{code}");
        }
    }
}
