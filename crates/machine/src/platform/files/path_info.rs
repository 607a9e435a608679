//! What can be told of a path without reading or writing anything there.

use std::fs;
use std::path::Path;

use super::Files;
use crate::platform::fault::fault;
use crate::platform::os;
use airlatch_core::model::Result;

/// What stands at a path; links are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathInfo {
    /// It is a folder.
    pub is_dir: bool,
    /// Its mode bits, to be shown in octal; none where the system has no modes.
    pub mode: Option<u32>,
    /// The number of the user it belongs to; none where users have no numbers.
    pub owner: Option<u32>,
    /// This process may read it; of a folder, see and open what is in it.
    pub readable: bool,
    /// This process may write it; of a folder, make files in it.
    pub writable: bool,
}

impl Files {
    /// What stands at `path`. The rights are asked of the operating system, which tries nothing.
    ///
    /// # Errors
    /// `not-found`, `denied` when a folder on the way can't be entered, `io`.
    pub fn about(&self, path: &Path) -> Result<PathInfo> {
        let full = self.resolve(path)?;
        let found = fs::metadata(&full).map_err(|e| fault(&e, path))?;
        let is_dir = found.is_dir();
        let (mode, owner) = os::mode_and_owner(&found);
        Ok(PathInfo {
            is_dir,
            mode,
            owner,
            readable: os::may_read(&full, is_dir),
            writable: os::may_write(&full, is_dir),
        })
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes what it looks at")]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn owner_mode_and_rights_are_told() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let folder = std::env::temp_dir().join(format!("airlatch-about-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let files = Files::new("");
        let about = files.about(&file).unwrap();
        assert_eq!((about.is_dir, about.mode), (false, Some(0o640)));
        assert_eq!(about.owner, Some(fs::metadata(&file).unwrap().uid()));
        assert!(about.readable && about.writable);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).unwrap();
        let is_root = rustix::process::geteuid().is_root();
        assert_eq!(files.about(&file).unwrap().readable, is_root, "root may read all");
        assert!(files.about(&folder).unwrap().is_dir);
        assert!(files.about(&folder.join("b")).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
