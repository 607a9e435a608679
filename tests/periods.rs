//! Licenses whose features change with time: each second around each boundary, grace, and what every view shows.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod common;
mod licenses_room;
mod rules_room;

use airlatch::format;
use airlatch::model::{License, Term, Time, Trouble, Verdict};
use airlatch::rules::{self, Question};
use licenses_room::{device, features, has, license, midnight, period, ran, says, text, trip};
use rules_room::{asking, verified};

/// 100 and a switch, then 50 and another, then nothing, then 10; two days of grace.
fn changing() -> License {
    License {
        term: Term { from: midnight("2026-12-01"), until: Some(midnight("2027-01-01")) },
        after: vec![
            period(Some("2027-02-01T00:00:00Z"), "sessions=50 video"),
            period(Some("2027-03-01T00:00:00Z"), ""),
            period(Some("2027-04-01T00:00:00Z"), "sessions=10"),
        ],
        grace_days: 2,
        drift_days: 0,
        allow: airlatch::model::Allowed::default(),
        ..license("sessions=100 voicemail")
    }
}

fn judged(license: &License, now: Time, asked: &str) -> (Verdict, String) {
    let asked = features(asked).iter().map(|(name, quantity)| (name.clone(), quantity)).collect();
    let question = Question { features: asked, ..asking(now) };
    let judgement = rules::judge(&verified(license), &device(), &question);
    (judgement.verdict, judgement.features.to_string())
}

/// The verdict in a word, or the reasons, and what is in force.
fn said(license: &License, now: Time) -> (String, String) {
    let (verdict, features) = judged(license, now, "");
    let words = |reasons: &[Trouble]| reasons.iter().map(|t| t.reason().word()).collect::<Vec<_>>().join(" ");
    let word = match &verdict {
        Verdict::Valid => "valid".into(),
        Verdict::Grace(trouble) => format!("grace {}", trouble.reason()),
        Verdict::Refused(reasons) => words(reasons),
    };
    (word, features)
}

#[test]
fn every_second_around_every_boundary_is_on_its_side() {
    let before = ("not-yet-valid", "");
    let first = ("valid", "sessions 100, voicemail");
    let second = ("valid", "sessions 50, video");
    let last = ("valid", "sessions 10");
    let grace = ("grace expired", "sessions 10");
    let over = ("expired", "");
    for (boundary, one, other) in [
        ("2026-12-01", before, first),
        ("2027-01-01", first, second),
        ("2027-02-01", second, before),
        ("2027-03-01", before, last),
        ("2027-04-01", last, grace),
        ("2027-04-03", grace, over),
    ] {
        let at = midnight(boundary);
        for (seconds, (word, features)) in [(-1, one), (0, other), (1, other)] {
            let wanted = (word.to_owned(), features.to_owned());
            assert_eq!(said(&changing(), at.plus(seconds)), wanted, "{boundary} {seconds:+}");
        }
    }
}

#[test]
fn a_permanent_last_period_never_ends_and_a_license_without_grace_has_none() {
    let mut license = changing();
    license.after.last_mut().unwrap().until = None;
    assert_eq!(said(&license, midnight("9999-12-31")), ("valid".into(), "sessions 10".into()));
    let license = License { grace_days: 0, ..changing() };
    assert_eq!(said(&license, midnight("2027-04-01").plus(-1)).0, "valid");
    assert_eq!(said(&license, midnight("2027-04-01")).0, "expired");
}

#[test]
fn what_another_period_has_is_said_with_its_time() {
    let details = |now: &str, seconds, asked: &str| {
        let (verdict, _) = judged(&changing(), midnight(now).plus(seconds), asked);
        match verdict {
            Verdict::Refused(reasons) => {
                let last = reasons.last().unwrap();
                format!("{} {}", last.reason(), last.details().last().unwrap())
            }
            other => format!("{other:?}"),
        }
    };
    let told = "2027-01-01";
    assert_eq!(details(told, 0, "voicemail"), "feature-missing ended     2027-01-01T00:00:00Z");
    assert_eq!(details(told, -1, "video"), "feature-missing begins    2027-01-01T00:00:00Z");
    assert_eq!(details(told, 0, "sessions=51"), "quantity-short ended      2027-01-01T00:00:00Z");
    assert_eq!(details(told, 0, "sessions=101"), "quantity-short license    50");
    assert_eq!(details("2027-02-01", 0, "sessions=10"), "not-yet-valid again      2027-03-01T00:00:00Z");
    assert_eq!(details("2027-02-01", 0, "video"), "feature-missing ended     2027-02-01T00:00:00Z");
    assert_eq!(details("2027-04-01", 0, "fax"), "feature-missing it holds  sessions 10");
    assert_eq!(details("2027-04-01", 0, "sessions=11"), "quantity-short ended      2027-02-01T00:00:00Z");
}

#[test]
fn grace_says_how_long_rounded_down_and_when_exactly() {
    let end = midnight("2027-04-01");
    for (seconds, words) in [
        (0, "works for 2 days more"),
        (1, "works for 1 day more"),
        (86_400, "works for 1 day more"),
        (86_401, "works for less than a day more"),
        (2 * 86_400 - 1, "works for less than a day more"),
    ] {
        let (Verdict::Grace(trouble), _) = judged(&changing(), end.plus(seconds), "sessions=10") else {
            unreachable!("{seconds}")
        };
        assert!(trouble.what().ends_with(words), "{seconds}: {trouble}");
        has(&trouble.details().join("\n"), &["ended      2027-04-01T00", "grace to   2027-04-03T00:00:00Z"]);
    }
    let elsewhere = rules_room::host_with([]);
    let verdict = rules::judge(&verified(&changing()), &elsewhere, &asking(end)).verdict;
    assert!(
        matches!(&verdict, Verdict::Refused(reasons) if reasons.len() == 1),
        "grace does not hide another reason, and is none itself: {verdict:?}"
    );
}

#[test]
fn a_license_that_no_host_would_read_is_not_written() {
    let mut license = changing();
    license.after.swap(0, 2);
    assert_eq!(format::write_license(&license).unwrap_err().reason().word(), "bad-field");
    let license = License { grace_days: 3661, ..changing() };
    assert_eq!(format::write_license(&license).unwrap_err().reason().word(), "bad-field");
}

#[test]
fn grace_is_a_yes_with_a_warning_in_every_verb() {
    let mut trip = trip("periods-grace", &[("device.license", &changing())]);
    trip.now = "2027-04-02T12:00:00Z".parse().unwrap();
    let verify = "verify device.license --trust acme.pub";
    let ran = ran(&trip, verify);
    assert_eq!(ran.exit, 0, "{}", ran.both);
    has(&ran.stdout, &["grace: pbx\n", "  ends       2027-04-01T00:00:00Z, over\n"]);
    let warning = "warning: this license has expired and works for less than a day more";
    assert!(!ran.stdout.contains(warning), "{}", ran.stdout);
    has(&ran.both, &[warning, "grace to   2027-04-03T00:00:00Z", "[expired]"]);
    assert!(!ran.both.contains("error:"), "{}", ran.both);
    let said = says(&trip, &format!("{verify} --json"), 0);
    has(&said, &["\"verdict\": \"grace\"", "\"reason\": \"expired\""]);
    assert_eq!(said.matches("\"verdict\": \"grace\"").count(), 2, "of the license, and of all\n{said}");
    let said = licenses_room::ran(&trip, &format!("{verify} --reason"));
    assert_eq!((said.exit, said.stdout.as_str()), (0, "valid\n"));
    has(&said.both, &[warning]);
    has(&says(&trip, "install device.license --trust acme.pub", 0), &[warning, "installed license"]);
    let said = says(&trip, "status", 0);
    has(
        &said,
        &[
            "pbx: in grace: this license has expired",
            "  sessions 10       licensed, in grace, until 2027-04-03T00:00:00Z, 12 hours left",
            warning,
        ],
    );
    has(&says(&trip, "status --json", 0), &["\"verdict\": \"grace\"", "\"activated\": true"]);
    trip.now = "2027-04-03T00:00:00Z".parse().unwrap();
    has(&says(&trip, "verify", 1), &["error: this license has expired\n", "[expired]"]);
}

#[test]
fn every_view_shows_every_field() {
    let mut license =
        License { model: Some("IP800".into()), not_transferable: true, unmetered: true, ..changing() };
    license.ledger = licenses_room::charged("", 41).ledger;
    let file = text(&license);
    has(
        &file,
        &[
            "Model:     IP800\n",
            "Features:  sessions 100, voicemail until 2027-01-01T00:00:00Z\n",
            "Then:      sessions 50, video until 2027-02-01T00:00:00Z\n",
            "Then:      nothing until 2027-03-01T00:00:00Z\n",
            "Then:      sessions 10 until 2027-04-01T00:00:00Z\n",
            "Ends:      2027-04-01T00:00:00Z\n",
            "Grace:     works until 2027-04-03T00:00:00Z\n",
            "Transfer:  not to another unit\n",
            "Unmetered: ",
        ],
    );
    let mut trip = trip("periods-views", &[("device.license", &license)]);
    trip.now = "2027-01-15T00:00:00Z".parse().unwrap();
    let shown = [
        "  model      IP800\n",
        "  then       sessions 50, video until 2027-02-01T00:00:00Z\n",
        "  then       nothing until 2027-03-01T00:00:00Z\n",
        "  ends       2027-04-01T00:00:00Z, 76 days left\n",
        "  grace      works until 2027-04-03T00:00:00Z\n",
        "  transfer   not to another unit\n",
        "  ledger     after entry 41 of 07070707070707070707070707070707\n",
        "  unmetered  issued from a grant, not charged to any order in a ledger\n",
    ];
    let exact = [
        "\"grace_days\": 2",
        "\"transferable\": false",
        "\"unmetered\": true",
        "\"model\": \"IP800\"",
        "\"entry\": 41",
        "\"until\": \"2027-03-01T00:00:00Z\"",
        "\"ends\": \"2027-04-01T00:00:00Z\"",
    ];
    for line in [
        "inspect device.license",
        "verify device.license --trust acme.pub",
        "install device.license --trust acme.pub",
        "status",
        "verify",
    ] {
        has(&says(&trip, line, 0), &shown);
        has(&says(&trip, &format!("{line} --json"), 0), &exact);
    }
    has(
        &says(&trip, "status", 0),
        &[
            "activated, expires on 2027-04-01",
            "  sessions 50       licensed until 2027-02-01T00:00:00Z, 17 days left\n",
            "  voicemail         not licensed: ended on 2027-01-01T00:00:00Z    [expired]\n",
        ],
    );
}

#[test]
fn a_request_carries_the_model_and_every_view_shows_it() {
    let trip = trip("periods-model", &[]);
    let line = "request --product pbx --model IP800 --out host.request";
    has(&says(&trip, line, 0), &["  model      IP800\n"]);
    let file = std::fs::read_to_string(trip.folder.join("host.request")).unwrap();
    has(&file, &["Model:      IP800\n"]);
    has(&says(&trip, "inspect host.request", 0), &["  model      IP800\n"]);
    has(&says(&trip, "inspect host.request --json", 0), &["\"model\": \"IP800\""]);
    has(&says(&trip, "request --product pbx --model IP800 --explain", 0), &["  model           IP800\n"]);
    let said = trip.airlatch(&["request", "--product", "pbx", "--model", ""], Vec::new());
    assert_eq!(said.exit, 2, "{}", said.both);
    has(&said.both, &["the text is empty", "--model", "[bad-field]"]);
}
