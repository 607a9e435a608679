//! Prompts at a pseudo-terminal, and the errors without a terminal.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::common::place::repository;
use crate::scene::{AIRLATCH, Scene, has, run};

const ISSUE: &str =
    "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --out @/new.license";
const SEALED: &str =
    "issue --key @/sealed.key --grant @/grant.toml @/host.request --weak-lock --out @/new.license";
const PASSPHRASE: &str = "tr0ub4dor-and-3";

/// What the terminal showed.
#[derive(Debug)]
struct Seen {
    shown: String,
    /// The exit code, or a signal as a negative number.
    exit: i64,
    /// Whether the terminal echoed at each step.
    echo: Vec<bool>,
    /// Whether `stty -a` says the same before and after.
    restored: bool,
}

/// Runs airlatch at a pseudo-terminal with these steps (see `drive.py`), without colors.
#[track_caller]
fn play(scene: &Scene, line: &str, steps: &[&str]) -> Seen {
    play_with(scene, line, steps, &[("NO_COLOR", "1")])
}

/// The same with these variables in the environment.
#[track_caller]
fn play_with(scene: &Scene, line: &str, steps: &[&str], variables: &[(&str, &str)]) -> Seen {
    let mut command = scene.command("python3");
    command.arg(repository().join("tests/process/drive.py")).arg(AIRLATCH);
    command
        .args(scene.words(line))
        .env("TERM", "xterm")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(steps.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(value["stuck"].is_null() && value["hung"] == false, "{line}: {value:#}");
    assert!(value["before"].as_str().unwrap().contains(" echo "), "{value:#}");
    let seen = Seen {
        shown: value["shown"].as_str().unwrap().to_owned(),
        exit: value["exit"].as_i64().unwrap(),
        echo: value["echo"].as_array().unwrap().iter().map(|echo| echo == true).collect(),
        restored: value["before"] == value["after"],
    };
    assert!(!seen.shown.contains("panicked") && seen.restored, "{line}: {seen:?}");
    seen
}

/// A scene with an encrypted key; `None` if python3 is missing.
fn stage(name: &str) -> Option<Scene> {
    if !has("python3") || !has("stty") {
        return None;
    }
    let scene = Scene::set(name);
    scene.write("passphrase", PASSPHRASE);
    scene.done("keygen --out @/sealed --passphrase-file @/passphrase");
    Some(scene)
}

#[test]
fn without_a_terminal_the_flag_is_named_at_once() {
    if !has("setsid") {
        return;
    }
    let scene = Scene::set("nobody");
    scene.write("passphrase", PASSPHRASE);
    scene.done("keygen --out @/sealed --passphrase-file @/passphrase");
    for (line, reason, twin) in [
        ("keygen --out @/new", "passphrase-needed", "--no-passphrase"),
        ("keygen --public @/sealed.key --out @/new", "passphrase-needed", "--passphrase-file"),
        (&format!("{SEALED} --yes"), "passphrase-needed", "--passphrase-file"),
        (
            "batch --key @/sealed.key --grant @/grant.toml @/macs.tsv --out-dir @/new",
            "passphrase-needed",
            "--passphrase-file",
        ),
        (ISSUE, "no-terminal", "--yes"),
    ] {
        // No terminal, and a standard input that has ended or never sends anything.
        let (silent, _writer) = std::io::pipe().unwrap();
        for stdin in [Stdio::null(), Stdio::from(silent)] {
            let mut command = scene.command("setsid");
            let ran = run(command.arg("-w").arg(AIRLATCH).args(scene.words(line)).stdin(stdin));
            ran.fails(reason);
            assert!(ran.err.contains(twin), "{line}: {ran:?}");
        }
    }
    assert!(!scene.exists("new") && !scene.exists("new.key") && !scene.exists("new.license"));
    scene.done(&format!("{SEALED} --yes --passphrase-file @/passphrase"));
}

#[test]
fn a_new_passphrase_is_typed_twice_and_never_shown() {
    let Some(scene) = stage("twice") else { return };
    let again = format!("type {PASSPHRASE}");
    let steps = [
        "wait new key: ",
        "type first-try",
        "wait Repeat the passphrase: ",
        "type 2nd-try",
        "wait new key: ",
        &again,
        "wait Repeat the passphrase: ",
        &again,
    ];
    let seen = play(&scene, "keygen --out @/new", &steps);
    assert_eq!(seen.exit, 0, "{seen:?}");
    assert!(seen.shown.contains("The two differ") && seen.echo == [false; 4], "{seen:?}");
    for secret in ["first-try", "2nd-try", PASSPHRASE] {
        assert!(!seen.shown.contains(secret), "{secret}: {seen:?}");
    }
    scene.done("keygen --public @/new.key --out @/again --passphrase-file @/passphrase");
}

#[test]
fn issuing_asks_first_and_then_for_the_passphrase() {
    let Some(scene) = stage("asks") else { return };
    let typed = format!("type {PASSPHRASE}");
    for yes in ["type y", "type Yes"] {
        let steps = ["wait Issue this license? [y/N] ", yes, "wait sealed.key: ", &typed];
        let seen = play(&scene, SEALED, &steps);
        assert_eq!(seen.exit, 0, "{seen:?}");
        assert!(!seen.shown.contains(PASSPHRASE) && !seen.echo[1], "{seen:?}");
        assert!(scene.exists("new.license"));
        std::fs::remove_file(scene.path("new.license")).unwrap();
    }
}

#[test]
fn anything_but_yes_issues_nothing() {
    let Some(scene) = stage("no") else { return };
    for no in ["type n", "keys 0d", "keys 04", "type no", "type maybe", "type "] {
        let seen = play(&scene, ISSUE, &["wait Issue this license? [y/N] ", no]);
        assert_eq!(seen.exit, 1, "{no}: {seen:?}");
        assert!(seen.shown.contains("nothing was issued    [declined]"), "{no}: {seen:?}");
        assert!(!scene.exists("new.license"), "{no}");
    }
}

#[test]
fn leaving_a_prompt_gives_the_terminal_back() {
    let Some(scene) = stage("leaving") else { return };
    let prompts = [
        ("keygen --out @/new", vec!["wait new key: "]),
        ("keygen --out @/new", vec!["wait new key: ", "type first", "wait Repeat the passphrase: "]),
        (&format!("{SEALED} --yes"), vec!["wait sealed.key: "]),
        (ISSUE, vec!["wait Issue this license? [y/N] "]),
    ];
    for (line, steps) in prompts {
        for (leave, signal) in [("keys 03", 2), ("signal SIGTERM", 15), ("signal SIGHUP", 1)] {
            let steps = [steps.clone(), vec![leave]].concat();
            let seen = play(&scene, line, &steps);
            assert!(seen.exit == -signal || seen.exit == 128 + signal, "{leave}: {line}: {seen:?}");
            // A hidden cursor would stay hidden.
            assert_eq!(seen.shown.matches("\u{1b}[?25l").count(), seen.shown.matches("\u{1b}[?25h").count());
        }
    }
    assert!(!scene.exists("new.key") && !scene.exists("new.license") && scene.leftovers().is_empty());
}

#[test]
fn the_end_of_input_is_no_passphrase() {
    let Some(scene) = stage("end") else { return };
    let seen = play(
        &scene,
        "keygen --out @/new",
        &["wait new key: ", "keys 04", "wait Repeat the passphrase: ", "keys 04"],
    );
    assert!(seen.exit == 2 && seen.shown.contains("[bad-passphrase]"), "{seen:?}");
    let seen = play(&scene, &format!("{SEALED} --yes"), &["wait sealed.key: ", "keys 04"]);
    assert!(seen.exit == 2 && seen.shown.contains("[bad-passphrase]"), "{seen:?}");
    assert!(!scene.exists("new.key") && !scene.exists("new.license"));
}

#[test]
fn three_wrong_passphrases_are_the_end() {
    let Some(scene) = stage("wrong") else { return };
    let mut steps =
        vec!["wait sealed.key: ", "type wrong-one", "wait try again", "wait sealed.key: ", "type wrong-2"];
    steps.extend(["wait try again", "wait sealed.key: ", "type wrong-3"]);
    let line = format!("{SEALED} --yes");
    let seen = play(&scene, &line, &steps);
    assert!(seen.exit == 2 && seen.shown.contains("[wrong-passphrase]"), "{seen:?}");
    assert!(!seen.shown.contains("wrong-one") && !scene.exists("new.license"), "{seen:?}");
    let typed = format!("type {PASSPHRASE}");
    let last = steps.len() - 1;
    steps[last] = &typed;
    assert_eq!(play(&scene, &line, &steps).exit, 0);
}

#[test]
fn a_terminal_gets_colors_and_its_width() {
    let Some(scene) = stage("look") else { return };
    let home = "--home @/empty";
    let shown = |line: &str, variables: &[(&str, &str)]| play_with(&scene, line, &[], variables).shown;
    let (red, verify) = ("\u{1b}[31merror:", format!("verify {home}"));
    assert!(shown(&verify, &[]).contains(red));
    for plain in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        assert!(!shown(&verify, &[plain]).contains('\u{1b}'), "{plain:?}");
    }
    assert!(shown(&verify, &[("NO_COLOR", "")]).contains(red), "an empty variable counts as not set");
    assert!(shown(&format!("{verify} --color always"), &[("NO_COLOR", "1")]).contains(red));
    // The terminal of a test has no size: then COLUMNS is asked, and 100 is the default.
    let widest = |variables: &[(&str, &str)]| {
        let help = shown("issue --help --color never", variables);
        let lines = help.lines().filter(|line| line.starts_with("          "));
        lines.map(|line| line.trim_end().chars().count()).max().unwrap()
    };
    assert!((90..=100).contains(&widest(&[])));
    assert!((64..=70).contains(&widest(&[("COLUMNS", "70")])));
    assert!((90..=100).contains(&widest(&[("COLUMNS", "wide")])));
}

#[test]
fn a_pasted_text_is_waited_for_with_a_word() {
    let Some(scene) = stage("pasted") else { return };
    let steps = ["wait then press Ctrl-D", "type hello", "keys 04"];
    let seen = play(&scene, "inspect -", &steps);
    assert!(seen.exit != 0 && seen.shown.contains("no AIRLATCH block is in the text"), "{seen:?}");
}
