//! The one place where an error of SQLite becomes a [`Error`].

use std::path::Path;

use rusqlite::{ErrorCode, ffi};

use airlatch_core::model::{Error, Reason};

/// What SQLite said of the ledger at `path`.
pub(super) fn fault(error: &rusqlite::Error, path: &Path) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        // A column of another kind than the one that was written, or a text that is none.
        return Error::new(Reason::DamagedLedger, "a column of the ledger can't be read")
            .at(path.display())
            .detail(error.to_string());
    };
    let said = message.clone().unwrap_or_else(|| error.to_string());
    let (reason, what) = match failure.code {
        // The last one is what SQLite says after ten seconds where another process stands between two of its locks
        // (rescode.html#protocol).
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
            (Reason::Busy, "another process is writing the ledger")
        }
        ErrorCode::DiskFull => (Reason::DiskFull, "the medium is full"),
        ErrorCode::NotADatabase => (Reason::NotALedger, "this is no ledger, but some other file"),
        ErrorCode::DatabaseCorrupt => (Reason::DamagedLedger, "the file of the ledger is damaged"),
        ErrorCode::ConstraintViolation => (Reason::DamagedLedger, "the ledger contradicts itself"),
        ErrorCode::ReadOnly => (Reason::ReadOnly, "the ledger or its folder can't be written"),
        ErrorCode::PermissionDenied => (Reason::Denied, "the rights to do this are missing"),
        // The file itself was opened before, see `unopened`.
        ErrorCode::CannotOpen => (
            Reason::ReadOnly,
            "the log beside the ledger can't be opened, and without it not even a look is safe",
        ),
        ErrorCode::SystemIoFailure if NO_LOCKS.contains(&failure.extended_code) => {
            (Reason::UnsafeFolder, "files can't be locked here, so a ledger isn't safe")
        }
        ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ => {
            (Reason::DamagedLedger, "the file of the ledger ends too early")
        }
        ErrorCode::SystemIoFailure => (Reason::Io, "reading or writing the ledger failed"),
        // A table, column or index that should be there.
        ErrorCode::Unknown | ErrorCode::SchemaChanged | ErrorCode::TypeMismatch => {
            (Reason::DamagedLedger, "the tables of the ledger are not as they were made")
        }
        ErrorCode::TooBig => (Reason::TooLarge, "this is larger than a ledger can hold"),
        _ => (Reason::Io, "the database failed"),
    };
    Error::new(reason, what).at(path.display()).detail(said)
}

/// What SQLite said when it was to open the file at `path` itself.
pub(super) fn unopened(error: &rusqlite::Error, path: &Path) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::CannotOpen => {
            let what = "there is no file that could be opened, or the rights to do it are missing";
            Error::new(Reason::NotFound, what).at(path.display())
        }
        _ => fault(error, path),
    }
}

/// Extended codes of failed locks, memory maps and shared memory.
const NO_LOCKS: [i32; 9] = [
    ffi::SQLITE_IOERR_LOCK,
    ffi::SQLITE_IOERR_RDLOCK,
    ffi::SQLITE_IOERR_UNLOCK,
    ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
    ffi::SQLITE_IOERR_SHMOPEN,
    ffi::SQLITE_IOERR_SHMSIZE,
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
