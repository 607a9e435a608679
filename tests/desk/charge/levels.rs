//! Levels: one base at a time, the cheapest way, and levels that end, are extended, or have not begun.

use airlatch_core::model::Reason;
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, said, time, times};

const APRIL: &str = "2027-04-01T00:00:00Z";

#[test]
fn a_level_from_several_codes_is_the_higher_one() {
    let mut desk = Desk::with(&[("PBX#15", 1)]);
    desk.book(&[("PBX#30", 1)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    assert_eq!(times(&desk.these(&[1], "PBX#30").unwrap()), ["2026-11-21: PBX 30, video", "for ever"]);
}

#[test]
fn two_bases_at_once_are_refused() {
    let desk = Desk::with(&[("PBX#15", 1), ("PBX#30", 1), ("PBX#60@30", 1)]);
    for wanted in ["PBX#15, PBX#30", "PBX#15, PBX 30"] {
        let error = desk.refused(&[0], wanted);
        assert_eq!(error.reason(), Reason::OverLimit, "{wanted}");
        assert_eq!(error.message(), "a unit takes only one base of `PBX`: the higher one counts alone");
        assert_eq!(error.details(), ["limit   1", "wanted  PBX#15, PBX#30"]);
    }
}

#[test]
fn a_unit_with_a_level_takes_the_upgrade_and_not_a_second_base() {
    let mut desk = Desk::with(&[("PBX#15", 1)]);
    desk.book(&[("PBX#30", 1), ("PBX#30@15", 1)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    assert_eq!(said(&desk.these(&[1], "PBX#30").unwrap()), ["PBX#30@15 1 from 1"]);
    let again = desk.these(&[1], "PBX#30").unwrap();
    assert!(again.charged.is_empty());
    assert_eq!(again.notes, ["`PBX#30` is not charged: upgrades led to its level already"]);
    // With the upgrade named as well it is the same.
    let mut both = Desk::with(&[("PBX#15", 1)]);
    both.book(&[("PBX#30", 1), ("PBX#30@15", 1)], GrantEnd::Permanent);
    both.these(&[0], "PBX#15").unwrap();
    assert_eq!(said(&both.these(&[1], "PBX#30, PBX#30@15").unwrap()), ["PBX#30@15 1 from 1"]);
}

/// As a switch that is held until April and bought for ever from another code.
#[test]
fn a_level_that_ends_is_extended_like_a_switch() {
    for wanted in ["PBX 15", "PBX#15"] {
        let mut desk = Desk::new();
        desk.until(&[("PBX#15", 1)], APRIL);
        desk.book(&[("PBX#15", 1), ("voicemail", 1)], GrantEnd::Permanent);
        desk.these(&[0], "PBX#15").unwrap();
        let charge = desk.these(&[1], wanted).unwrap();
        assert_eq!(said(&charge), ["PBX#15 1 from 1"], "{wanted}");
        assert_eq!(times(&charge), ["2026-11-21: PBX 15, video", "for ever"]);
        assert!(desk.these(&[1], wanted).unwrap().charged.is_empty());
        // The other way round nothing is charged.
        assert!(desk.these(&[0], "PBX 15").unwrap().charged.is_empty());
    }
    let mut desk = Desk::new();
    desk.until(&[("PBX#15", 1)], APRIL);
    desk.book(&[("PBX#15", 1)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    assert_eq!(said(&desk.charge(&[1], &Wanted::All).unwrap()), ["PBX#15 1 from 1"]);
}

#[test]
fn an_upgrade_that_outlives_its_base_is_said_to_give_nothing_then() {
    let mut desk = Desk::new();
    desk.until(&[("PBX#15", 1)], APRIL);
    desk.book(&[("PBX#30@15", 1)], GrantEnd::Permanent);
    desk.book(&[("PBX#15", 1)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    let note = "`PBX#30@15` gives nothing from 2027-04-01T00:00:00Z: the unit has no `PBX` 15 then";
    for wanted in ["PBX 30", "PBX#30@15"] {
        let charge = desk.ask(&[1], &Wanted::Features(&super::scene::features(wanted))).unwrap();
        assert_eq!(said(&charge), ["PBX#30@15 1 from 1"], "{wanted}");
        assert_eq!(charge.notes, [note]);
    }
    desk.these(&[1], "PBX 30").unwrap();
    // After the end of the base, the level by its number is the same as the base by its name.
    desk.now = time("2027-05-01T00:00:00Z");
    for wanted in ["PBX 15", "PBX#15", "PBX 30"] {
        let charge = desk.ask(&[2], &Wanted::Features(&super::scene::features(wanted))).unwrap();
        assert_eq!(said(&charge), ["PBX#15 1 from 2"], "{wanted}");
        assert_eq!(times(&charge)[0], "2026-11-21: PBX 30, video".replace("2026-11-21", "2027-05-01"));
    }
    // And both together last.
    desk.these(&[2], "PBX 15").unwrap();
    assert!(desk.these(&[2], "PBX 15").unwrap().charged.is_empty());
}

#[test]
fn the_way_that_lasts_is_preferred() {
    let mut desk = Desk::new();
    desk.until(&[("PBX#15", 1)], APRIL);
    desk.book(&[("PBX#30@15", 1), ("PBX#30", 1)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    assert_eq!(said(&desk.these(&[1], "PBX 30").unwrap()), ["PBX#30 1 from 1"]);
}

#[test]
fn a_level_that_has_not_begun_is_no_way_to_another() {
    let mut desk = Desk::with(&[("PBX#15", 1)]);
    desk.sources[0].pool.order.term.from = Some(time(APRIL));
    desk.book(&[("PBX#30@15", 1), ("PBX#30", 1)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    assert_eq!(desk.refused(&[1], "PBX#30@15").reason(), Reason::WrongStep);
    let charge = desk.these(&[1], "PBX 30").unwrap();
    assert_eq!(said(&charge), ["PBX#30 1 from 1"]);
    assert_eq!(times(&charge), ["2026-11-21: PBX 30, video", "for ever"]);
}
