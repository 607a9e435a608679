//! The guard of a ledger between processes, and the file systems a ledger is not kept on.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use airlatch_core::model::{Error, Reason};

use crate::common::child::{arguments, myself};
use crate::room::*;

const NOT_AT_ALL: u64 = 0;

#[test]
fn a_lock_file_names_its_holder_and_is_empty_afterwards() {
    let room = Room::new("guard");
    let files = room.files();
    let path = Path::new("ledger.lock");
    let guard = files.lock_file(path, "airlatch issue", NOT_AT_ALL).unwrap();
    let line = fs::read_to_string(room.path("ledger.lock")).unwrap();
    assert!(line.starts_with(&format!("{} airlatch issue since 2", std::process::id())), "{line}");
    let busy = files.lock_file(path, "airlatch order", NOT_AT_ALL).unwrap_err();
    assert_eq!((busy.reason(), busy.place()), (Reason::Busy, Some("ledger.lock")));
    let detail = &busy.details()[0];
    assert!(
        detail.starts_with(&format!("process {}: airlatch issue since 2", std::process::id())),
        "{detail}"
    );
    assert!(detail.ends_with("it is running"), "{detail}");
    drop(guard);
    assert_eq!(fs::read_to_string(room.path("ledger.lock")).unwrap(), "");
    drop(files.lock_file(path, "airlatch order", NOT_AT_ALL).unwrap());
    assert_eq!(room.names(), ["ledger.lock"]);
}

#[test]
fn a_stopped_holder_is_named_as_stopped_and_a_killed_one_holds_nothing() {
    let room = Room::new("guard-stopped");
    let holder = holder(&room);
    let files = room.files();
    let ask = || files.lock_file(Path::new("ledger.lock"), "airlatch issue", NOT_AT_ALL);
    let told = |busy: Error| busy.details()[0].clone();
    let running = told(ask().unwrap_err());
    assert!(running.starts_with(&format!("process {}: airlatch batch", holder.0.id())), "{running}");
    assert!(running.ends_with("it is running"), "{running}");
    signal(&holder.0, "STOP");
    let stopped = told(ask().unwrap_err());
    assert!(stopped.contains("it is stopped"), "{stopped}");
    drop(holder);
    ask().unwrap();
}

#[test]
fn a_process_that_waits_long_enough_gets_the_lock() {
    let room = Room::new("guard-waits");
    let mut holder = holder(&room);
    let files = room.files();
    let waiting =
        std::thread::spawn(move || files.lock_file(Path::new("ledger.lock"), "airlatch issue", 20).map(drop));
    std::thread::sleep(Duration::from_millis(100));
    assert!(!waiting.is_finished());
    holder.0.stdin.take().unwrap().write_all(b"\n").unwrap();
    waiting.join().unwrap().unwrap();
    assert!(holder.0.wait().unwrap().success());
}

#[test]
fn what_is_no_lock_file_is_neither_followed_nor_filled() {
    let room = Room::new("guard-planted");
    fs::write(room.path("precious"), "precious").unwrap();
    symlink(room.path("precious"), room.path("link")).unwrap();
    fs::create_dir(room.path("folder")).unwrap();
    for name in ["link", "folder"] {
        let refused = room.files().lock_file(Path::new(name), "airlatch issue", NOT_AT_ALL);
        assert_eq!(reason(refused), Reason::NotAFile, "{name}");
    }
    assert_eq!(fs::read_to_string(room.path("precious")).unwrap(), "precious");
    let nowhere = room.files().lock_file(Path::new("no/ledger.lock"), "airlatch issue", NOT_AT_ALL);
    assert_eq!(reason(nowhere), Reason::NotFound);
}

#[test]
#[ignore = "run by another test, as the other process"]
fn child_holds_the_guard() {
    let guard = room_of_child().lock_file(Path::new("ledger.lock"), "airlatch batch", NOT_AT_ALL).unwrap();
    println!("\nheld");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    drop(guard);
}

#[test]
fn a_folder_on_fuse_is_refused_and_one_of_this_machine_is_not() {
    let room = Room::new("medium");
    fs::create_dir(room.path("desk")).unwrap();
    room.files().safe_for_ledger(Path::new("desk")).unwrap();
    symlink(room.path("desk"), room.path("link")).unwrap();
    room.files().safe_for_ledger(Path::new("link")).unwrap();
    assert_eq!(reason(room.files().safe_for_ledger(Path::new("nothing"))), Reason::NotFound);

    // A real one, in a mount namespace that ends with it.
    if !has_tool("unshare") || !has_tool("python3") {
        return;
    }
    fs::write(room.path("fuse.py"), FUSE).unwrap();
    let output = Command::new("unshare")
        .args(["-m", "python3"])
        .arg(room.path("fuse.py"))
        .arg(room.path("desk"))
        .arg(std::env::current_exe().unwrap())
        .args(arguments(module_path!(), "child_asks_about_the_folder"))
        .env("AIRLATCH_TEST_ROOM", &room.0)
        .output()
        .unwrap();
    if output.status.code() == Some(99) || String::from_utf8_lossy(&output.stderr).starts_with("unshare:") {
        println!("skipped: mounting is not allowed here: {output:?}");
        return;
    }
    passed(&output, 1);
}

#[test]
#[ignore = "run by another test, where the folder lies on FUSE"]
fn child_asks_about_the_folder() {
    for name in ["desk", "link"] {
        let refused = room_of_child().safe_for_ledger(Path::new(name)).unwrap_err();
        assert_eq!(refused.reason(), Reason::UnsafeFolder, "{name}");
        assert!(refused.message().contains("FUSE"), "{refused}");
    }
}

/// Another process; it does not outlive its test, stopped or not.
struct Holder(Child);

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process that holds the guard until it reads a line.
fn holder(room: &Room) -> Holder {
    let mut child = myself(module_path!(), "child_holds_the_guard")
        .env("AIRLATCH_TEST_ROOM", &room.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "held"));
    // Its last words need somebody who reads them.
    std::thread::spawn(move || lines.count());
    Holder(child)
}

fn signal(child: &Child, name: &str) {
    let kill = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status();
    assert!(kill.unwrap().success());
    let stat = || fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    while name == "STOP" && !stat().contains(") T ") {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The smallest file system that FUSE can serve: it answers what mount and statfs ask, and says 99 if it can't mount.
const FUSE: &str = r#"
import ctypes, os, struct, subprocess, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
try:
    device = os.open("/dev/fuse", os.O_RDWR)
except OSError:
    sys.exit(99)
options = f"fd={device},rootmode=40755,user_id={os.getuid()},group_id={os.getgid()},allow_other".encode()
if libc.mount(b"airlatch", sys.argv[1].encode(), b"fuse", 0, options):
    sys.exit(99)
ATTR = struct.pack("<QQQQQQIIIIIIIIII", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40755, 2, 0, 0, 0, 4096, 0)
def serve():
    while True:
        try:
            request = os.read(device, 1 << 18)
        except OSError:
            return
        _, call, unique = struct.unpack_from("<IIQ", request)
        error, body = 0, b""
        if call == 26:
            body = struct.pack("<IIIIHHIIHHI", 7, 31, 0, 0, 12, 10, 1 << 17, 1, 0, 0, 0) + bytes(28)
        elif call == 3:
            body = struct.pack("<QII", 0, 0, 0) + ATTR
        elif call == 17:
            body = struct.pack("<QQQQQIIII", 9, 9, 9, 9, 9, 4096, 255, 4096, 0) + bytes(24)
        elif call in (2, 42):
            continue
        else:
            error = -38
        os.write(device, struct.pack("<IiQ", 16 + len(body), error, unique) + body)
threading.Thread(target=serve, daemon=True).start()
sys.exit(subprocess.run(sys.argv[2:]).returncode)
"#;
