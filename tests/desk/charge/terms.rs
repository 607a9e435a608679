//! Periods: terms of several codes, gaps, and different ends.

use airlatch_core::model::{Period, Reason};
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, features, time, times};

#[test]
fn a_length_begins_with_the_day_of_the_first_activation() {
    let mut desk = Desk::new();
    desk.book(&[("sessions", 100)], GrantEnd::For("1 year".into()));
    let first = desk.these(&[0], "sessions 50").unwrap();
    assert_eq!(times(&first), ["2026-11-21: sessions 50, video", "2027-11-22"]);
    desk.now = time("2027-03-01T09:00:00Z");
    let later = desk.these(&[0], "sessions 50").unwrap();
    assert_eq!((later.term, later.features), (first.term, first.features));
}

/// Features of several codes add up, each for the term of its code.
#[test]
fn each_code_gives_what_it_gives_for_its_own_term() {
    let mut desk = Desk::new();
    desk.until(&[("sessions", 100), ("voicemail", 1)], "2027-06-01T00:00:00Z");
    desk.until(&[("sessions", 20)], "2027-03-01T00:00:00Z");
    desk.book(&[("voicemail", 1), ("groupware", 1)], GrantEnd::Permanent);
    desk.these(&[0], "sessions 100, voicemail").unwrap();
    desk.these(&[1], "sessions 20").unwrap();
    let charge = desk.charge(&[2], &Wanted::All).unwrap();
    let found = [
        "2026-11-21: groupware, sessions 120, video, voicemail",
        "2027-03-01: groupware, sessions 100, video, voicemail",
        "2027-06-01: groupware, video, voicemail",
        "for ever",
    ];
    assert_eq!(times(&charge), found);
}

/// After a renewal the next activation has the later end, without a charge.
#[test]
fn a_renewed_code_gives_its_new_end() {
    let mut desk = Desk::new();
    desk.until(&[("sessions", 100)], "2027-06-01T00:00:00Z");
    desk.these(&[0], "sessions 100").unwrap();
    desk.sources[0].pool.order.term.end = GrantEnd::Until(time("2028-06-01T00:00:00Z"));
    let charge = desk.these(&[0], "sessions 100").unwrap();
    assert!(charge.charged.is_empty());
    assert_eq!(times(&charge), ["2026-11-21: sessions 100, video", "2028-06-01"]);
}

#[test]
fn terms_that_meet_with_the_same_features_are_one_and_a_gap_holds_nothing() {
    let mut desk = Desk::new();
    desk.until(&[("sessions", 9)], "2027-01-01T00:00:00Z");
    desk.until(&[("sessions", 9)], "2028-01-01T00:00:00Z");
    desk.until(&[("sessions", 9)], "2029-01-01T00:00:00Z");
    desk.sources[1].pool.order.term.from = Some(time("2027-01-01T00:00:00Z"));
    desk.sources[2].pool.order.term.from = Some(time("2028-02-01T00:00:00Z"));
    desk.these(&[0], "sessions 9").unwrap();
    desk.these(&[1], "sessions 9").unwrap();
    let charge = desk.these(&[2], "sessions 9").unwrap();
    let found =
        ["2026-11-21: sessions 9, video", "2028-01-01: ", "2028-02-01: sessions 9, video", "2029-01-01"];
    assert_eq!(times(&charge), found);
    assert_eq!(charge.notes, ["nothing is licensed from 2028-01-01T00:00:00Z until 2028-02-01T00:00:00Z"]);
}

#[test]
fn what_begins_later_makes_a_license_that_begins_later() {
    let mut desk = Desk::with(&[("sessions", 9)]);
    desk.sources[0].pool.order.term.from = Some(time("2027-01-01T00:00:00Z"));
    assert_eq!(
        times(&desk.these(&[0], "sessions 9").unwrap()),
        ["2027-01-01: sessions 9, video", "for ever"]
    );
    // A term that began long ago keeps its first day.
    desk.sources[0].pool.order.term.from = Some(time("2025-01-01T00:00:00Z"));
    assert_eq!(
        times(&desk.these(&[0], "sessions 9").unwrap()),
        ["2025-01-01: sessions 9, video", "for ever"]
    );
}

#[test]
fn a_code_that_gives_nothing_ends_nothing() {
    let mut desk = Desk::with(&[("voicemail", 1)]);
    desk.until(&[("voicemail", 1), ("sessions", 5)], "2027-01-01T00:00:00Z");
    desk.these(&[0], "voicemail").unwrap();
    let charge = desk.these(&[1], "voicemail").unwrap();
    assert_eq!(times(&charge), ["2026-11-21: video, voicemail", "for ever"]);
    // It doesn't prolong free features either, or make anything begin earlier.
    desk.book(&[("sessions", 5)], GrantEnd::Permanent);
    desk.sources[0].held.clear();
    desk.sources[2].pool.order.term.from = Some(time("2025-01-01T00:00:00Z"));
    let charge = desk.these(&[1, 2], "sessions 5").unwrap();
    assert_eq!(times(&charge), ["2026-11-21: sessions 5, video", "2027-01-01"]);
}

#[test]
fn a_level_is_as_high_as_the_steps_in_force() {
    let mut desk = Desk::with(&[("PBX#15", 1)]);
    desk.until(&[("PBX#30@15", 1)], "2027-01-01T00:00:00Z");
    desk.book(&[("PBX#60@30", 1)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    desk.these(&[1], "PBX#30@15").unwrap();
    let charge = desk.these(&[2], "PBX 60").unwrap();
    assert_eq!(times(&charge), ["2026-11-21: PBX 60, video", "2027-01-01: PBX 15, video", "for ever"]);
}

#[test]
fn reducing_a_count_keeps_what_lasts_longest() {
    let mut desk = Desk::new();
    desk.until(&[("sessions", 10)], "2027-01-01T00:00:00Z");
    desk.until(&[("sessions", 10)], "2028-01-01T00:00:00Z");
    desk.these(&[0, 1], "sessions 20").unwrap();
    let charge = desk.these(&[0, 1], "sessions 12").unwrap();
    let found = ["2026-11-21: sessions 12, video", "2027-01-01: sessions 10, video", "2028-01-01"];
    assert_eq!(times(&charge), found);
    let charge = desk.these(&[1, 0], "sessions 10").unwrap();
    assert_eq!(times(&charge), ["2026-11-21: sessions 10, video", "2028-01-01"]);
}

#[test]
fn a_license_has_no_more_periods_than_it_may() {
    let mut desk = Desk::new();
    for number in 0..=Period::MAX {
        let end = time("2027-01-01T00:00:00Z").plus_seconds(86_400 * i64::try_from(number).unwrap());
        let code = desk.book(&[("sessions", 1)], GrantEnd::Until(end));
        let charge = desk.these(&[code], "sessions 1").unwrap();
        assert_eq!(charge.after.len(), number);
    }
    desk.book(&[("sessions", 1)], GrantEnd::Permanent);
    let error = desk.refused(&[Period::MAX + 1], "sessions 1");
    assert_eq!(error.reason(), Reason::TooLarge);
    assert_eq!(error.details(), ["periods  34", "limit    33"]);
    assert_eq!(desk.ask(&[0], &Wanted::All).unwrap().features, features("sessions 33, video"));
}
