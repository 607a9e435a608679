//! The folder of one test: a vendor, a host, a request, a license, and the real program to run there.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::common::slow;

/// The program under test.
pub(crate) const AIRLATCH: &str = env!("CARGO_BIN_EXE_airlatch");
/// The time limit of every command.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

const GRANT: &str = "product = \"call-services\"\nterm = \"1 year\"\n\
    [features]\nsessions = 100\n[lock]\nallow = [\"virtual\", \"container\"]\n";
const MACS: &str = "A1\t0004f1144bd4\nA2\t0004f1144bd5\nA3\t0004f1144bd6\nA4\t0004f1144bd7\n";

/// A scratch folder, removed when dropped.
pub(crate) struct Scene(PathBuf);

/// The exit status and output of a program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scene {
    /// An empty folder; on the disk with `just slow`, else in memory.
    pub(crate) fn empty(name: &str) -> Self {
        if slow::all() { Self::below(&std::env::temp_dir(), name) } else { Self::in_memory(name) }
    }

    /// An empty folder, in memory if there is a memory file system: syncing many files to a disk is slow.
    pub(crate) fn in_memory(name: &str) -> Self {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory } else { &std::env::temp_dir() };
        Self::below(base, name)
    }

    fn below(base: &Path, name: &str) -> Self {
        // Two tests may choose the same name.
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = base.join(format!("airlatch-faults-{}-{made}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        // A symbolic link in the path (`/tmp` on some systems) would hide our paths from a trace.
        Self(folder.canonicalize().unwrap())
    }

    /// A folder with `grant.toml`, `macs.tsv`, `keys/acme.{key,pub}`, `host.request`, `old.license` (number OLD),
    /// `host.license` and the host home `home`, where nothing is installed yet.
    pub(crate) fn set(name: &str) -> Self {
        let scene = Self::empty(name);
        scene.write("grant.toml", GRANT);
        scene.write("macs.tsv", MACS);
        scene.done("keygen --no-passphrase --out @/keys/acme");
        scene.done("request --home @/home --product call-services --out @/host.request");
        let issue = "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes";
        scene.done(&format!("{issue} --out @/old.license --number OLD"));
        scene.done(&format!("{issue} --out @/host.license"));
        scene
    }

    /// The same files in another folder.
    pub(crate) fn copy(&self, name: &str) -> Self {
        let copy = Self::below(self.0.parent().unwrap(), name);
        for path in self.everything() {
            let (from, to) = (self.0.join(&path), copy.0.join(&path));
            if from.is_dir() {
                fs::create_dir_all(&to).unwrap();
            } else {
                fs::copy(&from, &to).unwrap();
            }
        }
        copy
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// Every path below the folder, relative, parents first.
    pub(crate) fn everything(&self) -> Vec<PathBuf> {
        let mut found = vec![PathBuf::new()];
        let mut at = 0;
        while let Some(path) = found.get(at).cloned() {
            let full = self.0.join(&path);
            if full.is_dir() && !full.is_symlink() {
                let mut names: Vec<_> = fs::read_dir(full).unwrap().map(|e| e.unwrap().file_name()).collect();
                names.sort();
                found.extend(names.into_iter().map(|name| path.join(name)));
            }
            at += 1;
        }
        found.remove(0);
        found
    }

    /// Temporary files and folders anywhere below the folder.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let ours = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let of_a_database = name.ends_with("-journal") || name.ends_with(".restoring");
            name.starts_with(".airlatch") || name.contains("airlatch-tmp") || of_a_database
        };
        self.everything().into_iter().filter(ours).collect()
    }

    /// The words of a line, with `@` replaced by the folder; no word has a blank.
    pub(crate) fn words(&self, line: &str) -> Vec<String> {
        line.split_whitespace().map(|word| word.replace('@', self.0.to_str().unwrap())).collect()
    }

    /// A program that runs far away, with an empty home.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.0.join("nobody")).env("LC_ALL", "C");
        command.current_dir("/").stdin(Stdio::null());
        command
    }

    /// airlatch with these words.
    pub(crate) fn airlatch(&self, line: &str) -> Command {
        let mut command = self.command(AIRLATCH);
        command.args(self.words(line));
        command
    }

    /// airlatch as a user who is not root and owns all files in the folder; `None` if the tool for it is missing.
    pub(crate) fn without_rights(&self, line: &str) -> Option<Command> {
        let words = self.words(line);
        if !is_root() {
            let mut command = self.command(AIRLATCH);
            command.args(words);
            return Some(command);
        }
        if !has("setpriv") {
            return None;
        }
        // The build may lie where others can't get at it. A process of its own copies it: while this one has the copy open
        // for writing, what another test starts would keep it busy.
        let program = self.path("program");
        if !program.exists() {
            assert!(Command::new("cp").arg(AIRLATCH).arg(&program).status().unwrap().success());
        }
        let own = |path: &PathBuf| std::os::unix::fs::lchown(self.0.join(path), Some(65534), None).unwrap();
        self.everything().iter().for_each(own);
        let mut command = self.command("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).args(words);
        Some(command)
    }

    /// A shell line ending in `"$@"`, which is replaced by airlatch with these words.
    pub(crate) fn shell(&self, script: &str, line: &str) -> Command {
        let mut command = self.command("sh");
        command.args(["-c", script, "sh", AIRLATCH]).args(self.words(line));
        command
    }

    /// Runs airlatch.
    pub(crate) fn run(&self, line: &str) -> Ran {
        run(&mut self.airlatch(line))
    }

    /// Runs airlatch, which must succeed.
    #[track_caller]
    pub(crate) fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert!(ran.status.success(), "airlatch {line}: {ran:?}");
        ran.out
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a program to its end; a program that hangs fails the test.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    let id = child.id();
    // The pipes are read to their end, so a watchdog thread detects that they are never closed.
    let (send, receive) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if receive.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
        }
    });
    drop(child.stdin.take());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let _ = send.send(());
    watch.join().unwrap();
    assert!(began.elapsed() < PATIENCE, "it hung: {command:?}");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { status, out: text(stdout), err: text(stderr) }
}

impl Ran {
    /// What is missing in a failure: exit 2, message, hint, reason word.
    pub(crate) fn ill_failure(&self) -> Option<String> {
        let said = |parts: &[&str]| parts.iter().all(|part| self.err.contains(part));
        let well =
            said(&["error: ", "hint: ", "    ["]) || said(&["\"message\": ", "\"hints\": ", "\"reason\": "]);
        (!well || self.status.code() != Some(2) || self.panicked()).then(|| format!("{self:?}"))
    }

    /// Whether the program panicked.
    pub(crate) fn panicked(&self) -> bool {
        [&self.out, &self.err].iter().any(|text| text.contains("panicked"))
            || matches!(self.status.code(), Some(101 | 134 | 139))
    }

    /// Asserts that it failed for this reason, with a complete message.
    #[track_caller]
    pub(crate) fn fails(&self, reason: &str) {
        assert_eq!(self.ill_failure(), None);
        let said = [format!("[{reason}]"), format!("\"reason\": \"{reason}\"")];
        assert!(said.iter().any(|word| self.err.contains(word)), "not {reason}: {self:?}");
    }
}

/// Whether an external tool is installed; with AIRLATCH_REQUIRE_TOOLS=1 a missing tool fails the test.
pub(crate) fn has(tool: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()));
    if !found {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{tool} is not installed");
        println!("skipped: {tool} is not installed");
    }
    found
}

/// Whether the tests run as root.
pub(crate) fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0
}
