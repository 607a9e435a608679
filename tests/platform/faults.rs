//! Writes under other umasks, users, limits and media, with failing calls and signals: each in a process of its own.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use airlatch_core::model::Reason;
use airlatch_machine::platform::{Access, Existing, Exposure, WriteResult};

use crate::common::child::{arguments, full_name};
use crate::room::*;

#[test]
fn modes_hold_under_every_umask() {
    for (umask, public) in [("000", 0o644), ("022", 0o644), ("077", 0o600), ("777", 0)] {
        let room = Room::new(&format!("umask-{umask}"));
        let output = child(&format!("umask {umask};"), (module_path!(), "child_writes_both_kinds"), &room);
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
fn a_size_limit_is_an_error_and_leaves_nothing() {
    let room = Room::new("limit");
    // 8 KiB in the units of any shell.
    let output = child("ulimit -f 8;", (module_path!(), "child_writes_too_much"), &room);
    passed(&output, 1);
    assert_eq!(room.names(), [] as [&str; 0]);
}

#[test]
#[ignore = "run by another test, under its limit"]
fn child_writes_too_much() {
    airlatch_machine::platform::prepare().unwrap();
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
        .args(arguments(module_path!(), "child_is_unprivileged"))
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
fn root_leaves_what_it_creates_in_a_home_to_the_owner_of_the_home() {
    let room = Room::new("new-owner");
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give a file away");
        return;
    }
    fs::create_dir(room.path("theirs")).unwrap();
    std::os::unix::fs::chown(room.path("theirs"), Some(4242), Some(4243)).unwrap();
    let make = |files: &airlatch_machine::platform::Files, name: &str| {
        let path = |end: &str| format!("theirs/{name}{end}");
        keep(files, &path(".file"), "new").unwrap();
        files.make_dir(path("-folder/inner").as_ref(), true).unwrap();
        drop(files.lock_file(path(".lock").as_ref(), "airlatch", 0).unwrap());
        let owner = |end: &str| fs::metadata(room.path(&path(end))).map(|it| (it.uid(), it.gid())).unwrap();
        [".file", "-folder", "-folder/inner", ".lock"].map(owner)
    };
    assert_eq!(make(&room.files().keeping_owner(), "home"), [(4242, 4243); 4]);
    // An output file belongs to whoever writes it.
    assert_eq!(make(&room.files(), "out").map(|(owner, _)| owner), [0; 4]);
    // Another name of a file that was there before.
    fs::write(room.path("secret"), "secret").unwrap();
    fs::hard_link(room.path("secret"), room.path("theirs/linked.lock")).unwrap();
    drop(room.files().keeping_owner().lock_file("theirs/linked.lock".as_ref(), "airlatch", 0).unwrap());
    assert_eq!(fs::metadata(room.path("secret")).unwrap().uid(), 0);
}

#[test]
fn a_full_or_read_only_medium_leaves_the_old_file() {
    let room = Room::new("full");
    let me = std::env::current_exe().unwrap();
    let script = "mount -t tmpfs -o size=64k none \"$0\" && \"$1\" --exact --ignored \"$2\" && \
        mount -o remount,bind,ro \"$0\" && \"$1\" --exact --ignored \"$3\"";
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
        .args(["child_fills_the_medium", "child_cant_write"].map(|test| full_name(module_path!(), test)))
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
    assert_eq!(keep(&files, "old", "old").unwrap(), WriteResult::Same);
    // As a secret that is mounted into a container.
    let exposed = files.exposed(Path::new("old")).unwrap();
    assert!(matches!(exposed, Some(Exposure::Fixed(_))), "{exposed:?}");
}

#[test]
fn every_failing_call_leaves_absent_or_complete() {
    if !has_tool("strace") {
        return;
    }
    for (faults, expected) in [
        ("-e inject=fsync:error=EIO", "io"),
        // The folder's.
        ("-e inject=fsync:error=EIO:when=2", "io"),
        ("-e inject=write:error=ENOSPC", "disk-full"),
        ("-e inject=write:retval=1:when=1", "new"),
        ("-e inject=renameat2:error=EIO", "io"),
        ("-e inject=fchmod:error=EIO", "io"),
        ("-e inject=fchmod:error=ENOSYS", "exposed-key"),
        ("-e inject=flock:error=ENOLCK", "new"),
        ("-e inject=renameat2:error=EINVAL", "new"),
        // A medium with neither call, and then one that fails.
        ("-e inject=renameat2:error=EINVAL -e inject=linkat:error=EPERM", "new"),
        (
            "-e inject=renameat2:error=EINVAL -e inject=linkat:error=EPERM -e inject=fsync:error=EIO:when=2",
            "io",
        ),
        ("-e inject=renameat2,linkat:error=EPERM", "denied"),
    ] {
        let room = Room::new("inject");
        let output = child(&format!("{STRACE} {faults}"), (module_path!(), "child_writes_one"), &room);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(&format!("result={expected}\n")), "{faults}: {output:?}");
        let names = if expected == "new" { &["a"][..] } else { &[][..] };
        assert_eq!(room.names(), names, "{faults}");
    }
}

#[test]
fn every_kill_is_healed_by_the_next_run() {
    if !has_tool("strace") {
        return;
    }
    for (calls, last) in
        [("openat", 2), ("flock", 1), ("fchmod", 1), ("write", 1), ("fsync", 2), ("renameat2", 1)]
    {
        for when in 1..=last {
            let room = Room::new("kill");
            let shell = format!("{STRACE} -e inject={calls}:signal=KILL:when={when}");
            let output = child(&shell, (module_path!(), "child_writes_one"), &room);
            assert!(!output.status.success(), "{calls} {when}: it was not killed");
            let whole = fs::read(room.path("a")).map_or(true, |bytes| bytes == b"whole");
            assert!(whole, "{calls} {when}");
            passed(&child("", (module_path!(), "child_writes_one"), &room), 1);
            assert_eq!(room.names(), ["a"], "{calls} {when}");
            assert_eq!(fs::read(room.path("a")).unwrap(), b"whole", "{calls} {when}");
            assert_eq!(mode(&room.path("a")), 0o600, "{calls} {when}");
        }
    }
}

/// Runs what follows with faults in the calls that touch the target, its temporary and its folder.
const STRACE: &str = "exec strace -f -qq -o /dev/null -P \"$AIRLATCH_TEST_ROOM\" -P \"$AIRLATCH_TEST_ROOM/a\" \
    -P \"$AIRLATCH_TEST_ROOM/.a.airlatch-tmp\"";

#[test]
#[ignore = "run by another test, with failing calls"]
fn child_writes_one() {
    match room_of_child().write(Path::new("a"), b"whole", Access::Private, Existing::Keep) {
        Ok(_) => println!("result=new"),
        Err(error) => println!("result={}", error.reason()),
    }
}

#[test]
fn a_closed_output_is_seen() {
    let room = Room::new("output");
    for (shell, lost) in [(">&-", true), (">/dev/null", false), ("> \"$AIRLATCH_TEST_ROOM/out\"", false)] {
        let output =
            child(&format!("exec {shell};"), (module_path!(), "child_says_whether_output_is_lost"), &room);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(&format!("lost={lost}\n")), "{shell}: {text}");
    }
    let rewritten = OpenOptions::new().append(true).open(room.path("out"));
    assert!(rewritten.is_ok());
}

#[test]
#[ignore = "run by another test, with its output"]
fn child_says_whether_output_is_lost() {
    eprintln!("lost={}", airlatch_machine::platform::stdout_is_lost());
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
            "ready=$AIRLATCH_TEST_ROOM/ready; (until [ -s \"$ready\" ]; do sleep 0.1; done; kill -{signal} $(cat \"$ready\")) & \
             env --default-signal={signal} {} --exact --ignored {}; echo status=$?; stty -a",
            me.display(),
            full_name(module_path!(), "child_waits_without_echo")
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
    let _echo = airlatch_machine::platform::TerminalGuard::guard();
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").unwrap();
    let mut settings = tcgetattr(&terminal).unwrap();
    settings.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Now, &settings).unwrap();
    keep(&room_of_child(), "ready", &std::process::id().to_string()).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(20));
}
