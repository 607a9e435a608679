//! Limited, non-blocking reads below a root folder.

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::io::{Error, ErrorKind, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::platform::files;
use crate::platform::{os, os::DirHandle};
use airlatch_core::model::Absence;

/// The longest value of a component, in bytes.
const MAX_VALUE: u64 = 4096;
/// The most entries of a folder that are read.
const MAX_ENTRIES: usize = 1024;
/// The most bytes of the mount table; it is long on hosts with many containers.
const MAX_MOUNT_TABLE: u64 = 1 << 20;

/// A host's files below its root folder, or below one of its folders.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
    /// The folder below the root, empty for the root itself.
    folder: String,
    /// The directory handle of the folder. Only for this machine: in a captured host, paths are resolved in its root, so links
    /// can't lead out of it.
    handle: Option<DirHandle>,
    /// Whether a file that not every user may read counts as unreadable.
    any_user: bool,
    mounts: OnceCell<String>,
}

impl Tree {
    pub(super) fn new(root: &Path) -> Self {
        let handle = if root == Path::new("/") { DirHandle::open(root).ok() } else { None };
        let root = root.to_path_buf();
        Self { root, folder: String::new(), handle, any_user: false, mounts: OnceCell::new() }
    }

    /// As any user sees it: what not every user may read counts as unreadable.
    pub(super) fn for_any_user(self, any_user: bool) -> Self {
        Self { any_user, ..self }
    }

    /// One of its folders, for several reads in it. Its names can be listed once only.
    pub(super) fn below(&self, folder: &str) -> Result<Self, Absence> {
        let handle = self.handle.as_ref().map(|handle| handle.folder(Path::new(folder)));
        let handle = handle.transpose().map_err(|error| absence(&error))?;
        let (root, folder, any_user) = (self.root.clone(), self.path(folder), self.any_user);
        Ok(Self { root, folder, handle, any_user, mounts: OnceCell::new() })
    }

    /// The last name of the folder, empty for the root itself.
    pub(super) fn name(&self) -> &str {
        self.folder.rsplit('/').next().unwrap_or_default()
    }

    /// A value of at most 4 KiB without surrounding blanks; an empty one counts as missing.
    pub(super) fn value(&self, path: &str) -> Result<String, Absence> {
        let bytes = self
            .open(path)
            .and_then(|file| files::read_whole(file, MAX_VALUE))
            .map_err(|error| absence(&error))?
            .ok_or_else(|| Absence::Unreadable("it is longer than 4 KiB".into()))?;
        let text = String::from_utf8(bytes).map_err(|_| Absence::Unreadable("it is not text".into()))?;
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

    /// The first `limit` bytes of a text; empty if it can't be read.
    pub(super) fn text(&self, path: &str, limit: u64) -> String {
        // The kernel generates some files for each read call, so the reads are large.
        let mut bytes = Vec::with_capacity(16 * 1024);
        if let Ok(file) = self.open(path) {
            let _ = file.take(limit).read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The mount table (proc_pid_mountinfo(5)), read once; empty if it can't be read.
    pub(super) fn mounts(&self) -> &str {
        self.mounts.get_or_init(|| self.text("proc/self/mountinfo", MAX_MOUNT_TABLE))
    }

    /// Whether the path is a mount point. A system call takes a twentieth of the time of reading the mount table; a captured
    /// host has only the table.
    pub(super) fn is_mount(&self, path: &str) -> bool {
        let is_mount = self.handle.as_ref().and_then(|handle| handle.is_mount(Path::new(path)));
        is_mount.unwrap_or_else(|| {
            let place = format!("/{path}");
            self.mounts().lines().any(|line| mount_point(line) == Some(&place))
        })
    }

    /// Whether anything exists at the path; a dangling link counts.
    pub(super) fn has(&self, path: &str) -> bool {
        match &self.handle {
            Some(handle) => handle.has(Path::new(path)),
            None => os::has_in_root(&self.root, Path::new(&self.path(path))),
        }
    }

    /// The file name of a link's target, which need not exist.
    pub(super) fn link_name(&self, path: &str) -> Option<String> {
        self.link_target(path)?.rsplit('/').find(|name| !name.is_empty()).map(ToOwned::to_owned)
    }

    /// The target of a link, which need not exist.
    pub(super) fn link_target(&self, path: &str) -> Option<String> {
        let target = match &self.handle {
            Some(handle) => handle.link(Path::new(path)),
            None => os::link_in_root(&self.root, Path::new(&self.path(path))),
        };
        Some(target.ok()?.to_string_lossy().into_owned())
    }

    /// The names in one of its folders, sorted, at most 1024.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, Absence> {
        let mut names = Vec::new();
        self.below(folder)?.each_name(|name| names.push(name.to_owned()))?;
        names.sort_unstable();
        Ok(names)
    }

    /// Calls `show` with the names in this folder, at most 1024.
    pub(super) fn each_name(&self, mut show: impl FnMut(&str)) -> Result<(), Absence> {
        let mut left = MAX_ENTRIES;
        let visit = |name: &OsStr| {
            left -= 1;
            name.to_str().into_iter().for_each(&mut show);
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match &self.handle {
            Some(handle) => handle.each_name(visit),
            None => os::each_name_in_root(&self.root, Path::new(&self.folder), visit),
        }
        .map_err(|error| absence(&error))
    }

    fn open(&self, path: &str) -> std::io::Result<std::fs::File> {
        let file = match &self.handle {
            Some(handle) => handle.file(Path::new(path)),
            None => os::open_in_root(&self.root, Path::new(&self.path(path))),
        }?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(Error::other("it is not a file"));
        }
        // A file of a captured host without any read permission could not be read on that host; root could read it here.
        let is_captured = self.handle.is_none();
        if (self.any_user && !os::any_user_may_read(&metadata))
            || (is_captured && os::nobody_may_read(&metadata))
        {
            return Err(ErrorKind::PermissionDenied.into());
        }
        Ok(file)
    }

    /// The path below the root.
    fn path(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }
}

/// The mount point in a line of the mount table.
pub(super) fn mount_point(line: &str) -> Option<&str> {
    line.split(' ').nth(4)
}

fn absence(error: &Error) -> Absence {
    match error.kind() {
        // For a missing firmware value the kernel returns ENOENT.
        ErrorKind::NotFound | ErrorKind::NotADirectory => Absence::Missing,
        ErrorKind::PermissionDenied => Absence::Denied,
        _ => Absence::Unreadable(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This machine is read through directory handles, a captured host by paths.
    #[cfg(target_os = "linux")]
    #[test]
    fn directory_handles_and_paths_give_the_same_values() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hosts/bonded");
        let captured = Tree::new(&root);
        let here = Tree { handle: Some(DirHandle::open(&root).unwrap()), ..Tree::new(Path::new("/nowhere")) };
        let cards = captured.names("sys/class/net").unwrap();
        assert!(cards.len() > 3, "{cards:?}");
        assert_eq!(here.names("sys/class/net").unwrap(), cards);
        for card in cards {
            let folder = format!("sys/class/net/{card}");
            let (one, other) = (captured.below(&folder).unwrap(), here.below(&folder).unwrap());
            for file in ["type", "address", "addr_assign_type", "bonding_slave/perm_hwaddr", "device", "none"]
            {
                assert_eq!(one.value(file), other.value(file), "{card} {file}");
                assert_eq!(one.has(file), other.has(file), "{card} {file}");
                assert_eq!(captured.value(&format!("{folder}/{file}")), one.value(file), "{card} {file}");
            }
            assert_eq!(one.link_name("device/subsystem"), other.link_name("device/subsystem"), "{card}");
            assert_eq!(one.names("").unwrap(), one.names(".").unwrap());
        }
        assert!(here.below("sys/none").is_err() && captured.below("sys/none").unwrap().names("").is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_call_and_the_mount_table_agree() {
        let here = Tree::new(Path::new("/"));
        let listed = Tree { handle: None, ..Tree::new(Path::new("/")) };
        let mounts = listed.mounts().lines().filter_map(|line| mount_point(line)?.strip_prefix('/'));
        let plain = mounts.filter(|place| !place.is_empty() && !place.contains('\\'));
        let places = plain.chain(["etc", "etc/machine-id", "etc/none", "proc/uptime", "proc/uptime/none"]);
        assert!(listed.is_mount("proc") && !listed.is_mount("etc/none"), "{}", listed.mounts());
        for place in places {
            assert_eq!(here.is_mount(place), listed.is_mount(place), "{place}");
        }
    }
}
