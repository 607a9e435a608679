//! Broken homes, each with its first next step; `doctor` changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use airlatch_core::model::{License, Term};
use airlatch_machine::platform::Env;

use super::ward::{Ward, is_root, skipped};
use crate::common::licenses_room::{license, text};
use crate::common::rules_room::{key, time};

/// A home: its name, what breaks it, the exit code, and the reason of the first next step, if there is one.
type Broken = (&'static str, fn(&mut Ward), u8, &'static str);

fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::write(path, text).unwrap();
}

fn emptied(ward: &Ward) {
    fs::remove_dir_all(ward.home()).unwrap();
    fs::remove_dir_all(ward.folder.join("state")).unwrap();
}

fn with(ward: &Ward, license: &License) {
    write(&ward.home().join("licenses/a.license"), text(license));
}

const HOMES: &[Broken] = &[
    ("healthy", |_| {}, 0, ""),
    ("no-environment", |w| w.env = Env::default(), 2, "no-home"),
    ("instance-garbage", |w| w.env.instance = Some(" x".into()), 2, "bad-field"),
    ("no-home", |w| emptied(w), 1, "not-activated"),
    (
        "home-is-a-file",
        |w| {
            emptied(w);
            write(&w.home(), "x");
        },
        2,
        "no-home",
    ),
    (
        "empty-home",
        |w| {
            emptied(w);
            fs::create_dir(w.home()).unwrap();
        },
        1,
        "not-activated",
    ),
    (
        "home-open-to-all",
        |w| fs::set_permissions(w.home(), fs::Permissions::from_mode(0o777)).unwrap(),
        1,
        "exposed-key",
    ),
    ("key-lost", |w| fs::remove_file(w.home().join("host.key")).unwrap(), 1, "lost-key"),
    ("key-cut", |w| write(&w.home().join("host.key"), "-----BEGIN PRIVATE KEY-----\nMC4"), 1, "bad-key"),
    ("key-empty", |w| write(&w.home().join("host.key"), ""), 1, "empty"),
    ("key-zeros", |w| write(&w.home().join("host.key"), [0; 200]), 1, "empty"),
    ("key-is-public", |w| write(&w.home().join("host.key"), key(7).public().to_pem()), 1, "bad-key"),
    (
        "key-is-a-folder",
        |w| {
            fs::remove_file(w.home().join("host.key")).unwrap();
            fs::create_dir(w.home().join("host.key")).unwrap();
        },
        1,
        "not-a-file",
    ),
    (
        "key-of-all",
        |w| {
            fs::set_permissions(w.home().join("host.key"), fs::Permissions::from_mode(0o644)).unwrap();
        },
        1,
        "exposed-key",
    ),
    ("other-half", |w| write(&w.home().join("host.pub"), key(7).public().to_pem()), 1, "key-mismatch"),
    ("no-half", |w| fs::remove_file(w.home().join("host.pub")).unwrap(), 0, ""),
    ("nobody-trusted", |w| fs::remove_dir_all(w.home().join("trust")).unwrap(), 1, "no-trust"),
    ("trust-garbage", |w| write(&w.home().join("trust/acme.pub"), b"\xff\x00garbage"), 1, "no-trust"),
    ("trust-garbage-too", |w| write(&w.home().join("trust/more.pub"), b"\xff\x00garbage"), 1, "not-text"),
    ("trust-private", |w| write(&w.home().join("trust/more.pub"), key(7).to_pem()), 1, "private-key-given"),
    (
        "trust-is-a-file",
        |w| {
            fs::remove_dir_all(w.home().join("trust")).unwrap();
            write(&w.home().join("trust"), "x");
        },
        2,
        "not-a-file",
    ),
    (
        "other-vendor",
        |w| write(&w.home().join("trust/acme.pub"), key(7).public().to_pem()),
        1,
        "untrusted-key",
    ),
    ("no-license", |w| fs::remove_dir_all(w.home().join("licenses")).unwrap(), 1, "not-activated"),
    ("license-garbage", |w| write(&w.home().join("licenses/a.license"), b"\x00\x01\x02\xff"), 1, "not-text"),
    ("license-empty", |w| write(&w.home().join("licenses/a.license"), ""), 1, "empty"),
    (
        "license-cut",
        |w| {
            let whole = fs::read(w.home().join("licenses/a.license")).unwrap();
            write(&w.home().join("licenses/a.license"), &whole[..whole.len() / 2]);
        },
        1,
        "truncated",
    ),
    (
        "license-misnamed",
        |w| {
            let path = w.home().join("licenses/a.license");
            fs::rename(&path, path.with_extension("license.txt")).unwrap();
        },
        1,
        "not-activated",
    ),
    ("license-misnamed-too", |w| write(&w.home().join("licenses/b.lic"), "x"), 1, "bad-name"),
    (
        "licenses-is-a-file",
        |w| {
            fs::remove_dir_all(w.home().join("licenses")).unwrap();
            write(&w.home().join("licenses"), "x");
        },
        2,
        "not-a-file",
    ),
    ("settings-garbage", |w| write(&w.home().join("host.toml"), "site = 7"), 1, "bad-field"),
    (
        "mark-gone",
        |w| {
            fs::remove_file(w.home().join("clock.mark")).unwrap();
            fs::remove_dir_all(w.folder.join("state")).unwrap();
        },
        1,
        "lost-mark",
    ),
    ("mark-in-one-place", |w| fs::remove_file(w.home().join("clock.mark")).unwrap(), 0, ""),
    ("mark-garbage", |w| write(&w.home().join("clock.mark"), "garbage"), 0, ""),
    ("log-garbage", |w| write(&w.home().join("airlatch.log"), b"\x1b]0;x\x07\xff\n"), 0, ""),
    (
        "expired",
        |w| {
            let term = Term { from: time("2026-01-01T00:00:00Z"), until: Some(time("2026-11-22T00:00:00Z")) };
            with(w, &License { term, ..license("sessions=10") });
        },
        1,
        "expired",
    ),
    (
        "ends-soon",
        |w| {
            let term = Term { from: time("2026-01-01T00:00:00Z"), until: Some(time("2026-12-01T00:00:00Z")) };
            with(w, &License { term, ..license("sessions=10") });
        },
        1,
        "ends-soon",
    ),
    ("clock-behind", |w| w.now = time("2026-11-01T00:00:00Z"), 1, "clock-rollback"),
    (
        "no-proc",
        |w| {
            w.root = w.folder.join("nothing");
            fs::create_dir(&w.root).unwrap();
        },
        1,
        "wrong-host",
    ),
    ("not-a-root", |w| w.root = w.folder.join("nowhere"), 1, "wrong-host"),
    ("other-hardware", |w| w.root = w.root.with_file_name("clinic-b"), 1, "wrong-host"),
    ("stray", |w| write(&w.home().join("notes.txt"), "x"), 0, ""),
];

/// The reason of the first next step.
fn first(out: &str) -> &str {
    let line = out.lines().find(|line| line.starts_with("  1. ")).unwrap_or_default();
    line.rsplit_once('[').map_or("", |(_, reason)| reason.trim_end_matches(']'))
}

#[test]
fn every_broken_home_gets_its_next_step_and_is_not_changed() {
    let mut wrong = Vec::new();
    for (name, break_it, exit, reason) in HOMES {
        let mut ward = Ward::new(name);
        break_it(&mut ward);
        let before = ward.files();
        let ran = ward.run(&["doctor"]);
        let json = ward.run(&["doctor", "--json"]);
        let bundle = ward.run(&["doctor", "--bundle", "-"]);
        assert!(before == ward.files(), "{name}: something was written");
        if (ran.exit, first(&ran.out)) != (*exit, *reason) || json.exit != *exit || bundle.exit != 0 {
            wrong.push(format!("{name}: exit {}, wanted {exit} {reason}\n{}{}", ran.exit, ran.out, ran.err));
        }
        let advised = ran.out.contains("nothing to do");
        let notes_only = reason.is_empty() == (*exit == 0);
        assert!(
            notes_only && (*exit != 0 || advised || ran.out.contains("what to do")),
            "{name}\n{}",
            ran.out
        );
        assert!(json.out.contains(&format!("\"well\": {}", *exit == 0)), "{name}\n{}", json.out);
        assert!(bundle.out.contains("== checks ==\n") && bundle.out.ends_with("== end ==\n"), "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_home_without_read_permission_is_reported() {
    let ward = Ward::new("denied");
    let home = ward.home();
    let program = env!("CARGO_BIN_EXE_airlatch");
    let mut command = Command::new(program);
    if is_root() {
        // Root can read everything, so the test runs as another user.
        let tried = Command::new("setpriv")
            .args(["--reuid", "65534", "--clear-groups", program, "--version"])
            .output();
        if !tried.is_ok_and(|tried| tried.status.success()) {
            return skipped("setpriv, with a program that others may run");
        }
        command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--clear-groups", program]);
    }
    fs::set_permissions(&home, fs::Permissions::from_mode(0o0)).unwrap();
    let ran = command.arg("doctor").arg("--home").arg(&home).env_clear().output().unwrap();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).unwrap();
    let out = String::from_utf8(ran.stdout).unwrap();
    assert_eq!((ran.status.code(), first(&out)), (Some(2), "denied"), "{out}");
}

#[test]
fn the_program_runs_without_any_environment() {
    let program = env!("CARGO_BIN_EXE_airlatch");
    let ran = Command::new(program).arg("doctor").env_clear().output().unwrap();
    let out = String::from_utf8(ran.stdout).unwrap();
    assert_eq!((ran.status.code(), first(&out)), (Some(2), "no-home"), "{out}");
    let ran = Command::new(program).args(["doctor", "--bundle", "-"]).env_clear().output().unwrap();
    let out = String::from_utf8(ran.stdout).unwrap();
    let Ok(sum) = Command::new("sha256sum").arg(program).output() else { return skipped("sha256sum") };
    let sum = String::from_utf8(sum.stdout).unwrap();
    assert!(out.contains(&format!("SHA-256    {}", &sum[..64])), "{out}");
    assert!(out.contains(std::env::consts::ARCH), "{out}");
}
