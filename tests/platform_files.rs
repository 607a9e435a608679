//! Atomic writes, bounded reads and batches, on a real file system.

#![cfg(all(feature = "machine", unix))]
#![allow(clippy::disallowed_methods, missing_docs)]

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use airlatch::model::{Reason, Result};
use airlatch::platform::{Access, Existing, Exposure, Files, Wrote, read_limited};

/// A folder of its own for each test, removed at its end.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("airlatch-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn files(&self) -> Files {
        Files::new(&self.0)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
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

fn reason<T: std::fmt::Debug>(result: Result<T>) -> Reason {
    result.unwrap_err().reason()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn keep(files: &Files, path: &str, bytes: &str) -> Result<Wrote> {
    files.write(Path::new(path), bytes.as_bytes(), Access::Public, Existing::Keep)
}

fn replace(files: &Files, path: &str, bytes: &str) -> Result<Wrote> {
    files.write(Path::new(path), bytes.as_bytes(), Access::Public, Existing::Replace)
}

/// Whether a tool the test needs is there; its lack is only accepted where nobody demands it.
fn has_tool(name: &str) -> bool {
    let there = Command::new(name).arg("--version").output().is_ok();
    if !there {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{name} is not installed");
        println!("skipped: {name} is not installed");
    }
    there
}

/// Runs one ignored test of this file in a process of its own, under a wrapping shell line.
fn child(shell: &str, test: &str, room: &Room) -> std::process::Output {
    let me = std::env::current_exe().unwrap();
    Command::new("sh")
        .args(["-c", &format!("{shell} \"$@\""), "sh"])
        .arg(me)
        .args(["--exact", "--ignored", "--nocapture", test])
        .env("AIRLATCH_TEST_ROOM", &room.0)
        .output()
        .unwrap()
}

/// Fails unless every child ran its one test, and it passed.
fn passed(output: &std::process::Output, tests: usize) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.matches("1 passed").count() == tests, "{output:?}");
}

fn room_of_child() -> Files {
    Files::new(std::env::var_os("AIRLATCH_TEST_ROOM").expect("only run by another test"))
}

#[test]
fn a_write_is_new_same_or_refused() {
    let room = Room::new("write");
    let files = room.files();
    assert_eq!(keep(&files, "a.license", "one").unwrap(), Wrote::New);
    let before = fs::metadata(room.path("a.license")).unwrap();
    assert_eq!(keep(&files, "a.license", "one").unwrap(), Wrote::Same);
    assert_eq!(before.ino(), fs::metadata(room.path("a.license")).unwrap().ino());
    let refused = keep(&files, "a.license", "two").unwrap_err();
    assert_eq!((refused.reason(), refused.place()), (Reason::Exists, Some("a.license")));
    assert_eq!(fs::read(room.path("a.license")).unwrap(), b"one");
    assert_eq!(replace(&files, "a.license", "two").unwrap(), Wrote::Replaced);
    assert_eq!(replace(&files, "a.license", "two").unwrap(), Wrote::Same);
    assert_eq!(replace(&files, "b.license", "two").unwrap(), Wrote::New);
    assert_eq!(fs::read(room.path("a.license")).unwrap(), b"two");
    assert_eq!(room.names(), ["a.license", "b.license"]);
}

#[test]
fn a_private_file_is_private_again_after_a_replacement() {
    let room = Room::new("private");
    fs::write(room.path("a.key"), "one").unwrap();
    fs::set_permissions(room.path("a.key"), PermissionsExt::from_mode(0o644)).unwrap();
    let wrote = room.files().write(Path::new("a.key"), b"one", Access::Private, Existing::Replace);
    assert_eq!(wrote.unwrap(), Wrote::Replaced);
    assert_eq!(mode(&room.path("a.key")), 0o600);
}

#[test]
fn modes_hold_under_every_umask() {
    for (umask, public) in [("000", 0o644), ("022", 0o644), ("077", 0o600), ("777", 0)] {
        let room = Room::new(&format!("umask-{umask}"));
        let output = child(&format!("umask {umask};"), "child_writes_both_kinds", &room);
        passed(&output, 1);
        assert_eq!(mode(&room.path("private")), 0o600, "{umask}");
        assert_eq!(mode(&room.path("public")), public, "{umask}");
        assert_eq!(mode(&room.path("home")), 0o700, "{umask}");
        assert_eq!(mode(&room.path("home/keys")), 0o700, "{umask}");
    }
}

#[test]
#[ignore = "run by another test, under its umask"]
fn child_writes_both_kinds() {
    let files = room_of_child();
    files.write(Path::new("private"), b"x", Access::Private, Existing::Keep).unwrap();
    files.write(Path::new("public"), b"x", Access::Public, Existing::Keep).unwrap();
    files.make_dir(Path::new("home/keys"), true).unwrap();
}

#[test]
fn links_are_never_followed_by_a_write() {
    let room = Room::new("links");
    let files = room.files();
    fs::write(room.path("victim"), "victim").unwrap();
    symlink("victim", room.path("to-file")).unwrap();
    symlink("nowhere", room.path("dangling")).unwrap();
    for link in ["to-file", "dangling"] {
        assert_eq!(reason(keep(&files, link, "new")), Reason::Exists, "{link}");
        assert!(fs::symlink_metadata(room.path(link)).unwrap().is_symlink());
        assert_eq!(replace(&files, link, "new").unwrap(), Wrote::Replaced, "{link}");
        assert!(fs::symlink_metadata(room.path(link)).unwrap().is_file());
    }
    assert_eq!(fs::read(room.path("victim")).unwrap(), b"victim");
    assert!(!room.path("nowhere").exists());
    // Planted where the temporary will stand.
    symlink("victim", room.path(".planted.airlatch-tmp")).unwrap();
    assert_eq!(keep(&files, "planted", "new").unwrap(), Wrote::New);
    assert_eq!(fs::read(room.path("victim")).unwrap(), b"victim");
    assert!(fs::symlink_metadata(room.path("planted")).unwrap().is_file());
    assert_eq!(room.names(), ["dangling", "planted", "to-file", "victim"]);
}

#[test]
fn only_a_dead_leftover_is_removed() {
    let room = Room::new("leftover");
    let files = room.files();
    let leftover = room.path(".a.airlatch-tmp");
    fs::write(&leftover, "half of a f").unwrap();
    assert_eq!(keep(&files, "a", "whole").unwrap(), Wrote::New);
    assert_eq!(room.names(), ["a"]);

    let live = File::create(&leftover).unwrap();
    live.lock().unwrap();
    assert_eq!(reason(replace(&files, "a", "other")), Reason::Busy);
    files.discard_leftover(Path::new("a"));
    assert!(leftover.exists());
    assert_eq!(fs::read(room.path("a")).unwrap(), b"whole");
    drop(live);

    files.discard_leftover(Path::new("a"));
    assert_eq!(room.names(), ["a"]);
    // Also when there is nothing to write, or nothing that may be.
    for (text, expected) in [("whole", Ok(Wrote::Same)), ("other", Err(Reason::Exists))] {
        fs::write(&leftover, "half").unwrap();
        assert_eq!(keep(&files, "a", text).map_err(|t| t.reason()), expected);
        assert_eq!(room.names(), ["a"], "{text}");
    }
}

#[test]
fn of_many_writers_one_wins_and_all_agree() {
    let room = Room::new("race");
    let files = room.files();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let files = &files;
            scope.spawn(move || {
                for _ in 0..50 {
                    let done = keep(files, "same", "same").map_err(|t| t.reason());
                    assert!(matches!(done, Ok(Wrote::New | Wrote::Same) | Err(Reason::Busy)), "{done:?}");
                    let text = format!("{n}").repeat(10_000);
                    let done = replace(files, "torn", &text).map_err(|t| t.reason());
                    assert!(matches!(done, Ok(_) | Err(Reason::Busy)), "{done:?}");
                    if let Ok(found) = files.read(Path::new("torn"), 20_000) {
                        assert!(found.len() == 10_000 && found.iter().all(|b| *b == found[0]));
                    }
                }
            });
        }
    });
    assert_eq!(room.names(), ["same", "torn"]);
}

#[test]
fn names_that_cant_be_written_say_so() {
    let room = Room::new("names");
    let files = room.files();
    fs::create_dir(room.path("folder")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        room.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    for (path, expected) in [
        ("", Reason::BadName),
        ("new/", Reason::BadName),
        ("..", Reason::BadName),
        (&"n".repeat(300), Reason::BadName),
        ("missing/file", Reason::NotFound),
        ("folder", Reason::NotAFile),
        ("pipe", Reason::NotAFile),
        ("/dev/full", Reason::NotAFile),
        ("/dev/null", Reason::NotAFile),
    ] {
        assert_eq!(reason(replace(&files, path, "x")), expected, "{path}");
        let trouble = keep(&files, path, "x").unwrap_err();
        assert_eq!((trouble.reason(), trouble.place()), (expected, Some(path)), "{path}");
    }
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let longest = "n".repeat(255);
    assert_eq!(keep(&files, &longest, "x").unwrap(), Wrote::New);
    assert_eq!(room.names(), ["folder", longest.as_str(), "pipe"]);
}

#[test]
fn a_read_is_bounded_and_never_waits() {
    let room = Room::new("read");
    let files = room.files();
    let read = |path: &str, limit| files.read(Path::new(path), limit);
    fs::write(room.path("five"), "12345").unwrap();
    symlink("five", room.path("link")).unwrap();
    symlink("circle", room.path("circle")).unwrap();
    assert_eq!(read("five", 5).unwrap(), b"12345");
    assert_eq!(read("link", 5).unwrap(), b"12345");
    assert_eq!(reason(read("five", 4)), Reason::TooLarge);
    File::create(room.path("sparse")).unwrap().set_len(20_000_000_000).unwrap();
    assert_eq!(reason(read("sparse", 1 << 20)), Reason::TooLarge);
    assert!(!read("/proc/self/status", 1 << 20).unwrap().is_empty());
    assert_eq!(reason(read("/proc/self/status", 10)), Reason::TooLarge);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        room.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(room.path("socket")).unwrap();
    for odd in ["pipe", "socket", ".", "/dev/zero"] {
        assert_eq!(reason(read(odd, 10)), Reason::NotAFile, "{odd}");
    }
    for (path, expected) in [
        ("missing", Reason::NotFound),
        ("five/x", Reason::NotFound),
        ("circle", Reason::BadName),
        ("", Reason::BadName),
    ] {
        assert_eq!(reason(read(path, 10)), expected, "{path}");
    }
    assert_eq!(read_limited(&b"12345"[..], 5, "standard input").unwrap(), b"12345");
    assert_eq!(reason(read_limited(std::io::repeat(0), 5, "standard input")), Reason::TooLarge);
    assert_eq!(reason(read_limited(File::open(&room.0).unwrap(), 5, "standard input")), Reason::NotAFile);
}

#[test]
fn a_size_limit_is_an_error_and_leaves_nothing() {
    let room = Room::new("limit");
    // 8 KiB in the units of any shell.
    let output = child("ulimit -f 8;", "child_writes_too_much", &room);
    passed(&output, 1);
    assert_eq!(room.names(), [] as [&str; 0]);
}

#[test]
#[ignore = "run by another test, under its limit"]
fn child_writes_too_much() {
    airlatch::platform::prepare().unwrap();
    let files = room_of_child();
    let big = "x".repeat(1 << 20);
    assert_eq!(reason(keep(&files, "big", &big)), Reason::FileLimit);
    let mut stage = files.stage(Path::new(".")).unwrap();
    assert_eq!(reason(stage.add("big", big.as_bytes())), Reason::FileLimit);
}

#[test]
fn an_unprivileged_user_is_told_what_is_missing() {
    let room = Room::new("unprivileged");
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can become somebody else");
        return;
    }
    if !has_tool("setpriv") {
        return;
    }
    fs::write(room.path("secret"), "x").unwrap();
    fs::set_permissions(room.path("secret"), PermissionsExt::from_mode(0o600)).unwrap();
    // The program itself may stand in a folder only root can enter.
    let program = room.path("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&program)
        .args(["--exact", "--ignored", "child_is_unprivileged"])
        .env("AIRLATCH_TEST_ROOM", &room.0)
        .output()
        .unwrap();
    passed(&output, 1);
    assert_eq!(room.names(), ["program", "secret"]);
}

#[test]
#[ignore = "run by another test, as another user"]
fn child_is_unprivileged() {
    let files = room_of_child();
    assert_eq!(reason(files.read(Path::new("secret"), 10)), Reason::Denied);
    assert_eq!(reason(keep(&files, "new", "x")), Reason::Denied);
    assert_eq!(reason(replace(&files, "secret", "x")), Reason::Denied);
    assert_eq!(reason(files.make_dir(Path::new("home"), true)), Reason::Denied);
    assert_eq!(reason(files.stage(Path::new("."))), Reason::Denied);
    assert_eq!(reason(files.remove(Path::new("secret"))), Reason::Denied);
}

#[test]
fn root_leaves_a_replaced_file_to_its_owner() {
    let room = Room::new("owner");
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give a file away");
        return;
    }
    for (folder, owner) in [("theirs", 4242), ("ours", 0)] {
        fs::create_dir(room.path(folder)).unwrap();
        std::os::unix::fs::chown(room.path(folder), Some(owner), Some(owner)).unwrap();
        let path = format!("{folder}/clock");
        fs::write(room.path(&path), "old").unwrap();
        std::os::unix::fs::chown(room.path(&path), Some(4242), Some(4242)).unwrap();
        replace(&room.files(), &path, "new").unwrap();
        assert_eq!(fs::metadata(room.path(&path)).unwrap().uid(), owner, "{folder}");
    }
}

#[test]
fn a_full_or_read_only_medium_leaves_the_old_file() {
    let room = Room::new("full");
    let me = std::env::current_exe().unwrap();
    let script = "mount -t tmpfs -o size=64k none \"$0\" && \"$1\" --exact --ignored child_fills_the_medium && \
        mount -o remount,ro \"$0\" && \"$1\" --exact --ignored child_cant_write";
    let probe = Command::new("unshare").args(["-rm", "true"]).output();
    if !probe.is_ok_and(|p| p.status.success()) {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "unshare does not work");
        println!("skipped: unshare is not installed");
        return;
    }
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .arg(&room.0)
        .arg(me)
        .env("AIRLATCH_TEST_ROOM", &room.0)
        .output()
        .unwrap();
    passed(&output, 2);
}

#[test]
#[ignore = "run by another test, on a small medium"]
fn child_fills_the_medium() {
    let files = room_of_child();
    let big = "x".repeat(1 << 20);
    keep(&files, "old", "old").unwrap();
    assert_eq!(reason(keep(&files, "big", &big)), Reason::DiskFull);
    assert_eq!(reason(replace(&files, "old", &big)), Reason::DiskFull);
    let mut stage = files.stage(Path::new(".")).unwrap();
    stage.add("small", b"small").unwrap();
    assert_eq!(reason(stage.add("big", big.as_bytes())), Reason::DiskFull);
    drop(stage);
    let names = fs::read_dir(std::env::var_os("AIRLATCH_TEST_ROOM").unwrap()).unwrap().count();
    assert_eq!(names, 1);
    assert_eq!(files.read(Path::new("old"), 10).unwrap(), b"old");
}

#[test]
#[ignore = "run by another test, on a read-only medium"]
fn child_cant_write() {
    let files = room_of_child();
    assert_eq!(reason(keep(&files, "new", "x")), Reason::ReadOnly);
    assert_eq!(reason(replace(&files, "old", "x")), Reason::ReadOnly);
    assert_eq!(reason(files.stage(Path::new("."))), Reason::ReadOnly);
    assert_eq!(keep(&files, "old", "old").unwrap(), Wrote::Same);
}

#[test]
fn a_batch_stands_complete_or_not_at_all() {
    let room = Room::new("batch");
    let files = room.files();
    fs::create_dir(room.path("out")).unwrap();
    let out = Path::new("out");
    let mut stage = files.stage(out).unwrap();
    for n in 0..1000 {
        let name = format!("{n:04}.cfg");
        assert_eq!(stage.add(&name, name.as_bytes()).unwrap(), Wrote::New);
    }
    assert_eq!(files.list(out, 10).unwrap(), [""; 0]);
    assert_eq!(reason(files.stage(out)), Reason::Busy);
    stage.commit().unwrap();
    let names = files.list(out, 1000).unwrap();
    assert_eq!((names.len(), names[999].to_str()), (1000, Some("0999.cfg")));
    assert_eq!(reason(files.list(out, 999)), Reason::TooLarge);
    assert_eq!(fs::read(room.path("out/0500.cfg")).unwrap(), b"0500.cfg");
    assert!(!room.path("out/.airlatch-batch").exists());

    // A dead batch: its folder stands, without a lock.
    fs::create_dir(room.path("out/.airlatch-batch")).unwrap();
    fs::write(room.path("out/.airlatch-batch/new.cfg"), "half").unwrap();
    let mut stage = files.stage(out).unwrap();
    assert_eq!(stage.add("0001.cfg", b"0001.cfg").unwrap(), Wrote::Same);
    assert_eq!(reason(stage.add("0001.cfg", b"other")), Reason::Exists);
    assert_eq!(stage.add("new.cfg", b"whole").unwrap(), Wrote::New);
    let twin = stage.add("new.cfg", b"whole").unwrap_err();
    assert_eq!((twin.reason(), twin.place()), (Reason::Exists, Some("out/new.cfg")));
    for bad in ["", "..", "../x", "a/b", "/x", "a/", "nul\0"] {
        assert_eq!(reason(stage.add(bad, b"x")), Reason::BadName, "{bad}");
    }
    drop(stage);
    assert_eq!(files.list(out, 2000).unwrap().len(), 1000);
    assert!(!room.path("out/.airlatch-batch").exists());

    symlink(".", room.path("out/.airlatch-batch")).unwrap();
    assert_eq!(reason(files.stage(out)), Reason::Exists);
    assert_eq!(reason(files.stage(Path::new("missing"))), Reason::NotFound);
}

#[test]
fn a_batch_never_replaces_what_came_meanwhile() {
    let room = Room::new("meanwhile");
    let mut stage = room.files().stage(Path::new(".")).unwrap();
    stage.add("a", b"ours").unwrap();
    stage.add("b", b"ours").unwrap();
    fs::write(room.path("b"), "theirs").unwrap();
    assert_eq!(reason(stage.commit()), Reason::Exists);
    assert_eq!(fs::read(room.path("b")).unwrap(), b"theirs");
    assert_eq!(room.names(), ["a", "b"]);
}

#[test]
fn a_batch_syncs_once() {
    if !has_tool("strace") {
        return;
    }
    let room = Room::new("syncs");
    let output = child(
        "exec strace -f -e trace=syncfs,fsync,fdatasync,sync -o \"$AIRLATCH_TEST_ROOM/trace\"",
        "child_batch",
        &room,
    );
    passed(&output, 1);
    let trace = fs::read_to_string(room.path("trace")).unwrap();
    assert_eq!(trace.matches("syncfs(").count(), 1, "{trace}");
    assert_eq!(trace.matches("fsync(").count(), 1, "{trace}");
}

#[test]
#[ignore = "run by another test, under its eyes"]
fn child_batch() {
    let mut stage = room_of_child().stage(Path::new(".")).unwrap();
    for n in 0..100 {
        stage.add(&n.to_string(), b"x").unwrap();
    }
    stage.commit().unwrap();
}

#[test]
fn every_failing_call_leaves_absent_or_complete() {
    if !has_tool("strace") {
        return;
    }
    for (calls, errno, expected) in [
        ("fsync", "EIO", "io"),
        ("write", "ENOSPC", "disk-full"),
        ("renameat2", "EIO", "io"),
        ("fchmod", "EIO", "io"),
        ("fchmod", "ENOSYS", "exposed-key"),
        ("renameat2", "EINVAL", "new"),
        ("renameat2,linkat", "EPERM", "denied"),
        ("flock", "ENOLCK", "new"),
    ] {
        let room = Room::new(&format!("inject-{calls}-{errno}"));
        let shell = format!(
            "exec strace -f -qq -o /dev/null -P \"$AIRLATCH_TEST_ROOM\" -P \"$AIRLATCH_TEST_ROOM/a\" \
            -P \"$AIRLATCH_TEST_ROOM/.a.airlatch-tmp\" -e inject={calls}:error={errno}"
        );
        let output = child(&shell, "child_writes_one", &room);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(&format!("result={expected}\n")), "{calls} {errno}: {output:?}");
        let names = if expected == "new" { &["a"][..] } else { &[][..] };
        assert_eq!(room.names(), names, "{calls} {errno}");
    }
}

#[test]
#[ignore = "run by another test, with failing calls"]
fn child_writes_one() {
    match room_of_child().write(Path::new("a"), b"whole", Access::Private, Existing::Keep) {
        Ok(_) => println!("result=new"),
        Err(trouble) => println!("result={}", trouble.reason()),
    }
}

#[test]
fn folders_are_made_and_asked() {
    let room = Room::new("folders");
    let files = room.files();
    files.make_dir(Path::new("a/b/c"), false).unwrap();
    files.make_dir(Path::new("a/b/c"), true).unwrap();
    assert!(files.is_dir(Path::new("a/b")) && files.exists(Path::new("a/b/c")));
    fs::write(room.path("file"), "x").unwrap();
    assert_eq!(reason(files.make_dir(Path::new("file"), true)), Reason::Exists);
    assert_eq!(reason(files.make_dir(Path::new("file/x"), true)), Reason::Exists);
    assert_eq!(reason(files.remove(Path::new("a"))), Reason::NotAFile);
    assert_eq!(reason(files.remove(Path::new("missing"))), Reason::NotFound);
    files.remove(Path::new("file")).unwrap();
    symlink("nowhere", room.path("dangling")).unwrap();
    assert!(files.exists(Path::new("dangling")) && !files.exists(Path::new("file")));
    assert_eq!(files.list(Path::new("."), 10).unwrap(), ["a", "dangling"]);
}

#[test]
fn one_file_has_many_names() {
    let room = Room::new("same");
    let files = room.files();
    let same = |a: &str, b: &str| files.same_file(Path::new(a), Path::new(b));
    fs::write(room.path("a"), "x").unwrap();
    fs::write(room.path("b"), "x").unwrap();
    fs::create_dir(room.path("folder")).unwrap();
    fs::hard_link(room.path("a"), room.path("hard")).unwrap();
    symlink("a", room.path("soft")).unwrap();
    for other in ["a", "./a", "folder/../a", "hard", "soft", room.path("a").to_str().unwrap()] {
        assert!(same("a", other), "{other}");
    }
    assert!(!same("a", "b") && !same("a", "missing"));
    assert!(same("new", "./folder/../new") && !same("new", "newer"));
}

#[test]
fn an_open_key_is_seen() {
    let room = Room::new("exposed");
    let files = room.files();
    fs::create_dir(room.path("keys")).unwrap();
    fs::write(room.path("keys/a"), "x").unwrap();
    let exposed = |folder: u32, file: u32| {
        fs::set_permissions(room.path("keys"), PermissionsExt::from_mode(folder)).unwrap();
        fs::set_permissions(room.path("keys/a"), PermissionsExt::from_mode(file)).unwrap();
        files.exposed(Path::new("keys/a")).unwrap()
    };
    assert_eq!(exposed(0o755, 0o600), None);
    assert_eq!(exposed(0o700, 0o400), None);
    assert_eq!(exposed(0o1777, 0o600), None);
    assert_eq!(exposed(0o755, 0o644), Some(Exposure::File(0o644)));
    assert_eq!(exposed(0o755, 0o640), Some(Exposure::File(0o640)));
    assert_eq!(exposed(0o777, 0o600), Some(Exposure::Folder(0o777)));
    assert_eq!(reason(files.exposed(Path::new("missing"))), Reason::NotFound);
}

#[test]
fn a_closed_output_is_seen() {
    let room = Room::new("output");
    for (shell, lost) in [(">&-", true), (">/dev/null", false), ("> \"$AIRLATCH_TEST_ROOM/out\"", false)] {
        let output = child(&format!("exec {shell};"), "child_says_whether_output_is_lost", &room);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(&format!("lost={lost}\n")), "{shell}: {text}");
    }
    let rewritten = OpenOptions::new().append(true).open(room.path("out"));
    assert!(rewritten.is_ok());
}

#[test]
#[ignore = "run by another test, with its output"]
fn child_says_whether_output_is_lost() {
    eprintln!("lost={}", airlatch::platform::stdout_is_lost());
}

#[test]
fn a_signal_gives_the_terminal_back() {
    if !has_tool("script") {
        return;
    }
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let room = Room::new(&format!("echo-{signal}"));
        let me = std::env::current_exe().unwrap();
        let line = format!(
            "{} --exact --ignored child_waits_without_echo & sleep 1; kill -{signal} $!; wait $!; echo status=$?; stty -a",
            me.display()
        );
        let output = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .env("AIRLATCH_TEST_ROOM", &room.0)
            .env("SHELL", "/bin/sh")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(room.path("ready").exists(), "{text}");
        assert!(text.contains(&format!("status={status}")), "{signal}: {text}");
        assert!(text.contains(" echo ") && !text.contains("-echo "), "{signal}: {text}");
    }
}

#[test]
#[ignore = "run by another test, in a terminal"]
fn child_waits_without_echo() {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let _echo = airlatch::platform::Echo::guard();
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").unwrap();
    let mut settings = tcgetattr(&terminal).unwrap();
    settings.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Now, &settings).unwrap();
    keep(&room_of_child(), "ready", "x").unwrap();
    std::thread::sleep(std::time::Duration::from_secs(20));
}
