//! The manifest of a backup: its files with their hashes.
//!
//! It is written last; without a complete one a backup is unfinished.

use std::path::{Path, PathBuf};

use serde::Serialize;

use airlatch_core::crypto;
use airlatch_core::format::fields::Fields;
use airlatch_core::format::{limits, wire};
use airlatch_core::model::{Error, Reason, Result, Time, hex};
use airlatch_machine::platform::{Access, Existing, Files};

/// The manifest in the folder of a backup. A folder that has one is a backup, not a desk.
pub(in crate::office) const MANIFEST: &str = "backup.toml";
/// How much of a file is read at a time.
const CHUNK: usize = 1 << 20;

/// The content of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// When the backup was made.
    pub(super) made: Time,
    /// The files, relative to the folder, with the SHA-256 of each; none while the backup is being made.
    pub(super) files: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Wire {
    made: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    file: Vec<WireFile>,
}

#[derive(Serialize)]
struct WireFile {
    name: String,
    sha256: String,
}

impl Manifest {
    /// Reads the manifest of the backup in a folder.
    ///
    /// # Errors
    /// `bad-backup` if there is none, or it can't be read.
    pub(super) fn read(files: &Files, folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let bytes = files.read(&path, limits::GRANT_FILE).map_err(|error| match error.reason() {
            Reason::NotFound => {
                let message = format!("this is no backup of a desk: it has no {MANIFEST}");
                Error::new(Reason::BadBackup, message).at(folder.display())
            }
            _ => error,
        })?;
        Self::parse(&bytes).map_err(|error| error.at(path.display()))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut fields = Fields::parse(bytes, Reason::BadBackup)?;
        let made = fields.needed("made")?;
        let mut files = Vec::new();
        for mut file in fields.tables("file")? {
            let entry = (file.needed_text("name")?, file.needed_text("sha256")?);
            // A name that leads out of the folder would be written outside the desk.
            if !is_inside(Path::new(&entry.0)) {
                return Err(file.bad("name", "the name leads out of the folder"));
            }
            file.nothing_else(&["name", "sha256"])?;
            files.push(entry);
        }
        fields.nothing_else(&["made", "file"])?;
        Ok(Self { made, files })
    }

    /// Writes the manifest into the folder of its backup.
    ///
    /// # Errors
    /// Those of writing a file.
    pub(super) fn write(&self, files: &Files, folder: &Path) -> Result<()> {
        let file = self.files.iter().cloned().map(|(name, sha256)| WireFile { name, sha256 }).collect();
        let bytes = wire::to_toml(&Wire { made: self.made.to_string(), file })?;
        files.write(&folder.join(MANIFEST), &bytes, Access::Public, Existing::Replace).map(|_| ())
    }

    /// Whether the backup was finished.
    pub(super) fn is_complete(&self) -> bool {
        !self.files.is_empty()
    }

    /// Compares every file with its hash.
    ///
    /// # Errors
    /// `bad-backup` for an unfinished backup, and for a file that is missing or differs.
    pub(super) fn check(&self, files: &Files, folder: &Path) -> Result<()> {
        if !self.is_complete() {
            let message = "this backup was never finished";
            return Err(Error::new(Reason::BadBackup, message).at(folder.display()));
        }
        for (name, expected) in &self.files {
            let path = below(folder, name);
            let bad = |message: &str| Err(Error::new(Reason::BadBackup, message).at(path.display()));
            match sha256(files, &path) {
                Ok(found) if found == *expected => {}
                Ok(_) => return bad("this file of the backup was changed or damaged"),
                Err(error) if error.reason() == Reason::NotFound => {
                    return bad("this file of the backup is missing");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether a path is relative and stays below the folder it is relative to.
pub(super) fn is_inside(path: &Path) -> bool {
    use std::path::Component;
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    !path.as_os_str().is_empty() && path.components().all(is_plain)
}

/// The SHA-256 of a file in hexadecimal, as `sha256sum` prints it.
pub(in crate::office) fn sha256(files: &Files, path: &Path) -> Result<String> {
    let mut file = files.open(path)?;
    let mut offset = 0;
    let hash = crypto::sha256(&mut || {
        let chunk = file.read_at(offset, CHUNK)?;
        offset += chunk.len() as u64;
        Ok(chunk)
    })?;
    Ok(hex::write(&hash))
}

/// The file below `folder` that a name of the manifest means; names use `/` on every system.
pub(super) fn below(folder: &Path, name: &str) -> PathBuf {
    name.split('/').fold(folder.to_owned(), |path, part| path.join(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        for name in ["../desk.toml", "/etc/passwd", "keys/../../x", ""] {
            let text =
                format!("made = \"2026-11-21T12:00:00Z\"\n[[file]]\nname = \"{name}\"\nsha256 = \"00\"\n");
            let error = Manifest::parse(text.as_bytes()).unwrap_err();
            assert_eq!(error.reason(), Reason::BadBackup, "{name}: {error}");
        }
    }
}
