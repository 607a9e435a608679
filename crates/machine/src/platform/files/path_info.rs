//! Type, mode and permissions of a path, without reading or writing it.

use std::fs;
use std::path::Path;

use super::Files;
use crate::platform::fault::fault;
use crate::platform::os;
use airlatch_core::model::Result;

/// Information about a path; links are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathInfo {
    /// Whether it is a folder.
    pub is_dir: bool,
    /// Its mode bits, to be shown in octal; `None` on systems without modes.
    pub mode: Option<u32>,
    /// The user id of its owner; `None` on systems without user ids.
    pub owner: Option<u32>,
    /// Whether this process may read the file, or list the folder and open files in it.
    pub readable: bool,
    /// Whether this process may write the file, or create files in the folder.
    pub writable: bool,
}

impl Files {
    /// Information about `path`. The permissions come from the operating system; nothing is opened.
    ///
    /// # Errors
    /// `not-found`, `denied` if a folder in the path can't be entered, `io`.
    pub fn path_info(&self, path: &Path) -> Result<PathInfo> {
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
    fn owner_mode_and_permissions_are_right() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let folder = std::env::temp_dir().join(format!("airlatch-about-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let files = Files::new("");
        let about = files.path_info(&file).unwrap();
        assert_eq!((about.is_dir, about.mode), (false, Some(0o640)));
        assert_eq!(about.owner, Some(fs::metadata(&file).unwrap().uid()));
        assert!(about.readable && about.writable);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).unwrap();
        let is_root = rustix::process::geteuid().is_root();
        assert_eq!(files.path_info(&file).unwrap().readable, is_root, "root may read all");
        assert!(files.path_info(&folder).unwrap().is_dir);
        assert!(files.path_info(&folder.join("b")).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
