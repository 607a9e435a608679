//! Reads regular files with a size limit.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::Files;
use crate::platform::os;
use crate::platform::{fault::error_at, fault::fault};
use airlatch_core::model::{Error, Place, Reason, Result};

impl Files {
    /// The bytes of a regular file, at most `limit` of them; links are followed.
    ///
    /// Never blocks on a pipe, device or socket.
    ///
    /// # Errors
    /// `not-found`, `not-a-file`, `too-large`, `denied`, `bad-name`, `io`.
    pub fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>> {
        self.open(path)?.read_all(limit)
    }

    /// At most the first `limit` bytes of a regular file.
    ///
    /// # Errors
    /// As [`read`](Self::read), but never `too-large`.
    pub fn beginning(&self, path: &Path, limit: u64) -> Result<Vec<u8>> {
        self.open(path)?.read_at(0, usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// The bytes of a pipe that the process was started with, at most `limit` of them, such as the `/dev/fd/63` that a shell
    /// writes for `<(command)`; `None` for any other path. A pipe with a name is not waited for.
    ///
    /// # Errors
    /// `too-large`, `denied`, `io`.
    pub fn read_descriptor(&self, path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
        let is_descriptor = ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.starts_with(folder));
        if !is_descriptor || !std::fs::metadata(path).is_ok_and(|found| os::is_pipe(&found)) {
            return Ok(None);
        }
        let pipe = File::open(path).map_err(|e| fault(&e, path))?;
        read_limited(pipe, limit, &path.display().to_string()).map(Some)
    }

    /// The bytes of a file that only this program writes. A link is refused, since it could lead to another user's file.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_own(&self, path: &Path, limit: u64) -> Result<Vec<u8>> {
        self.has_own(path)?;
        self.read(path, limit)
    }

    /// Whether there is a file that only this program writes. Whatever else has its name is refused: a link could lead to another
    /// user's file, and a pipe is waited for.
    ///
    /// # Errors
    /// `not-a-file`, `denied`, `io`.
    pub fn has_own(&self, path: &Path) -> Result<bool> {
        let refused = |what: &str| Err(error_at(Reason::NotAFile, what, path));
        match std::fs::symlink_metadata(self.resolve(path)?) {
            Ok(found) if found.is_file() => Ok(true),
            Ok(found) if found.is_symlink() => refused("this is a link, not the file that belongs here"),
            Ok(_) => refused("this is a folder, pipe, device or socket, not the file that belongs here"),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(fault(&error, path)),
        }
    }
}

/// All bytes of a stream such as standard input, at most `limit` of them; `name` is the place in errors.
///
/// # Errors
/// `too-large`, `not-a-file` if the stream is a folder, `io`.
pub fn read_limited(stream: impl Read, limit: u64, name: &str) -> Result<Vec<u8>> {
    read_whole(stream, limit).map_err(|e| fault(&e, Path::new(name)))?.ok_or_else(|| too_large(limit, name))
}

/// Opens a regular file, and returns its length; `None` if it is something else. The type is checked before opening, since
/// opening a device can start it, and again on the open file, since the path may name another file by then.
pub(crate) fn open_regular(path: &Path) -> std::io::Result<Option<(File, u64)>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let file = os::reading().open(path)?;
    let found = file.metadata()?;
    Ok(found.is_file().then_some((file, found.len())))
}

/// All bytes of a stream; `None` if there are more than `limit`.
pub(crate) fn read_whole(stream: impl Read, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    // Most files are short, and an empty buffer would grow by 32 bytes at first.
    let mut bytes = Vec::with_capacity(2048);
    match stream.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
        Ok(count) => Ok((u64::try_from(count).unwrap_or(u64::MAX) <= limit).then_some(bytes)),
        // A non-blocking stream has no data yet.
        Err(error) if error.kind() == ErrorKind::WouldBlock => Err(io::Error::from(ErrorKind::ResourceBusy)),
        Err(error) => Err(error),
    }
}

pub(super) fn too_large(limit: u64, place: impl Into<Place>) -> Error {
    Error::new(Reason::TooLarge, format!("this is larger than the limit of {limit} bytes")).at(place)
}
