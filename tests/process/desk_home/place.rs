//! Desk homes on an unsafe file system, read-only, or owned by another user.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::copies::issue;
use crate::scene::{AIRLATCH, Scene, has, is_root, run};

/// Verbs that charge or book, and those that only read.
const WORK: [&str; 3] = [
    "issue --desk @/desk --code seats --mac 0004f1ffffff --all --yes --out @/never.license",
    "batch @/macs.tsv --desk @/desk --code seats --out-dir @/never --yes",
    "order new 4711 --product seat --line video=7 --permanent --yes --desk @/desk",
];
const LOOKS: [&str; 2] = ["ledger balance --desk @/desk", "ledger audit --desk @/desk"];

/// strace makes the system report another file system for the folder.
#[test]
fn a_desk_on_a_network_or_fuse_is_refused() {
    if !has("strace") {
        return;
    }
    let scene = Scene::desk("network");
    for (magic, name) in [("6969", "NFS"), ("ff534d42", "SMB"), ("65735546", "FUSE"), ("00c36400", "Ceph")] {
        let number = u64::from_str_radix(magic, 16).unwrap();
        let bytes: String = number.to_le_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let inject = format!("inject=statfs:poke_exit=@arg2={bytes}");
        for line in WORK.iter().chain(&LOOKS).chain(&["desk init @/new --no-passphrase"]) {
            let mut command = scene.command("strace");
            command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=statfs", "-e", &inject]);
            let ran = run(command.arg(AIRLATCH).args(scene.words(line)));
            ran.fails("unsafe-folder");
            assert!(ran.err.contains(&format!("({name})")) && ran.err.contains("local disk"), "{ran:?}");
        }
        assert!(!scene.exists("new/ledger.db") && !scene.exists("never") && !scene.exists("never.license"));
    }
    assert_eq!(scene.ledger("desk").unwrap().entries, 3);
    assert!(issue(&scene, 1).status.success());
}

#[test]
fn a_desk_on_a_read_only_medium_charges_nothing() {
    if !has("unshare") {
        return;
    }
    let scene = Scene::desk("read-only");
    assert!(issue(&scene, 1).status.success());
    let protect =
        "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" || exit 99; shift; exec \"$@\"";
    for line in WORK.iter().chain(&LOOKS) {
        let mut command = scene.command("unshare");
        command.args(if is_root() { &["-m"][..] } else { &["-r", "-m"] }).args(["sh", "-c", protect, "sh"]);
        let ran = run(command.arg(scene.path("desk")).arg(AIRLATCH).args(scene.words(line)));
        if ran.status.code() == Some(99) || ran.err.starts_with("unshare:") {
            println!("skipped: mounting is not allowed here: {}", ran.err);
            return;
        }
        ran.fails("read-only");
        assert!(!scene.exists("never") && !scene.exists("never.license"), "{line}");
    }
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.entries, books.used("seats")), (4, 1));
}

/// A user without write permission, or without read permission.
#[test]
fn a_desk_of_another_user_is_refused() {
    if !is_root() {
        println!("skipped: only root can be somebody else");
        return;
    }
    if !has("setpriv") {
        return;
    }
    let scene = Scene::desk("user");
    assert!(issue(&scene, 1).status.success());
    // Not copied by this process: a child that another test starts meanwhile would inherit the open file, and a file that is
    // open for writing can't be executed.
    let copied = run(scene.command("cp").arg(AIRLATCH).arg(scene.path("program")));
    assert!(copied.status.success(), "{copied:?}");
    set_mode(&scene, "", 0o755);
    for (mode, reasons) in [(0o755, &["read-only", "denied"][..]), (0o700, &["denied"])] {
        set_mode(&scene, "desk", mode);
        for line in WORK.iter().chain(&LOOKS) {
            let mut command = scene.command("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(scene.path("program"));
            let ran = run(command.args(scene.words(line)));
            assert_eq!(ran.ill_failure(), None);
            assert!(
                reasons.iter().any(|it| ran.err.contains(&format!("[{it}]"))),
                "{mode:o} {line}: {ran:?}"
            );
        }
    }
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.entries, books.used("seats")), (4, 1));
    assert!(!scene.exists("never") && !scene.exists("never.license"));
}

fn set_mode(scene: &Scene, name: &str, mode: u32) {
    fs::set_permissions(scene.path(name), fs::Permissions::from_mode(mode)).unwrap();
}

/// A job without variables is recorded as the user it runs as.
#[test]
fn the_actor_is_the_user_even_without_variables() {
    let scene = Scene::desk("actor");
    let mut booking = std::process::Command::new(crate::scene::AIRLATCH);
    booking.args([
        "order",
        "new",
        "77",
        "--product",
        "seat",
        "--line",
        "video=1",
        "--permanent",
        "--yes",
        "--desk",
    ]);
    booking.arg(scene.path("desk")).env_remove("USER").env_remove("LOGNAME").env_remove("USERNAME");
    assert!(booking.output().unwrap().status.success());
    let name = std::process::Command::new("id").arg("-un").output().unwrap().stdout;
    let entries = scene.done("ledger entries --last 1 --desk @/desk --json");
    let actor = format!("\"actor\": \"{}\"", String::from_utf8(name).unwrap().trim());
    assert!(entries.contains(&actor), "{actor}: {entries}");
}
