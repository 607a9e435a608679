//! Checks whether other users may read or replace a private file.

use std::fs;
use std::path::Path;

use super::{Files, folder_of};
use crate::platform::fault::fault;
use crate::platform::os;
use airlatch_core::model::Result;

/// How a private file is exposed to other users; the numbers are mode bits, to be shown in octal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Its mode allows access to its group or to everybody, and can be changed.
    File(u32),
    /// The same, but this process can't change it: the file is mounted read-only, such as a secret, or another user's.
    Fixed(u32),
    /// The mode of its folder allows everybody to replace it.
    Folder(u32),
    /// Its file system has no modes: this is the mode of every file there.
    NoModes(u32),
}

impl Exposure {
    /// The mode bits.
    pub const fn mode(self) -> u32 {
        match self {
            Self::File(mode) | Self::Fixed(mode) | Self::Folder(mode) | Self::NoModes(mode) => mode,
        }
    }
}

impl Files {
    /// How the private file at `path` is exposed; `None` if it is not. A link is followed. Folders with the sticky bit
    /// (`/tmp`) are accepted. Always `None` on systems without modes (Windows).
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
            } else if os::has_fixed_mode(&full, &file) {
                Exposure::Fixed(mode)
            } else {
                Exposure::File(mode)
            }
        }))
    }
}
