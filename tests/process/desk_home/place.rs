//! Desk homes on an unsafe file system, read-only, or owned by another user.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::copies::issue;
use crate::scene::{AIRLATCH, Ran, Scene, has, is_root, run};

/// Verbs that charge or book, and those that only read.
const WORK: [&str; 3] = [
    "issue --desk @/desk --code seats --mac 0004f1ffffff --all --yes --out @/never.license",
    "batch @/macs.tsv --desk @/desk --code seats --out-dir @/never --yes",
    "order new 4711 --product seat --line video=7 --permanent --yes --desk @/desk",
];
const LOOKS: [&str; 5] = [
    "ledger balance --desk @/desk",
    "ledger audit --desk @/desk",
    "ledger find 0004f1 --desk @/desk",
    "ledger entries --desk @/desk",
    "order show seats --desk @/desk",
];

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
    let protect = "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\"";
    for line in WORK {
        let Some(ran) = mounted(&scene, protect, line) else { return };
        ran.fails("read-only");
        assert!(!scene.exists("never") && !scene.exists("never.license"), "{line}");
    }
    scene.done("ledger backup @/backup.db --desk @/desk");
    for line in
        LOOKS.iter().chain(&["desk backup @/copy --desk @/desk", "ledger backup @/copy.db --desk @/desk"])
    {
        let Some(ran) = mounted(&scene, protect, line) else { return };
        assert!(ran.status.success(), "{line}: {ran:?}");
    }
    // What is in a log can't be read there without its shared memory.
    let log = scene.path("desk/ledger.db-wal");
    let _ = fs::remove_file(scene.path("desk/ledger.db-shm"));
    fs::write(&log, "something").unwrap();
    let Some(ran) = mounted(&scene, protect, LOOKS[0]) else { return };
    ran.fails("read-only");
    fs::remove_file(&log).unwrap();
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.entries, books.used("seats")), (4, 1));
}

/// A backup on a read-only medium makes a desk.
#[test]
fn a_desk_is_restored_from_a_read_only_medium() {
    let scene = Scene::desk("from-read-only");
    scene.done("desk backup @/copy --desk @/desk");
    let protect = "mount --bind \"$1/../copy\" \"$1/../copy\" && mount -o remount,ro,bind \"$1/../copy\"";
    let Some(ran) = mounted(&scene, protect, "desk restore @/copy --desk @/second --yes") else { return };
    assert!(ran.status.success(), "{ran:?}");
    assert_eq!(scene.ledger("second").unwrap().restored, 1);
}

/// Without room for the shared memory, nothing is wrong with locks.
#[test]
fn a_full_disk_is_named_by_looks_too() {
    let scene = Scene::desk("full");
    assert!(issue(&scene, 1).status.success());
    let fill = "cp -a \"$1\" \"$1.saved\" && mount -t tmpfs -o size=1m tmpfs \"$1\" && cp -a \"$1.saved/.\" \"$1\" \
        && { head -c 2000000 /dev/zero >\"$1/filler\" 2>/dev/null || true; }";
    for line in LOOKS.iter().chain(&WORK) {
        let Some(ran) = mounted(&scene, fill, line) else { return };
        ran.fails("disk-full");
        fs::remove_dir_all(scene.path("desk.saved")).unwrap();
    }
}

/// Runs airlatch after a shell line that changes the desk's folder `$1` in a mount namespace of its own. `None` if mounting is not
/// allowed.
fn mounted(scene: &Scene, prepare: &str, line: &str) -> Option<Ran> {
    if !has("unshare") {
        return None;
    }
    let script = format!("{{ {prepare}; }} || exit 99; shift; exec \"$@\"");
    let mut command = scene.command("unshare");
    command.args(if is_root() { &["-m"][..] } else { &["-r", "-m"] }).args(["sh", "-c", &script, "sh"]);
    let ran = run(command.arg(scene.path("desk")).arg(AIRLATCH).args(scene.words(line)));
    let refused = ran.status.code() == Some(99) || ran.err.starts_with("unshare:");
    if refused {
        println!("skipped: mounting is not allowed here: {}", ran.err);
    }
    (!refused).then_some(ran)
}

/// The audit names what everybody can change, and how to end that.
#[test]
fn a_desk_that_others_can_change_is_named() {
    let scene = Scene::desk("open");
    let said = |scene: &Scene| scene.run("ledger audit --desk @/desk").err;
    assert_eq!(said(&scene), "");
    set_mode(&scene, "desk", 0o777);
    set_mode(&scene, "desk/ledger.db", 0o666);
    let ran = said(&scene);
    let line = ran.split("every user of this machine can change the desk: ").nth(1).unwrap_or_default();
    let all = scene.words("chmod o-w @/desk @/desk/ledger.db").join(" ");
    assert!(line.starts_with(&all), "{ran}");
    assert!(scene.command("sh").args(["-c", line]).status().unwrap().success());
    assert_eq!(said(&scene), "");
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
    let run_as_another = |line: &str| {
        let mut command = scene.command("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(scene.path("program"));
        run(command.args(scene.words(line)))
    };
    for (mode, looks) in [(0o755, true), (0o700, false)] {
        set_mode(&scene, "desk", mode);
        for line in WORK.iter().chain(LOOKS.iter().filter(|_| !looks)) {
            let ran = run_as_another(line);
            assert_eq!(ran.ill_failure(), None);
            let told = ["[read-only]", "[denied]"].iter().any(|it| ran.err.contains(it));
            assert!(told, "{mode:o} {line}: {ran:?}");
        }
        // Without the keys, which nobody else may read.
        for line in LOOKS.iter().filter(|_| looks) {
            let ran = run_as_another(line);
            assert!(ran.status.success(), "{line}: {ran:?}");
            assert_eq!(ran.err.contains("no signature was checked"), line.contains("audit"), "{ran:?}");
        }
        for line in ["ledger audit --against @ --desk @/desk", "ledger licenses --desk @/desk"] {
            run_as_another(line).fails("denied");
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
