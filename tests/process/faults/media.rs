//! Full and read-only file systems, no free inodes, missing permissions, and a file size limit.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::scene::{AIRLATCH, Ran, Scene, has, is_root, run};

/// Every command that writes, with the folder it writes to.
const WRITERS: [(&str, &str); 6] = [
    ("out", "keygen --no-passphrase --out @/out/beta"),
    ("out", "request --home @/home --product call-services --out @/out/host.request"),
    ("out", "request --home @/out --product call-services --out @/elsewhere.request"),
    (
        "out",
        "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out @/out/host.license",
    ),
    ("out", "batch --key @/keys/acme.key --grant @/grant.toml @/macs.tsv --out-dir @/out"),
    ("home", "install --home @/home @/host.license --trust @/keys/acme.pub"),
];

/// Mounts a small file system with the same content over the folder.
const SMALL: &str = "cp -a \"$out\" \"$out.saved\" && mount -t tmpfs -o \"$options\" tmpfs \"$out\" \
    && cp -a \"$out.saved/.\" \"$out\"";
const WRITE_OVER: &str = "head -c 1000000 /dev/zero >\"$out/filler\" 2>/dev/null || true";

#[test]
fn a_full_medium_is_named_and_nothing_is_left() {
    each_fails("full", &format!("options=size=64k; {SMALL} && {{ {WRITE_OVER}; }}"), "disk-full");
}

#[test]
fn a_medium_without_inodes_is_named_and_nothing_is_left() {
    let fill = "for i in 1 2 3 4 5 6 7 8 9; do (: >\"$out/f$i\") 2>/dev/null; done";
    each_fails("inodes", &format!("options=nr_inodes=8; {SMALL} && {{ {fill}; :; }}"), "disk-full");
}

#[test]
fn a_read_only_medium_is_named() {
    let protect = "mount --bind \"$out\" \"$out\" && mount -o remount,ro,bind \"$out\"";
    each_fails("read-only", protect, "read-only");
}

/// There is space for a part of the batch: still, all files are written or none.
#[test]
fn a_medium_that_becomes_full_half_way_holds_no_half() {
    let scene = scene("half-way");
    for (room, line) in [(1, WRITERS[0].1), (2, WRITERS[4].1)] {
        let fill =
            format!("options=size={}k; {SMALL} && head -c 4096 /dev/zero >\"$out/filler\"", 4 + 4 * room);
        let Some(ran) = prepared(&scene, &fill, "out", line) else { return };
        ran.fails("disk-full");
        assert!(!ran.out.contains("changed"), "{line}: {ran:?}");
        let _ = fs::remove_dir_all(scene.path("out.saved"));
    }
}

#[test]
fn a_folder_without_rights_is_named() {
    for (folder, line) in WRITERS {
        let scene = scene("denied");
        let Some(mut command) = scene.without_rights(line) else { return };
        if is_root() {
            chown(scene.path(folder), Some(0), None).unwrap();
        }
        set_mode(&scene.path(folder), 0o555);
        let before = files(&scene);
        let ran = run(&mut command);
        set_mode(&scene.path(folder), 0o755);
        ran.fails("denied");
        assert_eq!(files(&scene), before, "{line}");
    }
}

#[test]
fn a_limit_on_file_sizes_is_named() {
    for (_, line) in WRITERS {
        let scene = scene("limit");
        let before = files(&scene);
        run(&mut scene.shell("ulimit -f 0; exec \"$@\"", line)).fails("file-limit");
        assert_eq!(files(&scene), before, "{line}");
    }
}

fn scene(name: &str) -> Scene {
    let scene = Scene::set(name);
    fs::create_dir(scene.path("out")).unwrap();
    scene
}

fn each_fails(name: &str, prepare: &str, reason: &str) {
    for (folder, line) in WRITERS {
        let scene = scene(name);
        let before = files(&scene);
        let Some(ran) = prepared(&scene, prepare, folder, line) else { return };
        ran.fails(reason);
        assert!(!ran.out.contains("changed"), "{line}: {ran:?}");
        let _ = fs::remove_dir_all(scene.path(&format!("{folder}.saved")));
        assert_eq!(files(&scene), before, "{line}");
    }
}

/// Runs a command after the shell line `prepare` on the folder `$out`, in its own mount namespace; prints `changed` if the
/// folder has other files afterwards. `None` if mounting is not allowed.
fn prepared(scene: &Scene, prepare: &str, folder: &str, line: &str) -> Option<Ran> {
    if !has("unshare") {
        return None;
    }
    let list = "find \"$out\" ! -type d ! -name '.*.lock' | sort";
    let script = format!(
        "out=$1; shift; {{ {prepare}; }} || exit 99; before=$({list}); \"$@\"; code=$?; after=$({list}); \
         [ \"$before\" = \"$after\" ] || echo \"changed: $after\"; exit $code"
    );
    let mut command: Command = scene.command("unshare");
    command.args(if is_root() { &["-m"][..] } else { &["-r", "-m"] }).args(["sh", "-c", &script, "sh"]);
    let ran = run(command.arg(scene.path(folder)).arg(AIRLATCH).args(scene.words(line)));
    // unshare exits 1 without the permission.
    let refused = ran.status.code() == Some(99) || ran.err.starts_with("unshare:");
    if refused {
        println!("skipped: mounting is not allowed here: {}", ran.err);
    }
    (!refused).then_some(ran)
}

/// Every file except lock files, which stay, and the second clock mark, which is on another file system.
fn files(scene: &Scene) -> Vec<PathBuf> {
    let counts = |path: &PathBuf| {
        let text = path.to_string_lossy();
        !scene.folder().join(path).is_dir() && !text.ends_with(".lock") && !text.contains(".local/state/")
    };
    scene.everything().into_iter().filter(counts).collect()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
