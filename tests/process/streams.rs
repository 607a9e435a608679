//! Closed, full and broken standard streams, inputs that are no files, umasks, and unusual names and lines.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::scene::{AIRLATCH, Scene, run};

/// A scene in which the license is installed, and a license that begins nowhere near `home`.
fn installed(name: &str) -> Scene {
    let scene = Scene::set(name);
    scene.done("install --home @/home @/host.license --trust @/keys/acme.pub");
    scene
}

/// Commands with a result, and their exit codes.
const ANSWERS: [(&str, i32); 9] = [
    ("verify --home @/home", 0),
    ("verify --home @/home --json", 0),
    ("verify --home @/home --feature video --reason", 1),
    ("verify --home @/nowhere", 1),
    ("status --home @/home", 0),
    ("inspect @/host.request", 0),
    ("id --home @/home --json", 0),
    ("--help", 0),
    ("--version", 0),
];

#[test]
fn closed_streams_change_no_answer() {
    let scene = installed("closed");
    for (line, exit) in ANSWERS {
        for close in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
            let ran = run(&mut scene.shell(&format!("exec \"$@\" {close}"), line));
            assert_eq!(ran.status.code(), Some(exit), "{line} {close}: {ran:?}");
            assert!(!ran.panicked(), "{line} {close}: {ran:?}");
            let spoils_nothing = !close.contains("2>") && exit == 0;
            assert!(!spoils_nothing || !ran.err.contains("error:"), "{line} {close}: {ran:?}");
        }
    }
    run(&mut scene.shell("exec \"$@\" <&-", "install --home @/home -")).fails("empty");
}

#[test]
fn closed_streams_never_become_a_file_of_ours() {
    let scene = Scene::set("descriptors");
    let all = "exec \"$@\" <&- >&- 2>&-";
    let writers = [
        "keygen --no-passphrase --out @/beta",
        "request --home @/fresh --product call-services --out @/other.request",
        "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out @/other.license",
        "batch --key @/keys/acme.key --grant @/grant.toml @/macs.tsv --out-dir @/batch",
    ];
    for line in writers {
        let ran = run(&mut scene.shell(all, line));
        assert_eq!(ran.status.code(), Some(0), "{line}");
    }
    for file in ["beta.key", "beta.pub", "fresh/host.key", "fresh/host.pub", "other.request", "other.license"]
    {
        let text = fs::read_to_string(scene.path(file)).unwrap();
        let block = text.find("-----BEGIN").unwrap();
        assert!(text.ends_with("-----\n") && (block == 0 || text.starts_with("airlatch ")), "{file}: {text}");
        assert!(!text.contains("key id") && !text.contains("written to"), "{file}: {text}");
    }
    assert_eq!(fs::read_dir(scene.path("batch")).unwrap().count(), 4);
}

#[test]
fn a_reader_that_left_is_a_quiet_end() {
    let scene = installed("pipe");
    for (line, exit) in ANSWERS.into_iter().chain([("man", 0), ("completions bash", 0)]) {
        for both in [false, true] {
            let (reader, writer) = std::io::pipe().unwrap();
            let mut command = scene.airlatch(line);
            let err = if both { Stdio::from(writer.try_clone().unwrap()) } else { Stdio::piped() };
            command.stdout(writer).stderr(err);
            drop(reader);
            let child = command.spawn().unwrap();
            drop(command);
            let output = child.wait_with_output().unwrap();
            let err = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(exit), "{line}: {err}");
            let quiet = !err.contains("panicked") && !err.to_lowercase().contains("broken pipe");
            assert!(quiet && (exit != 0 || !err.contains("error:")), "{line}: {err}");
        }
    }
}

#[test]
fn a_full_standard_output_is_an_error() {
    let scene = installed("full-output");
    for line in
        ["verify --home @/home", "id --home @/home", "inspect @/host.request", "--help", "--version", "man"]
    {
        run(&mut scene.shell("exec \"$@\" >/dev/full", line)).fails("disk-full");
    }
    for line in [
        "request --home @/home --product call-services --out -",
        "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out -",
        "request --home @/home --product call-services --out - --json",
    ] {
        run(&mut scene.shell("exec \"$@\" >/dev/full", line)).fails("disk-full");
    }
}

#[test]
fn a_document_is_not_lost_in_a_closed_output() {
    let scene = Scene::set("lost");
    for line in [
        "request --home @/home --product call-services --out -",
        "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out -",
        "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out - --json",
    ] {
        for close in [">&-", "<&- >&-"] {
            let ran = run(&mut scene.shell(&format!("exec \"$@\" {close}"), line));
            assert!(ran.status.code() == Some(2) && ran.err.contains("output-closed"), "{line}: {ran:?}");
        }
        // /dev/null discards the output on purpose, which is allowed.
        let thrown = run(&mut scene.shell("exec \"$@\" >/dev/null", line));
        assert_eq!(thrown.status.code(), Some(0), "{line}: {thrown:?}");
    }
}

#[test]
fn what_is_no_file_is_never_waited_for() {
    let scene = installed("odd");
    assert!(Command::new("mkfifo").arg(scene.path("pipe")).status().unwrap().success());
    fs::create_dir(scene.path("folder")).unwrap();
    File::create(scene.path("sparse")).unwrap().set_len(20 << 30).unwrap();
    let zero = scene.words("@/zero").remove(0);
    std::os::unix::fs::symlink("/dev/zero", zero).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(scene.path("socket")).unwrap();
    for odd in ["pipe", "folder", "sparse", "zero", "socket"] {
        for line in [
            "verify --home @/home @/ODD",
            "verify --home @/home @/host.license --trust @/ODD",
            "verify --home @/ODD",
            "inspect @/ODD",
            "install --home @/home @/ODD",
            "install --home @/home @/host.license --trust @/ODD",
            "id --home @/home --root @/ODD",
            "issue --key @/keys/acme.key --grant @/grant.toml @/ODD --yes --out @/x.license",
            "issue --key @/keys/acme.key --grant @/ODD @/host.request --weak-lock --yes --out @/x.license",
            "issue --key @/ODD --grant @/grant.toml @/host.request --weak-lock --yes --out @/x.license",
            "batch --key @/keys/acme.key --grant @/grant.toml @/ODD --out-dir @/x",
            "keygen --out @/x --passphrase-file @/ODD",
            "keygen --out @/x --public @/ODD",
        ] {
            let line = line.replace("ODD", odd);
            let began = Instant::now();
            let ran = run(&mut scene.airlatch(&line));
            assert!(began.elapsed() < Duration::from_secs(2), "{line} took {:?}", began.elapsed());
            // A folder is a home and a root; what is no folder is a home without licenses.
            let is_fine = line.starts_with("verify --home") && ran.status.code() == Some(1)
                || line.contains("--root") && odd == "folder";
            assert!(!ran.panicked() && (is_fine || ran.ill_failure().is_none()), "{line}: {ran:?}");
        }
    }
    for (stream, reason) in [("@/folder", "not-a-file"), ("@/zero", "too-large"), ("@/sparse", "too-large")] {
        let ran = run(&mut scene.shell(&format!("exec \"$@\" <{}", scene.words(stream)[0]), "inspect -"));
        ran.fails(reason);
    }
    assert!(!scene.exists("x.license") && !scene.exists("x.key") && scene.leftovers().is_empty());
}

#[test]
fn no_umask_opens_a_private_key() {
    for umask in ["000", "777"] {
        let scene = Scene::empty("umask");
        let script = format!("umask {umask}; exec \"$@\"");
        for line in [
            "keygen --no-passphrase --out @/keys/acme",
            "request --home @/home --product call-services --out @/host.request",
        ] {
            let ran = run(&mut scene.shell(&script, line));
            assert!(ran.status.success(), "umask {umask}: {ran:?}");
        }
        let mode = |path: &str| fs::metadata(scene.path(path)).unwrap().permissions().mode() & 0o777;
        for private in ["keys/acme.key", "home/host.key"] {
            assert_eq!(mode(private), 0o600, "{private}, umask {umask}");
        }
        for public in ["keys/acme.pub", "home/host.pub", "host.request"] {
            assert_eq!(mode(public) & 0o022, 0, "{public}, umask {umask}");
        }
        for folder in ["keys", "home"] {
            assert_eq!(mode(folder), 0o700, "{folder}, umask {umask}");
        }
    }
}

#[test]
fn a_hundred_thousand_arguments_are_borne() {
    let scene = installed("arguments");
    let many = |word: &str| run(scene.command(AIRLATCH).args(["verify"]).args(vec![word; 100_000]));
    many("x").fails("not-found");
    let mut command = scene.shell("ulimit -v 500000; exec \"$@\"", "issue --key k --grant g");
    let ran = run(command.args(vec!["x"; 100_000]));
    assert!(ran.status.code() == Some(2) && ran.err.contains("[usage]"), "{ran:?}");
}

#[test]
fn a_name_that_is_no_utf_8_is_a_name() {
    let scene = Scene::set("names");
    let odd = |tail: &str| {
        let mut path = scene.folder().as_os_str().as_bytes().to_vec();
        path.extend_from_slice(b"/\xff\xe9");
        path.extend_from_slice(tail.as_bytes());
        OsStr::from_bytes(&path).to_owned()
    };
    let does = |line: &str, option: &str, tail: &str| {
        for json in ["--json", ""] {
            let mut command = scene.airlatch(line);
            command.args((!json.is_empty()).then_some(json)).arg(option).arg(odd(tail));
            let ran = run(&mut command);
            let there = ran.err.contains("[exists]") || ran.err.contains("\"exists\"");
            assert!(!ran.panicked() && (ran.status.success() || there), "{line}: {ran:?}");
        }
    };
    does("keygen --no-passphrase", "--out", "key");
    does("request --product call-services --out @/x.request --force", "--home", "home");
    does("request --home @/home --product call-services", "--out", "request");
    does(
        "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes",
        "--out",
        "license",
    );
    does("batch --key @/keys/acme.key --grant @/grant.toml @/macs.tsv", "--out-dir", "folder");
    does("id", "--home", "home");
    does("inspect", "--", "license");
    does("verify --home @/home --trust @/keys/acme.pub", "--", "license");
    does("install --home @/home --trust @/keys/acme.pub", "--", "license");
    for tail in ["key.key", "key.pub", "home/host.key", "request", "license", "folder"] {
        assert!(fs::metadata(odd(tail)).is_ok(), "{tail}");
    }
    let ran = run(scene.airlatch("inspect").arg(odd("none")));
    ran.fails("not-found");
    assert!(ran.err.contains('\u{fffd}'), "{ran:?}");
}
