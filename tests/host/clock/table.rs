//! The clock: what it does to a verdict when it is set back, runs ahead, or is far off.

use airlatch_core::crypto;
use airlatch_core::format;
use airlatch_core::model::{ClockMark, HostMemory, Kind, License, Term, Time, Verdict};

use crate::common::life::{DAY, HOUR, Life, YEAR, key, time};
use crate::common::place::repository;

/// The same license on a host that looked once, and then again by a clock that was moved.
fn moved(name: &str, seconds: i64, permanent: bool) -> (Life, String) {
    let mut life = Life::new(name);
    let license = if permanent { life.permanent() } else { life.license() };
    life.install(&license).unwrap();
    life.wait(92 * DAY);
    for _ in 0..8 {
        assert_eq!(life.word(), "valid");
        life.wait(DAY);
    }
    assert_eq!(life.word(), "valid");
    life.wait(seconds);
    let word = life.word();
    (life, word)
}

#[test]
fn a_clock_that_goes_back() {
    let to = |text: &str| time(text).seconds() - (time("2026-11-21T12:00:00Z").seconds() + 100 * DAY);
    for (name, seconds, word) in [
        ("1h", -HOUR, "valid"),
        ("23h", -23 * HOUR, "valid"),
        ("24h", -DAY, "valid"),
        ("24h1s", -DAY - 1, "clock-rollback"),
        ("25h", -25 * HOUR, "clock-rollback"),
        ("1y", -YEAR, "clock-rollback"),
        ("1970", to("1970-01-01T00:00:00Z"), "clock-rollback"),
        ("2000", to("2000-01-01T00:00:00Z"), "clock-rollback"),
    ] {
        let (life, found) = moved(&format!("c1-{name}"), seconds, false);
        assert_eq!(found, word, "{name}");
        let latest = time("2026-11-21T12:00:00Z").plus_seconds(100 * DAY);
        assert_eq!(life.memory().latest_time, Some(latest), "{name}: what was known stays known");
        if word != "valid" {
            let checked = life.check();
            let Verdict::Refused(reasons) = &checked.answers[0].judged().unwrap().judgement.verdict else {
                unreachable!()
            };
            let said = reasons[0].details().join("\n");
            assert!(said.contains(&life.now.to_string()) && said.contains(&latest.to_string()), "{said}");
        }
    }
}

/// 23 hours are no rollback, but they are not given every day.
#[test]
fn a_clock_that_is_set_back_each_day() {
    let mut life = Life::new("c1-daily");
    life.install(&life.license()).unwrap();
    for word in ["valid", "clock-rollback", "clock-rollback"] {
        life.wait(DAY);
        assert_eq!(life.word(), "valid");
        life.wait(-23 * HOUR);
        assert_eq!(life.word(), word);
        life.wait(23 * HOUR);
    }
}

/// Within one boot time goes on, whatever the clock shows: a drift of ten days ends, and so does the license.
#[test]
fn a_clock_that_stands_still_in_a_running_machine() {
    for (name, drift_days, days) in [("c1-still", 0, 2), ("c1-still-drift", 10, 2)] {
        let mut life = Life::new(name);
        life.wait_with_stopped_clock(0);
        life.install(&License { drift_days, ..life.license() }).unwrap();
        assert_eq!(life.word(), "valid");
        life.change(if drift_days > 0 { 3 } else { 0 });
        let mut words = Vec::new();
        for _ in 0..days {
            life.wait_with_stopped_clock(DAY as u64 - 600);
            words.push(life.word());
        }
        assert!(words[0] == "valid" || words[0] == "grace host-drift", "{words:?}");
        assert!(words[1].contains("clock-rollback"), "{words:?}");
    }
}

/// As far as nobody can tell, the clock was ahead once: then a license works for seven days in all.
#[test]
fn a_clock_that_was_off_for_a_time_has_days_of_grace() {
    let mut life = Life::new("c1-off");
    life.install(&life.license()).unwrap();
    life.wait(100 * DAY);
    assert_eq!(life.word(), "valid");
    life.wait(-30 * DAY);
    assert_eq!(life.word(), "grace clock-rollback");
    life.wait(3 * DAY);
    assert_eq!(life.word(), "grace clock-rollback");
    // The clock is set back again: its way back counts like its way ahead.
    life.wait(-3 * DAY);
    assert_eq!(life.word(), "grace clock-rollback");
    life.wait(DAY - 1);
    assert_eq!(life.word(), "grace clock-rollback");
    for seconds in [1, 2 * HOUR] {
        life.wait(seconds);
        assert_eq!(life.word(), "clock-rollback");
    }
    // They stay used up, after a reset and after another jump of the clock.
    life.install_reset(&life.reset(life.now)).unwrap();
    assert_eq!(life.word(), "valid");
    life.wait(60 * DAY);
    assert_eq!(life.word(), "valid");
    life.wait(-10 * DAY);
    assert_eq!(life.word(), "clock-rollback");
    // A clock that is behind the time before it jumped has none.
    let mut other = Life::new("c1-behind");
    other.wait(5 * DAY);
    other.install(&other.license()).unwrap();
    other.wait(100 * DAY);
    assert_eq!(other.word(), "valid");
    other.wait(-102 * DAY);
    assert_eq!(other.word(), "clock-rollback");
}

/// A dead battery must not stop what holds at any time: there the clock makes no difference.
#[test]
fn a_permanent_license_outlives_a_dead_battery() {
    let mut life = Life::new("c1-battery");
    let ends = life.license();
    life.install(&life.permanent()).unwrap();
    life.now = time("2000-01-01T00:00:00Z");
    assert_eq!(life.word(), "grace clock-rollback");
    // A license with periods ends, though the last of them does not.
    life.now = time("2026-11-21T12:00:00Z");
    let after = vec![airlatch_core::model::Period { until: None, features: ends.features.clone() }];
    let mut other = Life::new("c1-periods");
    other.install(&License { after, ..other.license() }).unwrap();
    other.now = time("2000-01-01T00:00:00Z");
    assert_eq!(other.word(), "clock-rollback");
}

#[test]
fn a_clock_that_was_ahead_once() {
    let mut life = Life::new("c2");
    life.install(&life.license()).unwrap();
    let end = life.now.plus_seconds(YEAR);
    let today = life.now.plus_seconds(DAY);
    life.now = time("2099-01-01T00:00:00Z");
    assert_eq!(life.word(), "expired");
    assert_eq!(life.memory().latest_time, Some(end), "poisoned to the end of the license, and no further");
    life.now = today;
    assert_eq!(life.word(), "grace clock-rollback");
    life.wait(7 * DAY);
    assert_eq!(life.word(), "clock-rollback");
    life.now = today;
    life.install_reset(&life.reset(today)).unwrap();
    assert_eq!(life.word(), "valid");
}

/// One line of the program asks for the time, and hands it on as a value.
#[test]
fn the_clock_is_read_once_a_run() {
    let mut found = Vec::new();
    let mut folders = vec![repository().join("crates"), repository().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let text = std::fs::read_to_string(&entry).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let reads = code.lines().filter(|line| {
                let asks = ["platform::now()", "SystemTime::now()", " now()", "(now()"];
                !line.trim_start().starts_with("//") && asks.iter().any(|ask| line.contains(ask))
            });
            let name = entry.strip_prefix(repository()).unwrap().display().to_string();
            found.extend(reads.map(|_| name.clone()));
        }
    }
    let platform = "crates/machine/src/platform";
    found.retain(|name| {
        *name != format!("{platform}/files/guard.rs") && *name != format!("{platform}/clock.rs")
    });
    // The program reads it in one place, the one call of the library in another; no run goes through both.
    assert_eq!(found, ["src/cli/session.rs", "crates/machine/src/here/check.rs"]);
}

#[test]
fn calendar_spans_end_on_days_that_are_there() {
    for (from, span, until) in [
        ("2028-02-29", "1 year", "2029-02-28"),
        ("2027-01-31", "1 month", "2027-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2027-08-31", "6 months", "2028-02-29"),
        ("2026-12-25", "1 month", "2027-01-25"),
        ("2027-02-25", "1 month", "2027-03-25"),
    ] {
        assert_eq!(Time::from_date(from).unwrap().plus_span(span), Time::from_date(until), "{from}");
    }
    assert!("2016-12-31T23:59:60Z".parse::<Time>().is_err(), "no leap second travels");
}

#[test]
fn far_times_are_right_or_nothing() {
    let mut life = Life::new("c7");
    let until = Some(time("9999-12-31T23:59:59Z"));
    let license = life.license();
    life.install(&License { term: Term { until, ..license.term }, ..license }).unwrap();
    for now in
        ["2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z", "9999-12-31T23:59:58Z"]
    {
        life.now = time(now);
        assert_eq!(life.check().memory.latest_time, Some(life.now), "{now}");
        assert_eq!(life.word(), "valid", "{now}");
    }
    life.now = time("9999-12-31T23:59:59Z");
    assert_eq!(life.word(), "expired");
    // The year 10000 and the last second that a clock can hold: said, and not remembered.
    for seconds in [253_402_300_800, i64::MAX] {
        life.now = Time::from_seconds(seconds);
        assert_eq!(life.word(), "expired");
        assert!(life.check().memory.latest_time <= until, "{seconds}");
    }
    let mut ever = Life::new("c7-ever");
    ever.install(&ever.permanent()).unwrap();
    for seconds in [253_402_300_800, i64::MAX] {
        ever.now = Time::from_seconds(seconds);
        assert_eq!(ever.word(), "valid", "for ever is no date");
    }
}

#[test]
fn a_clock_before_1970() {
    for seconds in [-1, -DAY, i64::MIN] {
        let mut life = Life::new("c8");
        life.install(&life.license()).unwrap();
        let known = life.memory();
        life.now = Time::from_seconds(seconds);
        assert_eq!(life.word(), "clock-rollback");
        assert_eq!(life.memory(), known);
        assert_eq!(life.install(&life.starter()), Err("clock-rollback".into()));
    }
}

#[test]
fn a_mark_that_was_tampered_with() {
    let mut life = Life::new("c9");
    life.install(&life.license()).unwrap();
    life.wait(30 * DAY);
    assert_eq!(life.word(), "valid");
    let [beside, second] = life.marks();
    // Another host's, in either place; the other one still knows.
    let mut other = Life::new("c9-other");
    other.now = time("2030-01-01T00:00:00Z");
    other.install(&other.license()).unwrap();
    assert_eq!(other.word(), "valid");
    for mine in [&beside, &second] {
        std::fs::copy(&other.marks()[0], mine).unwrap();
        let checked = life.check();
        assert_eq!(crate::common::life::words(&checked), "valid");
        let note = checked.notes[0].to_string();
        assert!(note.contains("for another installation"), "{note}");
        assert!(life.notes().is_empty(), "it was mended");
    }
    // Edited.
    let bytes = std::fs::read(&beside).unwrap();
    for edited in [b"".to_vec(), b"nonsense".to_vec(), bytes[..bytes.len() / 2].to_vec()] {
        std::fs::write(&beside, edited).unwrap();
        let checked = life.check();
        assert_eq!(crate::common::life::words(&checked), "valid");
        assert_eq!(checked.notes.len(), 1, "{:?}", checked.notes);
        assert!(life.notes().is_empty(), "it was mended");
    }
    // Not signed by this host: a mark that adds nothing makes no difference, and one that adds something is refused.
    for signed_by_another in [true, false] {
        for (days, notes) in [(-1, 0), (0, 0), (300, 1)] {
            forge(&life, &second, days, signed_by_another);
            let checked = life.check();
            assert_eq!(crate::common::life::words(&checked), "valid");
            assert_eq!(checked.notes.len(), notes, "{days}: {:?}", checked.notes);
        }
    }
    // From the future, but this host's own: it is accepted, and needs a clock reset.
    let today = life.now;
    life.now = time("2027-10-01T00:00:00Z");
    assert_eq!(life.word(), "valid");
    life.now = today;
    assert_eq!(life.word(), "grace clock-rollback");
    // Nothing can be read or written: after more than 14 days it is refused, with one note.
    std::fs::remove_file(&beside).unwrap();
    std::fs::remove_file(&second).unwrap();
    for place in [&beside, &second] {
        std::fs::create_dir(place).unwrap();
    }
    let checked = life.check();
    assert_eq!(crate::common::life::words(&checked), "not-stored");
    let not_kept =
        checked.notes.iter().filter(|note| note.message().starts_with("the clock mark could not be written"));
    assert_eq!(not_kept.count(), 1);
}

/// Writes a mark that names this host and says so many days more, signed by another or by nobody at all.
fn forge(life: &Life, place: &std::path::Path, days: i64, signed_by_another: bool) {
    let mark = life.mark();
    let latest = mark.memory.latest_time.map(|latest| latest.plus_seconds(days * DAY));
    let mark = ClockMark { memory: HostMemory { latest_time: latest, ..mark.memory }, ..mark };
    let payload = format::write_clock_mark(&mark).unwrap();
    let bytes = if signed_by_another {
        crypto::seal(Kind::ClockMark, &payload, &key(9)).bytes().to_vec()
    } else {
        let own = life.home().public_key().unwrap().unwrap();
        [payload.as_slice(), own.as_bytes(), &[7; 64]].concat()
    };
    std::fs::write(place, format::armor(Kind::ClockMark, &bytes, &[])).unwrap();
}

#[test]
fn a_desk_whose_clock_is_wrong() {
    for permanent in [false, true] {
        let life = Life::new("c11");
        let license = if permanent { life.permanent() } else { life.license() };
        let dated = |issued: Time| License { issued, ..license.clone() };
        assert_eq!(life.install(&dated(life.now.plus_seconds(DAY + 1))), Err("clock-rollback".into()));
        assert_eq!(life.memory().latest_time, None, "what was refused is not remembered");
        life.install(&dated(time("2015-01-01T00:00:00Z"))).unwrap();
        life.install(&dated(life.now.plus_seconds(DAY))).unwrap();
        assert_eq!(life.memory().latest_time, Some(life.now.plus_seconds(DAY)));
    }
}

#[test]
fn days_left_are_whole_days_and_never_none() {
    let mut life = Life::new("c12");
    life.install(&License { grace_days: 2, ..life.license() }).unwrap();
    life.wait(YEAR);
    for (seconds, words) in
        [(0, "works for 2 days more"), (1, "works for 1 day more"), (DAY, "works for less than a day more")]
    {
        life.wait(seconds);
        let checked = life.check();
        let said = checked.answers[0].errors()[0].message().to_owned();
        assert!(said.ends_with(words), "{said}");
    }
}

#[test]
fn a_hundred_short_outages_count_to_the_second() {
    let mut life = Life::new("c13");
    life.install(&License { drift_days: 1, ..life.license() }).unwrap();
    let used = |life: &Life| life.memory().drifts.values().next().unwrap().used_seconds;
    // Around midnight as at any other time.
    life.now = time("2026-11-21T23:59:30Z");
    assert_eq!(life.word(), "valid");
    for outage in 1..=100 {
        life.change(3);
        assert_eq!(life.word(), "grace host-drift");
        life.wait(61);
        life.change(0);
        assert_eq!(life.word(), "valid");
        assert_eq!(used(&life), 61 * outage);
        life.wait(3 * HOUR);
    }
    // The rest of the day, and not a second more.
    life.change(3);
    assert_eq!(life.word(), "grace host-drift");
    life.wait(DAY - 6100 - 1);
    assert_eq!(life.word(), "grace host-drift");
    life.wait(1);
    assert_eq!(life.word(), "wrong-host");
}
