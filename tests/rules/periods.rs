//! Licenses whose features change with time: each second around each boundary, and grace.

use airlatch_core::format;
use airlatch_core::model::{Error, License, Time, Verdict};
use airlatch_core::rules::{self, Question};

use crate::common::licenses_room::{changing, device, features, has, midnight};
use crate::common::rules_room::{asking, verified};

fn judged(license: &License, now: Time, asked: &str) -> (Verdict, String) {
    let asked = features(asked).iter().map(|(name, quantity)| (name.clone(), quantity)).collect();
    let question = Question { features: asked, ..asking(now) };
    let judgement = rules::judge(&verified(license), &device(), &question);
    (judgement.verdict, judgement.features.to_string())
}

/// The verdict in a word, or the reasons, and what is in force.
fn said(license: &License, now: Time) -> (String, String) {
    let (verdict, features) = judged(license, now, "");
    let words = |reasons: &[Error]| reasons.iter().map(|t| t.reason().word()).collect::<Vec<_>>().join(" ");
    let word = match &verdict {
        Verdict::Refused(reasons) => words(reasons),
        works => works
            .warning()
            .map_or_else(|| works.word().into(), |error| format!("{} {}", works.word(), error.reason())),
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
            assert_eq!(said(&changing(), at.plus_seconds(seconds)), wanted, "{boundary} {seconds:+}");
        }
    }
}

#[test]
fn a_permanent_last_period_never_ends_and_a_license_without_grace_has_none() {
    let mut license = changing();
    license.after.last_mut().unwrap().until = None;
    assert_eq!(said(&license, midnight("9999-12-31")), ("valid".into(), "sessions 10".into()));
    let license = License { grace_days: 0, ..changing() };
    assert_eq!(said(&license, midnight("2027-04-01").plus_seconds(-1)).0, "valid");
    assert_eq!(said(&license, midnight("2027-04-01")).0, "expired");
}

#[test]
fn another_period_with_the_feature_is_named_with_its_time() {
    let details = |now: &str, seconds, asked: &str| {
        let (verdict, _) = judged(&changing(), midnight(now).plus_seconds(seconds), asked);
        match verdict {
            Verdict::Refused(reasons) => {
                let last = reasons.last().unwrap();
                format!("{} {}", last.reason(), last.details().last().unwrap())
            }
            other => format!("{other:?}"),
        }
    };
    let at = "2027-01-01";
    assert_eq!(details(at, 0, "voicemail"), "feature-missing ended     2027-01-01T00:00:00Z");
    assert_eq!(details(at, -1, "video"), "feature-missing begins    2027-01-01T00:00:00Z");
    assert_eq!(details(at, 0, "sessions=51"), "quantity-short ended      2027-01-01T00:00:00Z");
    assert_eq!(details(at, 0, "sessions=101"), "quantity-short license    50");
    assert_eq!(details("2027-02-01", 0, "sessions=10"), "not-yet-valid again      2027-03-01T00:00:00Z");
    assert_eq!(details("2027-02-01", 0, "video"), "feature-missing ended     2027-02-01T00:00:00Z");
    assert_eq!(details("2027-04-01", 0, "fax"), "feature-missing includes  sessions 10");
    assert_eq!(details("2027-04-01", 0, "sessions=11"), "quantity-short ended      2027-02-01T00:00:00Z");
}

#[test]
fn the_warning_of_grace_has_whole_days_and_the_exact_end() {
    let end = midnight("2027-04-01");
    for (seconds, words) in [
        (0, "works for 2 days more"),
        (1, "works for 1 day more"),
        (86_400, "works for 1 day more"),
        (86_401, "works for less than a day more"),
        (2 * 86_400 - 1, "works for less than a day more"),
    ] {
        let (Verdict::Grace(error), _) = judged(&changing(), end.plus_seconds(seconds), "sessions=10") else {
            unreachable!("{seconds}")
        };
        assert!(error.message().ends_with(words), "{seconds}: {error}");
        has(&error.details().join("\n"), &["ended      2027-04-01T00", "grace ends 2027-04-03T00:00:00Z"]);
    }
    let elsewhere = crate::common::rules_room::host_with([]);
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
