//! An open regular file, to be read in parts or as a whole.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::Files;
use super::read::{open_regular, read_whole, too_large};
use crate::platform::{fault::error_at, fault::fault};
use airlatch_core::model::{Reason, Result};

/// An open regular file. If another file replaces it at its path, this one stays open.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    size: u64,
    path: PathBuf,
}

impl Files {
    /// Opens a regular file of any size for reading; links are followed.
    ///
    /// Never blocks on a pipe, device or socket.
    ///
    /// # Errors
    /// `not-found`, `not-a-file`, `denied`, `bad-name`, `io`.
    pub fn open(&self, path: &Path) -> Result<OpenFile> {
        let opened = open_regular(&self.resolve(path)?).map_err(|e| fault(&e, path))?;
        let Some((file, size)) = opened else {
            let message = "this is a folder, pipe, device or socket, not a file";
            return Err(error_at(Reason::NotAFile, message, path));
        };
        Ok(OpenFile { file, size, path: path.to_owned() })
    }
}

impl OpenFile {
    /// Its length in bytes when it was opened.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// All of it from the beginning on, at most `limit` bytes.
    ///
    /// # Errors
    /// `too-large`, `io`, `denied`.
    pub fn read_all(mut self, limit: u64) -> Result<Vec<u8>> {
        let fault = |error| fault(&error, &self.path);
        if self.size > limit {
            return Err(too_large(limit, self.path.display()));
        }
        self.file.rewind().map_err(fault)?;
        // The file may grow meanwhile, and files in /proc have the size 0.
        let bytes = read_whole(&mut self.file, limit).map_err(fault)?;
        bytes.ok_or_else(|| too_large(limit, self.path.display()))
    }

    /// `length` bytes from `offset` on, fewer if the file ends before.
    ///
    /// # Errors
    /// `io`, `denied`.
    pub fn read_at(&mut self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let limit = u64::try_from(length).unwrap_or(u64::MAX);
        let sought = self.file.seek(SeekFrom::Start(offset));
        let read = sought.and_then(|_| Read::by_ref(&mut self.file).take(limit).read_to_end(&mut bytes));
        read.map_err(|e| fault(&e, &self.path))?;
        Ok(bytes)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes what it looks at")]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_and_other_than_files_are_refused() {
        let folder = std::env::temp_dir().join(format!("airlatch-part-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("folder")).unwrap();
        std::fs::write(folder.join("file"), "0123456789").unwrap();
        let files = Files::new(&folder);
        let mut file = files.open(Path::new("file")).unwrap();
        assert_eq!(file.size(), 10);
        std::fs::remove_file(folder.join("file")).unwrap();
        for (offset, length, part) in [(3, 4, "3456"), (0, 1, "0"), (8, 9, "89"), (10, 1, ""), (99, 1, "")] {
            assert_eq!(file.read_at(offset, length).unwrap(), part.as_bytes());
        }
        let refused = |name: &str| files.open(Path::new(name)).unwrap_err().reason();
        assert_eq!(refused("file"), Reason::NotFound);
        assert_eq!(refused("folder"), Reason::NotAFile);
        #[cfg(target_os = "linux")]
        {
            // Opened without a writer, a pipe would be waited for.
            rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("pipe"), rustix::fs::Mode::RWXU).unwrap();
            assert_eq!(refused("pipe"), Reason::NotAFile);
            std::os::unix::fs::symlink("/dev/zero", folder.join("zero")).unwrap();
            assert_eq!(refused("zero"), Reason::NotAFile);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
