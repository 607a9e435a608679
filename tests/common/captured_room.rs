//! What the tests of the probe share: captured hosts, and copies of them that a test may change.

use std::fs;
use std::path::{Path, PathBuf};

use airlatch_core::model::{Absence, ComponentKind, HostIdentity};
use airlatch_machine::platform::{self, Probe};

pub fn probe(root: &Path) -> Probe {
    platform::probe(root, &HostIdentity::default())
}

pub fn captured(name: &str) -> PathBuf {
    super::place::repository().join("tests/hosts").join(name)
}

/// The names of all captured hosts.
pub fn hosts() -> Vec<String> {
    let entries = fs::read_dir(captured("")).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// A copy of a captured host that a test may change, removed at its end.
pub struct Copy(pub PathBuf);

impl Copy {
    pub fn of(host: &str, test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("airlatch-probe-{}-{test}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        copy(&captured(host), &path);
        Self(path)
    }

    pub fn set(&self, path: &str, text: &str) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        fs::write(path, text).unwrap();
        self
    }

    #[cfg(unix)]
    pub fn link(&self, path: &str, target: &str) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
        self
    }

    pub fn rename(&self, from: &str, to: &str) -> &Self {
        fs::rename(self.0.join(from), self.0.join(to)).unwrap();
        self
    }

    pub fn remove(&self, path: &str) -> &Self {
        let path = self.0.join(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap()
        } else {
            fs::remove_file(path).unwrap()
        }
        self
    }

    /// A network interface with these files.
    pub fn card(&self, name: &str, mac: &str, files: &[(&str, &str)]) -> &Self {
        for (file, value) in [("address", mac), ("type", "1")].iter().chain(files) {
            self.set(&format!("sys/class/net/{name}/{file}"), &format!("{value}\n"));
        }
        self
    }

    pub fn probe(&self) -> Probe {
        probe(&self.0)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, target) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub fn absence(probe: &Probe, kind: ComponentKind) -> Absence {
    assert_eq!(probe.components.get(kind), [""; 0], "{kind}");
    probe.absent.iter().find(|(absent, _)| *absent == kind).unwrap().1.clone()
}

pub fn placeholder(value: &str) -> Absence {
    Absence::Placeholder(value.into())
}
