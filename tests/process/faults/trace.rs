//! Uses strace to list the system calls on the files of a test, and to make one of them fail or kill the process.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::scene::{Ran, Scene, run};

/// A fault at the nth call of one system call.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) call: String,
    pub(crate) n: usize,
    /// `signal=KILL` or `error=EIO`.
    pub(crate) what: String,
    /// Whether it also hits every later call of this name.
    pub(crate) and_after: bool,
}

/// The errors that this call can return in practice.
pub(crate) fn errors(call: &str) -> &'static [&'static str] {
    match call {
        "openat" | "open" => &["EACCES", "EIO", "EROFS", "ENOSPC", "EMFILE"],
        "mkdir" | "mkdirat" | "link" | "linkat" => &["ENOSPC", "EROFS", "EACCES", "EIO"],
        call if call.starts_with("rename") => &["EIO", "ENOSPC", "EROFS", "EACCES"],
        "write" | "writev" => &["ENOSPC", "EIO", "EDQUOT", "EFBIG", "EROFS"],
        "pwrite64" => &["ENOSPC", "EIO", "EDQUOT", "EFBIG", "EROFS", "EINTR"],
        "fsync" | "fdatasync" | "syncfs" => &["EIO", "ENOSPC", "EROFS"],
        "read" | "getdents64" => &["EIO", "EACCES"],
        "pread64" => &["EIO", "EACCES", "EINTR"],
        "unlink" | "unlinkat" | "rmdir" => &["EIO", "EROFS", "EACCES"],
        "chmod" | "fchmod" | "fchmodat" => &["EIO", "EROFS", "EACCES"],
        "flock" => &["ENOLCK", "EIO"],
        "ftruncate" | "fallocate" => &["EIO", "ENOSPC", "EFBIG", "EROFS"],
        // SQLite's locks: temporarily refused, and failing.
        "fcntl" => &["ENOLCK", "EIO", "EINTR"],
        "mmap" => &["ENOMEM", "EACCES"],
        "statx" | "stat" | "lstat" | "fstat" | "newfstatat" => &["EACCES", "EIO"],
        // An error of close has no consequence.
        _ => &[],
    }
}

/// Whether a call of this name writes to the disk or changes a lock.
pub(crate) fn changes(call: &str) -> bool {
    let names =
        ["write", "pwrite", "fsync", "fdatasync", "syncfs", "ftruncate", "fallocate", "unlink", "rmdir"];
    let more = ["rename", "link", "mkdir", "flock", "chmod", "fchmod"];
    names.iter().chain(&more).any(|name| call.starts_with(name))
}

/// For every call name, the numbers of its calls on files below `scene`; those of the loader and the probe are left out.
pub(crate) fn calls(scene: &Scene, line: &str) -> BTreeMap<String, Vec<usize>> {
    let log = scene.folder().with_extension("trace");
    let mut command = scene.command("strace");
    command.args(["-f", "-y", "-s", "4096", "-o"]).arg(&log).args(["-e", "trace=%file,%desc"]);
    let ran = run(command.arg(crate::scene::AIRLATCH).args(scene.words(line)));
    assert!(ran.status.success(), "{line}: {ran:?}");
    let text = fs::read_to_string(&log).unwrap();
    fs::remove_file(&log).unwrap();
    let mut main = None;
    let (mut counts, mut found) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, Vec<usize>>::new());
    for row in text.lines() {
        let (process, rest) = row.split_once(' ').unwrap();
        // strace counts per thread, and only the first thread uses files.
        if *main.get_or_insert(process) != process {
            continue;
        }
        let Some((call, arguments)) = rest.trim_start().split_once('(') else { continue };
        let n = counts.entry(call.to_owned()).or_default();
        *n += 1;
        if is_ours(arguments, scene.folder()) && !matches!(call, "execve" | "readlink") {
            found.entry(call.to_owned()).or_default().push(*n);
        }
    }
    found
}

/// Runs airlatch with a fault; returns whether the fault hit one of the scene's files.
pub(crate) fn inject(scene: &Scene, line: &str, fault: &Fault) -> (Ran, bool) {
    let log = scene.folder().with_extension("trace");
    let Fault { call, n, what, and_after } = fault;
    let after = if *and_after { "+" } else { "" };
    let mut command = scene.command("strace");
    // With a seccomp filter, only this call stops the program. A signal needs every call to stop: one that is handled would arrive
    // too late otherwise, and a killed process shows no arguments.
    if what.starts_with("error") {
        command.arg("--seccomp-bpf");
    }
    command.args(["-f", "-y", "-qq", "-s", "4096", "-o"]).arg(&log);
    command.args(["-e", &format!("trace={call}"), "-e", &format!("inject={call}:{what}:when={n}{after}")]);
    let ran = run(command.arg(crate::scene::AIRLATCH).args(scene.words(line)));
    let text = fs::read_to_string(&log).unwrap();
    fs::remove_file(&log).unwrap();
    let of_this_call = |row: &&str| row.contains(&format!(" {call}("));
    let met = if what.starts_with("signal") {
        text.lines().rfind(of_this_call)
    } else {
        text.lines().find(|row| row.contains("(INJECTED)"))
    };
    (ran, met.is_some_and(|row| is_ours(row, scene.folder())))
}

fn is_ours(arguments: &str, folder: &Path) -> bool {
    arguments.contains(folder.to_str().unwrap())
}
