//! A catalog that no longer sells what a unit holds: the unit keeps it, and everything else can still be charged.

use airlatch_core::model::{Features, Reason};
use airlatch_desk::catalog::FeatureKind;

use super::scene::{Desk, features, said, time, times};

#[test]
fn a_feature_that_left_the_catalog_stays_on_the_unit() {
    let mut desk = Desk::with(&[("sessions", 100), ("voicemail", 1), ("conference", 1)]);
    desk.these(&[0], "sessions 80, conference").unwrap();
    desk.product.features.retain(|rule| !["sessions", "conference"].contains(&rule.name.as_str()));
    let charge = desk.these(&[0], "voicemail").unwrap();
    assert_eq!(said(&charge), ["voicemail 1 from 0"]);
    assert_eq!(charge.features, features("sessions 80, conference, voicemail, video"));
    let kept = |name: &str| format!("`{name}` is no longer in the catalog: the unit keeps what it has");
    assert_eq!(charge.notes, [kept("conference"), kept("sessions")]);
    // It is kept, not sold.
    assert_eq!(desk.refused(&[0], "sessions 81").reason(), Reason::NotSold);
}

/// The unit also keeps what came from a code that is not named now.
#[test]
fn a_feature_of_another_code_blocks_nothing() {
    let mut desk = Desk::with(&[("sessions", 100)]);
    desk.these(&[0], "sessions 80").unwrap();
    desk.until(&[("voicemail", 1)], "2027-06-01T00:00:00Z");
    desk.product.features.remove(2);
    let charge = desk.these(&[1], "voicemail").unwrap();
    assert_eq!(charge.features, features("sessions 80, voicemail, video"));
    assert_eq!(charge.after[0].features, features("sessions 80, video"));
}

/// A level keeps what was signed, and what it bounds with it.
#[test]
fn a_step_that_left_the_catalog_keeps_its_level() {
    let mut desk = Desk::with(&[("PBX#15", 1), ("registrations", 20), ("voicemail", 1)]);
    desk.these(&[0], "PBX#15, registrations 12").unwrap();
    desk.product.features[0].kind = FeatureKind::Level { bases: [30].into(), upgrades: [(30, 60)].into() };
    let charge = desk.these(&[0], "voicemail").unwrap();
    assert_eq!(charge.features, features("PBX 15, registrations 12, voicemail, video"));
}

/// Without a license that says how much it was, it can't be signed.
#[test]
fn what_no_license_says_is_left_out() {
    let mut desk = Desk::with(&[("sessions", 100), ("voicemail", 1)]);
    desk.these(&[0], "sessions 80").unwrap();
    (desk.signed, desk.previous) = (Features::default(), None);
    desk.product.features.remove(2);
    let charge = desk.these(&[0], "voicemail").unwrap();
    assert_eq!(charge.features, features("voicemail, video"));
    let note = "`sessions` is neither in the catalog nor in the previous license: it is left out";
    assert_eq!(charge.notes, [note]);
}

/// Also what begins later, and a level as the license says it for each period.
#[test]
fn what_the_license_says_of_later_periods_stays() {
    let mut desk = Desk::with(&[("voicemail", 1), ("PBX#15", 1)]);
    desk.these(&[0], "PBX#15, voicemail").unwrap();
    let higher = desk.until(&[("PBX#30", 1)], "2027-03-01T00:00:00Z");
    desk.these(&[higher], "PBX#30").unwrap();
    let later = desk.until(&[("sessions", 10)], "2028-01-01T00:00:00Z");
    desk.sources[later].pool.order.term.from = Some(time("2027-06-01T00:00:00Z"));
    let before = desk.these(&[later], "sessions 10").unwrap();
    desk.product.features.retain(|rule| !["sessions", "PBX"].contains(&rule.name.as_str()));
    desk.product.features.retain(|rule| rule.name.as_str() != "registrations");
    let after = desk.these(&[0], "voicemail").unwrap();
    assert_eq!(times(&after), times(&before));
    assert_eq!(times(&after)[1], "2027-03-01: PBX 15, video, voicemail");
    assert_eq!(times(&after)[2], "2027-06-01: PBX 15, sessions 10, video, voicemail");
}

#[test]
fn a_lowered_count_that_left_the_catalog_stays_lowered() {
    let mut desk = Desk::with(&[("sessions", 40), ("voicemail", 1)]);
    desk.these(&[0], "sessions 40").unwrap();
    desk.these(&[0], "sessions 2").unwrap();
    desk.product.features.retain(|rule| rule.name.as_str() != "sessions");
    assert_eq!(desk.these(&[0], "voicemail").unwrap().features, features("sessions 2, voicemail, video"));
}
