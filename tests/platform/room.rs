//! What the tests of the platform room share: a folder of their own, short writes, and children under other conditions.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use airlatch_core::model::{Reason, Result};
use airlatch_machine::platform::{Access, Existing, Files, WriteResult};

use crate::common::child::arguments;

/// A folder of its own for each test, removed at its end.
pub struct Room(pub PathBuf);

impl Room {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("airlatch-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        Self(path)
    }

    pub fn files(&self) -> Files {
        Files::new(&self.0)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(&self.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn reason<T: std::fmt::Debug>(result: Result<T>) -> Reason {
    result.unwrap_err().reason()
}

pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

pub fn keep(files: &Files, path: &str, bytes: &str) -> Result<WriteResult> {
    files.write(Path::new(path), bytes.as_bytes(), Access::Public, Existing::Keep)
}

pub fn replace(files: &Files, path: &str, bytes: &str) -> Result<WriteResult> {
    files.write(Path::new(path), bytes.as_bytes(), Access::Public, Existing::Replace)
}

/// Whether a tool the test needs is there; its lack is only accepted where nobody demands it.
pub fn has_tool(name: &str) -> bool {
    let there = Command::new(name).arg("--version").output().is_ok();
    if !there {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{name} is not installed");
        println!("skipped: {name} is not installed");
    }
    there
}

/// Runs one ignored test of `module` in a process of its own, under a wrapping shell line.
pub fn child(shell: &str, (module, test): (&str, &str), room: &Room) -> std::process::Output {
    let me = std::env::current_exe().unwrap();
    Command::new("sh")
        .args(["-c", &format!("{shell} \"$@\""), "sh"])
        .arg(me)
        .args(arguments(module, test))
        .env("AIRLATCH_TEST_ROOM", &room.0)
        .output()
        .unwrap()
}

/// Fails unless every child ran its one test, and it passed.
pub fn passed(output: &std::process::Output, tests: usize) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.matches("1 passed").count() == tests, "{output:?}");
}

pub fn room_of_child() -> Files {
    Files::new(std::env::var_os("AIRLATCH_TEST_ROOM").expect("only run by another test"))
}
