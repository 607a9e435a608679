//! The daily check: in a read-only home, by several processes at once, and as the samples call it.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use airlatch_core::model::{AllowedClasses, License, Lock, Term};

use crate::common::licenses_room::{charged, license, midnight};
use crate::common::place::repository;
use crate::common::trip::Trip;
use crate::says::{has, says, trip};

fn until(date: &str, license: License) -> License {
    License { term: Term { until: Some(midnight(date)), ..license.term }, ..license }
}

/// A host with these licenses.
fn host(name: &str, licenses: &[&License]) -> Trip {
    let names: Vec<String> = (0..licenses.len()).map(|number| format!("{number}.license")).collect();
    let files: Vec<_> = names.iter().map(String::as_str).zip(licenses.iter().copied()).collect();
    let trip = trip(name, &files);
    says(&trip, "request --product pbx --out host.request", 0);
    for (name, _) in files {
        says(&trip, &format!("install {name} --trust acme.pub"), 0);
    }
    trip
}

fn names(trip: &Trip) -> BTreeSet<String> {
    let entries = std::fs::read_dir(trip.folder.join(&trip.home)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn log(trip: &Trip) -> String {
    std::fs::read_to_string(trip.folder.join(&trip.home).join("airlatch.log")).unwrap_or_default()
}

fn features(log: &str) -> Vec<&str> {
    let of_feature = |line: &&str| {
        let event = line.split(' ').nth(1).unwrap_or_default();
        ["gained", "lost", "more", "less"].contains(&event)
    };
    log.lines().filter(of_feature).collect()
}

#[test]
fn the_exit_code_tells_a_monitor() {
    let ever = license("voicemail");
    let ending = until("2027-01-01", license("sessions=100"));
    let grace = License { grace_days: 10, ..ending.clone() };
    for (name, licenses, now, line, exit) in [
        ("ever", vec![&ever], "2030-01-01T00:00:00Z", "status --check", 0),
        ("far", vec![&ever, &ending], "2026-12-01T00:00:00Z", "status --check", 0),
        ("near", vec![&ever, &ending], "2026-12-03T00:00:00Z", "status --check", 1),
        ("near-quiet", vec![&ever, &ending], "2026-12-03T00:00:00Z", "status --check --warn-days 29", 0),
        ("near-off", vec![&ever, &ending], "2026-12-31T23:59:59Z", "status --check --warn-days 0", 0),
        ("near-plain", vec![&ever, &ending], "2026-12-03T00:00:00Z", "status", 0),
        ("lost", vec![&ever, &ending], "2027-01-01T00:00:00Z", "status --check --warn-days 0", 1),
        ("lost-plain", vec![&ever, &ending], "2027-01-01T00:00:00Z", "status", 0),
        ("grace", vec![&grace], "2027-01-01T00:00:00Z", "status --check --warn-days 0", 1),
        ("grace-plain", vec![&grace], "2027-01-01T00:00:00Z", "status", 0),
        ("gone-plain", vec![&ending], "2027-01-01T00:00:00Z", "status", 1),
        ("back", vec![&ever], "2026-11-01T00:00:00Z", "status --check", 1),
    ] {
        let mut trip = host(&format!("monitor-{name}"), &licenses);
        trip.now = now.parse().unwrap();
        let said = says(&trip, line, exit);
        let json: serde_json::Value = {
            let ran = crate::says::ran(&trip, &format!("{line} --json"));
            assert_eq!(ran.exit, exit, "{name}\n{}", ran.both);
            serde_json::from_str(&ran.stdout).unwrap()
        };
        if line.contains("--check") {
            assert_eq!(json["well"], exit == 0, "{name}\n{said}");
        }
    }
}

#[test]
fn a_file_that_is_no_license_is_not_well() {
    let trip = host("damaged", &[&license("voicemail")]);
    says(&trip, "status --check", 0);
    std::fs::write(trip.folder.join(&trip.home).join("licenses/x.license"), "nothing").unwrap();
    says(&trip, "status --check", 1);
    says(&trip, "status", 0);
}

#[test]
fn a_feature_removed_by_a_later_license_is_reported_once() {
    let mut trip = host("taken", &[&charged("sessions=100 fax", 4)]);
    says(&trip, "status --daily", 0);
    std::fs::write(
        trip.folder.join("later.license"),
        crate::common::licenses_room::text(&charged("sessions=100", 5)),
    )
    .unwrap();
    says(&trip, "install later.license", 0);
    trip.now = trip.now.plus_seconds(86_400);
    has(&says(&trip, "status --daily", 1), &["lost pbx fax on to off [superseded] license "]);
    trip.now = trip.now.plus_seconds(86_400);
    has(&says(&trip, "status --daily", 0), &["nothing gained or lost"]);
    assert!(says(&trip, "status", 0).contains("  fax               not licensed: was replaced by license "));
}

#[test]
fn days_that_were_missed_count_once_and_a_check_in_the_future_counts_for_none() {
    let mut trip = host("missed", &[&until("2027-01-01", license("sessions=100")), &license("fax")]);
    for (now, lines) in [
        ("2026-11-21T13:00:00Z", 2),
        ("2026-11-22T01:59:59Z", 2),
        ("2026-11-22T02:00:00Z", 2),
        ("2027-01-09T23:00:00Z", 3),
        ("2027-01-10T01:00:00Z", 3),
    ] {
        trip.now = now.parse().unwrap();
        says(&trip, "status --daily --warn-days 0", u8::from(now > "2027"));
        assert_eq!(features(&log(&trip)).len(), lines, "{now}");
    }
    let state = trip.folder.join(&trip.home).join("daily.toml");
    let text = std::fs::read_to_string(&state).unwrap();
    std::fs::write(&state, text.replace("2027-01-09", "2099-01-09")).unwrap();
    says(&trip, "status --daily --warn-days 0", 1);
    assert!(std::fs::read_to_string(&state).unwrap().starts_with("checked = \"2027-01-10T01:00:00Z\""));
}

/// A change is logged once, by the first process.
#[test]
fn concurrent_checks_log_each_change_once() {
    let trip = host("several", &[]);
    let shown = crate::says::ran(&trip, "id --json").stdout;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let lock = Lock::SystemId(shown["system_id"].as_str().unwrap().parse().unwrap());
    let here = License { lock, allow: AllowedClasses::ALL, ..license("sessions=100 fax") };
    std::fs::write(trip.folder.join("here.license"), crate::common::licenses_room::text(&here)).unwrap();
    says(&trip, "install here.license --trust acme.pub", 0);
    let home = trip.folder.join(&trip.home);
    let run = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_airlatch"));
        program.args(["status", "--daily", "--home"]).arg(&home);
        program.env("XDG_STATE_HOME", trip.folder.join("state"));
        program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let all: Vec<_> = (0..6).map(|_| run()).collect();
    for mut child in all {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(features(&log(&trip)).len(), 2, "{}", log(&trip));
    assert!(names(&trip).contains("daily.toml"));
}

#[test]
fn a_read_only_home_is_checked_too() {
    let probe = Command::new("unshare").args(["-rm", "true"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "unshare does not work");
        println!("skipped: unshare is not there");
        return;
    }
    let ending = until("2099-01-01", license("sessions=100"));
    let trip = host("read-only", &[&ending]);
    let (before, log_before) = (names(&trip), log(&trip));
    let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && \"$1\" status --daily --home \"$0\"";
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .arg(trip.folder.join(&trip.home))
        .arg(env!("CARGO_BIN_EXE_airlatch"))
        .env("XDG_STATE_HOME", trip.folder.join("state"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    has(&said, &["note: this check can't be recorded: ", "[read-only]"]);
    // On this machine the license is for another device, which is refused and reported.
    assert_eq!(output.status.code(), Some(1), "{said}");
    has(&said, &["pbx: not licensed any more: sessions", "[wrong-host]"]);
    assert_eq!((names(&trip), log(&trip)), (before, log_before));
}

/// The arguments of `airlatch` in a line of a sample, as a shell or systemd splits them.
fn command_lines(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(repository().join("samples").join(name)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let words = |line: &str| {
        let (_, tail) = line.split_once("airlatch status")?;
        let tail = tail.split([')', '>', '|']).next()?.trim_end_matches(" 2");
        Some(format!("airlatch status{tail}").split_whitespace().map(str::to_owned).collect())
    };
    lines.filter_map(words).collect()
}

#[test]
fn the_samples_call_the_program_as_it_is() {
    for name in ["airlatch-status.service", "airlatch.cron"] {
        let lines = command_lines(name);
        assert_eq!(lines.len(), 1, "{name}");
        for words in lines {
            assert!(words.contains(&"--daily".to_owned()), "{words:?}");
            airlatch::cli::command().try_get_matches_from(&words).unwrap();
        }
    }
}

#[test]
fn systemd_takes_the_samples() {
    if !Command::new("systemd-analyze").arg("--version").output().is_ok_and(|it| it.status.success()) {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "systemd-analyze is not there");
        println!("skipped: systemd-analyze is not there");
        return;
    }
    let samples = repository().join("samples");
    let files = ["airlatch-status.service", "airlatch-status.timer"].map(|name| samples.join(name));
    let output = Command::new("systemd-analyze").arg("verify").args(files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.trim().is_empty(), "{said}");
    let when = Command::new("systemd-analyze").args(["calendar", "*-*-* 02:00:00 UTC"]).output().unwrap();
    assert!(when.status.success());
}
