//! Counts that were lowered stay so until they are stated anew.

use airlatch_desk::catalog::{GrantEnd, GrantTerm};
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, said, time, times};

const STAYS: &str = "`sessions` stays at 2 of the 20 held, as in the previous license";

/// A unit with 20 sessions of which the license shows 2.
fn lowered() -> Desk {
    let mut desk = Desk::with(&[("sessions", 30), ("voicemail", 1)]);
    desk.these(&[0], "sessions 20").unwrap();
    desk.these(&[0], "sessions 2").unwrap();
    desk
}

#[test]
fn another_article_leaves_a_lowered_count_as_it_is() {
    let mut desk = lowered();
    let charge = desk.these(&[0], "voicemail").unwrap();
    assert_eq!(times(&charge), ["2026-11-21: sessions 2, video, voicemail", "for ever"]);
    assert_eq!(charge.notes, [STAYS]);
    let charge = desk.charge(&[0], &Wanted::Unspecified).unwrap();
    assert_eq!(charge.features.to_string(), "sessions 2, video, voicemail");
    // From another code as well.
    desk.book(&[("groupware", 1)], GrantEnd::Permanent);
    let charge = desk.these(&[1], "groupware").unwrap();
    assert_eq!(charge.features.to_string(), "groupware, sessions 2, video, voicemail");
}

#[test]
fn a_count_that_is_stated_anew_changes_with_a_note() {
    let mut desk = lowered();
    let charge = desk.these(&[0], "sessions 20").unwrap();
    assert_eq!((said(&charge).len(), charge.features.to_string().as_str()), (0, "sessions 20, video"));
    assert_eq!(charge.notes, ["`sessions` was lowered to 2 in the previous license, and is 20 now"]);
    assert_eq!(desk.these(&[0], "voicemail").unwrap().notes, [""; 0]);
    let charge = lowered().ask(&[0], &Wanted::All).unwrap();
    assert_eq!(charge.features.to_string(), "sessions 30, video, voicemail");
}

/// A license doesn't say of which code it shows less, and what was paid for must not be lost unseen.
#[test]
fn stated_for_another_code_the_count_is_whole_again_with_a_note() {
    let mut desk = lowered();
    desk.book(&[("sessions", 5)], GrantEnd::Permanent);
    let charge = desk.these(&[1], "sessions 5").unwrap();
    assert_eq!(charge.features.to_string(), "sessions 25, video");
    assert_eq!(charge.notes, ["`sessions` was lowered to 2 in the previous license, and is 25 now"]);
    assert_eq!(desk.these(&[1], "sessions 5").unwrap().features, charge.features);
}

/// What begins or ends, is renewed or bounded is no choice.
#[test]
fn only_what_was_chosen_stays_low() {
    let mut desk = Desk::new();
    desk.until(&[("sessions", 10)], "2027-01-01T00:00:00Z");
    desk.until(&[("sessions", 10), ("voicemail", 1)], "2027-02-01T00:00:00Z");
    desk.these(&[0], "sessions 10").unwrap();
    desk.these(&[1], "sessions 10").unwrap();
    desk.now = time("2027-03-01T00:00:00Z");
    let permanent = GrantTerm { from: None, end: GrantEnd::Permanent };
    (0..2).for_each(|number| desk.renew(number, permanent.clone()));
    let charge = desk.these(&[1], "voicemail").unwrap();
    assert_eq!(charge.features.to_string(), "sessions 20, video, voicemail");
    let mut desk = Desk::with(&[("sessions", 10), ("voicemail", 1), ("groupware", 1)]);
    desk.book(&[("sessions", 20)], GrantEnd::Permanent);
    desk.sources[1].pool.order.term.from = Some(time("2027-06-01T00:00:00Z"));
    desk.these(&[0], "sessions 10").unwrap();
    desk.these(&[1], "sessions 20").unwrap();
    desk.these(&[0], "sessions 4").unwrap();
    let charge = desk.these(&[0], "voicemail").unwrap();
    let found =
        ["2026-11-21: sessions 4, video, voicemail", "2027-06-01: sessions 24, video, voicemail", "for ever"];
    assert_eq!(times(&charge), found);
}

/// Also while something else is licensed before it begins, and beside a code that ends.
#[test]
fn a_lowered_count_stays_so_in_every_period() {
    let mut desk = Desk::with(&[("sessions", 10)]);
    desk.sources[0].pool.order.term.from = Some(time("2027-02-01T00:00:00Z"));
    desk.book(&[("voicemail", 1)], GrantEnd::Permanent);
    desk.these(&[0], "sessions 10").unwrap();
    desk.these(&[0], "sessions 4").unwrap();
    let found = ["2026-11-21: video, voicemail", "2027-02-01: sessions 4, video, voicemail", "for ever"];
    for _ in 0..2 {
        assert_eq!(times(&desk.these(&[1], "voicemail").unwrap()), found);
    }
    let mut desk = Desk::with(&[("sessions", 10), ("voicemail", 1)]);
    desk.until(&[("sessions", 5)], "2027-02-01T00:00:00Z");
    desk.these(&[0], "sessions 10").unwrap();
    desk.these(&[1], "sessions 5").unwrap();
    desk.these(&[0], "sessions 4").unwrap();
    let charge = desk.these(&[0], "voicemail").unwrap();
    let found =
        ["2026-11-21: sessions 9, video, voicemail", "2027-02-01: sessions 4, video, voicemail", "for ever"];
    assert_eq!(times(&charge), found);
}

/// What begins earlier by a renewal comes in full, and what ended stays lowered when it is renewed.
#[test]
fn a_renewal_neither_lowers_a_count_nor_raises_it() {
    let until = |end: &str| GrantTerm { from: None, end: GrantEnd::Until(time(end)) };
    let mut desk = Desk::with(&[("sessions", 10), ("voicemail", 1)]);
    desk.book(&[("sessions", 5)], GrantEnd::Permanent);
    desk.sources[1].pool.order.term.from = Some(time("2027-06-01T00:00:00Z"));
    desk.these(&[0], "sessions 10").unwrap();
    desk.these(&[1], "sessions 5").unwrap();
    desk.renew(1, until("2028-01-01T00:00:00Z"));
    let charge = desk.these(&[0], "voicemail").unwrap();
    assert_eq!(charge.features.to_string(), "sessions 15, video, voicemail");
    let mut desk = lowered();
    desk.renew(0, until("2027-06-01T00:00:00Z"));
    desk.these(&[0], "voicemail").unwrap();
    desk.now = time("2027-07-01T00:00:00Z");
    desk.renew(0, until("2028-06-01T00:00:00Z"));
    desk.book(&[("groupware", 1)], GrantEnd::Permanent);
    let charge = desk.these(&[1], "groupware").unwrap();
    assert_eq!(charge.features.to_string(), "groupware, sessions 2, video, voicemail");
}

/// A count that its bound cut was not chosen to be low: with the bound it comes back.
#[test]
fn what_a_bound_cut_comes_back_with_it() {
    let mut desk = Desk::with(&[("sessions", 50), ("registrations", 50)]);
    desk.product.features[1].bounded_by = Some("sessions".parse().unwrap());
    desk.these(&[0], "sessions 50, registrations 50").unwrap();
    desk.these(&[0], "sessions 1").unwrap();
    let charge = desk.these(&[0], "sessions 50").unwrap();
    assert_eq!(charge.features.to_string(), "registrations 50, sessions 50, video");
}
