//! Bounded reading below a root folder; nothing in it can make the probe wait.

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::io::{Error, ErrorKind, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::model::Absence;
use crate::platform::{files, os};

/// The longest value; more is no value of a component.
const LONGEST_VALUE: u64 = 4096;
/// The entries of a folder that are looked at.
const MOST_ENTRIES: usize = 1024;
/// Hosts with many containers have long tables of mounts.
const LONGEST_TABLE: u64 = 1 << 20;

/// A host's files below its root folder.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
    mounts: OnceCell<String>,
}

impl Tree {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf(), mounts: OnceCell::new() }
    }

    /// A value of at most 4 KiB without the blanks around it, or why there is none; an empty one is missing.
    pub(super) fn value(&self, path: &str) -> Result<String, Absence> {
        let bytes = self
            .open(path)
            .and_then(|file| files::read_whole(file, LONGEST_VALUE))
            .map_err(|error| absence(&error))?
            .ok_or_else(|| Absence::Unreadable("it is longer than 4 KiB".into()))?;
        let text = String::from_utf8(bytes).map_err(|_| Absence::Unreadable("it is no text".into()))?;
        // A device tree ends its values with NUL.
        let value = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if value.is_empty() {
            return Err(Absence::Missing);
        }
        if value.contains(char::is_control) {
            return Err(Absence::Unreadable("it holds control characters".into()));
        }
        Ok(value.to_owned())
    }

    /// The beginning of a longer text, at most `limit` bytes of it; empty when it can't be read.
    pub(super) fn text(&self, path: &str, limit: u64) -> String {
        // The kernel makes some of them anew for each read, so they are asked for in large pieces.
        let mut bytes = Vec::with_capacity(16 * 1024);
        if let Ok(file) = self.open(path) {
            let _ = file.take(limit).read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What is mounted (proc_pid_mountinfo(5)), read once; empty when it can't be read.
    pub(super) fn mounts(&self) -> &str {
        self.mounts.get_or_init(|| self.text("proc/self/mountinfo", LONGEST_TABLE))
    }

    /// Whether anything, be it a link that leads nowhere, stands at the path.
    pub(super) fn has(&self, path: &str) -> bool {
        std::fs::symlink_metadata(self.root.join(path)).is_ok()
    }

    /// The last name of where a link leads, which need not be there.
    pub(super) fn link_name(&self, path: &str) -> Option<String> {
        self.link_target(path)?.rsplit('/').find(|name| !name.is_empty()).map(ToOwned::to_owned)
    }

    /// Where a link leads, which need not be there.
    pub(super) fn link_target(&self, path: &str) -> Option<String> {
        let target = std::fs::read_link(self.root.join(path)).ok()?;
        Some(target.to_string_lossy().into_owned())
    }

    /// The names in a folder, sorted; at most 1024 of them are looked at.
    pub(super) fn names(&self, path: &str) -> Result<Vec<String>, Absence> {
        let mut names = Vec::new();
        self.each_name(path, |name| {
            names.push(name.to_owned());
            false
        })?;
        names.sort_unstable();
        Ok(names)
    }

    /// Shows the names in a folder, at most 1024 of them, until one is enough.
    pub(super) fn each_name(
        &self,
        path: &str,
        mut is_enough: impl FnMut(&str) -> bool,
    ) -> Result<(), Absence> {
        let mut left = MOST_ENTRIES;
        let visit = |name: &OsStr| {
            left -= 1;
            let enough = name.to_str().is_some_and(&mut is_enough) || left == 0;
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        os::each_name(&self.root.join(path), visit).map_err(|error| absence(&error))
    }

    fn open(&self, path: &str) -> std::io::Result<std::fs::File> {
        let file = os::open_in_root(&self.root, Path::new(path))?;
        if !file.metadata()?.is_file() {
            return Err(Error::other("it is no file"));
        }
        Ok(file)
    }
}

fn absence(error: &Error) -> Absence {
    match error.kind() {
        // Firmware without a value makes the kernel say there is no such device or data.
        ErrorKind::NotFound | ErrorKind::NotADirectory => Absence::Missing,
        ErrorKind::PermissionDenied => Absence::Denied,
        _ => Absence::Unreadable(error.to_string()),
    }
}
