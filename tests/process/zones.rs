//! Time zones on the real program: the zone, its data and the time since start change no verdict.

use std::process::Command;

use airlatch_core::model::{License, Term};

use crate::common::life::{Life, key, text, time};

const AIRLATCH: &str = env!("CARGO_BIN_EXE_airlatch");

/// The output of the program in an environment with this `TZ`.
fn said(life: &Life, zone: Option<&str>, at: &str, before: &[&str]) -> String {
    let mut words =
        before.iter().copied().chain([AIRLATCH, "verify", "--at", at, "a.license", "--trust", "acme.pub"]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).env_clear().env("HOME", life.folder.join("nobody")).current_dir(&life.folder);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    zone.map(|zone| command.env("TZ", zone));
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    format!("{:?} {}", output.status.code(), String::from_utf8(text).unwrap())
}

fn set(name: &str, from: &str, until: &str) -> Life {
    let life = Life::new(name);
    let term = Term { from: time(from), until: Some(time(until)) };
    let lock = airlatch_core::model::Lock::Site(airlatch_core::model::SiteSerial::from_digest(&[1; 32]));
    let license = License { term, lock, ..life.license() };
    std::fs::write(life.folder.join("a.license"), text(&license)).unwrap();
    std::fs::write(life.folder.join("acme.pub"), key(1).public().to_pem()).unwrap();
    life
}

const ZONES: [Option<&str>; 9] = [
    None,
    Some("Europe/Berlin"),
    Some("America/New_York"),
    Some("Pacific/Apia"),
    Some("Africa/Cairo"),
    Some("Asia/Kathmandu"),
    Some("UTC+14"),
    Some(":/nonsense/\u{fffd}"),
    Some(""),
];

#[test]
fn no_zone_changes_a_verdict() {
    // Both sides of each gap and overlap, and of a midnight that Cairo has not and a day that Apia never had.
    for moment in [
        "2027-03-28T01:00:00Z",
        "2027-10-31T01:00:00Z",
        "2027-03-14T07:00:00Z",
        "2011-12-30T10:00:00Z",
        "2027-04-29T22:00:00Z",
    ] {
        let (before, after) =
            (time(moment).plus_seconds(-1).to_string(), time(moment).plus_seconds(1).to_string());
        let begins = set("c4", moment, "2099-01-01T00:00:00Z");
        let ends = set("c4-ends", "2000-01-01T00:00:00Z", moment);
        for (life, at, word) in [
            (&begins, &before, "[not-yet-valid]"),
            (&begins, &after, "[wrong-host]"),
            (&ends, &before, "[wrong-host]"),
            (&ends, &after, "[expired]"),
        ] {
            let plain = said(life, None, at, &[]);
            assert!(plain.contains(word), "{moment} {plain}");
            for zone in ZONES {
                assert_eq!(said(life, zone, at, &[]), plain, "{zone:?}");
            }
        }
    }
}

/// Neither `TZ` nor the system's zone is read, so they may be missing or wrong.
#[test]
fn no_zone_is_read() {
    let life = set("c5", "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z");
    let plain = said(&life, None, "2027-01-01", &[]);
    if !there("strace") {
        return;
    }
    let trace = said(&life, Some("Europe/Berlin"), "2027-01-01", &["strace", "-f", "-e", "trace=%file"]);
    assert!(trace.contains("a.license"), "{trace}");
    for name in ["zoneinfo", "localtime", "timezone", "uptime"] {
        assert!(!trace.contains(name), "{name} was looked at");
    }
    assert!(plain.contains("wrong-host"));
}

/// A machine with a very long or no uptime gets the same answer.
#[test]
fn the_time_since_start_plays_no_part() {
    let life = set("c10-start", "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z");
    let plain = said(&life, None, "2027-01-01", &[]);
    for shift in ["31536000", "-1"] {
        let before = ["unshare", "--fork", "--time", "--boottime", shift, "--monotonic", "1000"];
        if !there("unshare")
            || !Command::new(before[0]).args(&before[1..]).arg("true").status().unwrap().success()
        {
            println!("skipped: unshare --time is not there");
            continue;
        }
        assert_eq!(said(&life, None, "2027-01-01", &before), plain);
    }
}

fn there(tool: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()));
    if !found {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{tool} is not there");
        println!("skipped: {tool} is not there");
    }
    found
}
