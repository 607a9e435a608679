//! Whether a private file is open to others.

use std::fs;
use std::path::Path;

use super::{Files, folder_of};
use crate::platform::fault::fault;
use crate::platform::os;
use airlatch_core::model::Result;

/// How a private file is open to others; the numbers are mode bits, to be shown in octal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Its group or everybody may use it: this is its mode, and it could be set right.
    File(u32),
    /// Everybody may put another file in its place: this is the mode of its folder.
    Folder(u32),
    /// Its file system can't hold modes: this is the one it shows for every file.
    NoModes(u32),
}

impl Exposure {
    /// The mode bits that show it.
    pub const fn mode(self) -> u32 {
        match self {
            Self::File(mode) | Self::Folder(mode) | Self::NoModes(mode) => mode,
        }
    }
}

impl Files {
    /// How the private file at `path` is open to others, if it is; a link is followed. Folders where everybody may
    /// write, but only to what is their own (`/tmp`), are fine. Always none where there are no modes (Windows).
    ///
    /// # Errors
    /// `not-found`, `denied`, `io`.
    pub fn exposed(&self, path: &Path) -> Result<Option<Exposure>> {
        let full = os::canonical(&self.resolve(path)?).map_err(|e| fault(&e, path))?;
        let file = fs::metadata(&full).map_err(|e| fault(&e, path))?;
        let folder = fs::metadata(folder_of(&full)).map_err(|e| fault(&e, path))?;
        Ok(os::open_to_others(&file, &folder).map(|(mode, is_folder)| {
            if os::lacks_modes(&full, mode) {
                Exposure::NoModes(mode)
            } else if is_folder {
                Exposure::Folder(mode)
            } else {
                Exposure::File(mode)
            }
        }))
    }
}
