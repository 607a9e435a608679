//! What is charged: only what the unit doesn't hold, from the codes in the order given, and overdraft only on request.

use airlatch_core::model::Reason;
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, features, name, said, time};

#[test]
fn only_what_is_new_is_charged() {
    let mut desk = Desk::with(&[("sessions", 120)]);
    let mut paid = Vec::new();
    for wanted in [100, 100, 60, 120, 100, 120] {
        let charge = desk.these(&[0], &format!("sessions {wanted}")).unwrap();
        assert_eq!(charge.features, features(&format!("sessions {wanted}, video")));
        paid.push(charge.charged.iter().map(|take| take.quantity).sum::<u64>());
    }
    assert_eq!(paid, [100, 0, 0, 20, 0, 0]);
    assert_eq!(desk.sources[0].pool.left.get(&name("sessions")), None);
    let error = desk.refused(&[0], "sessions 121");
    assert_eq!(error.reason(), Reason::ShortPool);
    assert_eq!(error.details(), ["wanted   121", "held     120", "left     0", "at most  120"]);
}

#[test]
fn above_what_the_code_supports_is_refused_with_the_numbers() {
    let mut desk = Desk::with(&[("sessions", 120), ("voicemail", 1)]);
    desk.these(&[0], "sessions 50").unwrap();
    let error = desk.refused(&[0], "sessions 130");
    assert_eq!(error.reason(), Reason::ShortPool);
    assert_eq!(error.details(), ["wanted   130", "held     50", "left     70", "at most  120"]);
    let error = desk.refused(&[0], "groupware");
    assert_eq!(
        (error.reason(), error.message()),
        (Reason::ShortPool, "none of `groupware` is left on the code")
    );
    assert_eq!(desk.refused(&[0], "sessions").reason(), Reason::QuantityNeeded);
    let error = desk.refused(&[0], "voicmail");
    assert_eq!(error.reason(), Reason::NotSold);
    assert!(error.message().contains("did you mean `voicemail`?"), "{error}");
    assert_eq!(desk.refused(&[0], "voicemail 2").reason(), Reason::OverLimit);
    assert_eq!(said(&desk.these(&[0], "voicemail 1").unwrap()), ["voicemail 1 from 0"]);
}

#[test]
fn codes_are_used_in_the_order_named_and_other_codes_add_up() {
    let mut desk = Desk::with(&[("sessions", 60)]);
    desk.book(&[("sessions", 50), ("voicemail", 1)], GrantEnd::Permanent);
    desk.book(&[("sessions", 70)], GrantEnd::Permanent);
    let charge = desk.these(&[0], "sessions 40").unwrap();
    assert_eq!(said(&charge), ["sessions 40 from 0"]);
    let charge = desk.these(&[1, 0], "sessions 95, voicemail").unwrap();
    assert_eq!(said(&charge), ["sessions 50 from 1", "voicemail 1 from 1", "sessions 5 from 0"]);
    assert_eq!(charge.features, features("sessions 95, voicemail, video"));
    // 95 from the other two codes, and 30 from this one.
    let charge = desk.these(&[2], "sessions 30").unwrap();
    assert_eq!(said(&charge), ["sessions 30 from 2"]);
    assert_eq!(charge.features, features("sessions 125, voicemail, video"));
    // Reducing the count from the first two codes doesn't affect the third.
    let charge = desk.these(&[0, 1], "sessions 60").unwrap();
    assert!(charge.charged.is_empty());
    assert_eq!(charge.features, features("sessions 90, voicemail, video"));
}

#[test]
fn a_switch_is_charged_once_unless_the_new_code_lasts_longer() {
    let mut desk = Desk::new();
    desk.until(&[("voicemail", 5)], "2028-01-01T00:00:00Z");
    desk.until(&[("voicemail", 5)], "2027-01-01T00:00:00Z");
    desk.until(&[("voicemail", 5)], "2029-01-01T00:00:00Z");
    assert_eq!(said(&desk.these(&[0], "voicemail").unwrap()), ["voicemail 1 from 0"]);
    assert!(desk.these(&[0], "voicemail").unwrap().charged.is_empty());
    let charge = desk.these(&[1], "voicemail").unwrap();
    assert!(charge.charged.is_empty());
    assert!(
        charge.notes[0].starts_with("`voicemail` is not charged again: held from "),
        "{:?}",
        charge.notes
    );
    assert_eq!(said(&desk.these(&[2], "voicemail").unwrap()), ["voicemail 1 from 2"]);
    // A code that begins later would leave a gap.
    desk.sources[0].held.clear();
    desk.sources[2].pool.order.term.from = Some(time("2027-01-01T00:00:00Z"));
    assert_eq!(
        said(&desk.ask(&[1], &Wanted::Features(&features("voicemail"))).unwrap()),
        ["voicemail 1 from 1"]
    );
    // A code that begins after the new one, but not after today, leaves no gap.
    desk.sources[2].pool.order.term.from = Some(time("2026-11-01T00:00:00Z"));
    desk.sources[1].pool.order.term.from = Some(time("2025-01-01T00:00:00Z"));
    assert!(desk.these(&[1], "voicemail").unwrap().charged.is_empty());
}

#[test]
fn a_switch_that_codes_give_in_turn_is_not_charged_again() {
    let mut desk = Desk::new();
    for end in ["2027-06-01T00:00:00Z", "2028-06-01T00:00:00Z", "2028-01-01T00:00:00Z"] {
        desk.until(&[("voicemail", 5)], end);
    }
    desk.sources[1].pool.order.term.from = Some(time("2027-03-01T00:00:00Z"));
    desk.these(&[0], "voicemail").unwrap();
    desk.these(&[1], "voicemail").unwrap();
    let ask = |desk: &Desk| desk.ask(&[2], &Wanted::Features(&features("voicemail"))).unwrap();
    let charge = ask(&desk);
    assert!(
        charge.charged.is_empty() && charge.notes[0].ends_with("until 2028-06-01T00:00:00Z"),
        "{charge:?}"
    );
    // With a gap of a day between the two it is.
    desk.sources[1].pool.order.term.from = Some(time("2027-06-02T00:00:00Z"));
    assert_eq!(said(&ask(&desk)), ["voicemail 1 from 2"]);
}

#[test]
fn what_can_t_be_had_twice_is_refused() {
    let mut desk = Desk::with(&[("conference", 2)]);
    desk.book(&[("conference", 2), ("voicemail", 1)], GrantEnd::Permanent);
    desk.these(&[0], "conference").unwrap();
    assert!(desk.these(&[0], "conference").unwrap().charged.is_empty());
    assert_eq!(desk.refused(&[1], "conference").reason(), Reason::AlreadyHeld);
    let charge = desk.ask(&[1], &Wanted::All).unwrap();
    assert_eq!(said(&charge), ["voicemail 1 from 1"]);
    assert!(charge.notes[0].starts_with("`conference` stays on the code: "), "{:?}", charge.notes);
}

#[test]
fn a_free_feature_is_licensed_and_not_charged() {
    let mut desk = Desk::with(&[("video", 3)]);
    let charge = desk.ask(&[0], &Wanted::Features(&features("video"))).unwrap();
    assert!(charge.charged.is_empty());
    assert_eq!(charge.features, features("video"));
    assert_eq!(charge.notes, ["`video` is not charged: model IP800 has it without a license"]);
    assert_eq!(desk.ask(&[0], &Wanted::All).unwrap(), charge);
    assert_eq!(desk.ask(&[0], &Wanted::PerUnit(1)).unwrap(), charge);
    desk.model = Some("IP24");
    assert_eq!(said(&desk.these(&[0], "video").unwrap()), ["video 1 from 0"]);
}

#[test]
fn overdraft_only_on_request_and_within_the_order() {
    let mut desk = Desk::with(&[("sessions", 59)]);
    desk.sources[0].pool.order.overdraft = 10;
    desk.these(&[0], "sessions 50").unwrap();
    let error = desk.refused(&[0], "sessions 62");
    assert_eq!(error.reason(), Reason::ShortPool);
    let rows =
        ["wanted     62", "held       50", "left       9", "at most    59", "overdraft  5, not asked for"];
    assert_eq!(error.details(), rows);
    desk.may_overdraw = true;
    let charge = desk.these(&[0], "sessions 62").unwrap();
    assert_eq!(said(&charge), ["sessions 12 from 0, 3 beyond"]);
    assert!(charge.notes[0].starts_with("3 of `sessions` are overdraft, to be invoiced: "));
    assert!(desk.these(&[0], "sessions 62").unwrap().charged.is_empty());
    assert_eq!(
        desk.refused(&[0], "sessions 65").details()[3..],
        ["at most    64", "overdraft  2, counted in"]
    );
    assert_eq!(said(&desk.these(&[0], "sessions 64").unwrap()), ["sessions 2 from 0, 2 beyond"]);
    // `Wanted::All` takes what is left, never overdraft.
    assert!(desk.ask(&[0], &Wanted::All).unwrap().charged.is_empty());
}

#[test]
fn overdraft_comes_after_what_is_left_on_all_codes() {
    let mut desk = Desk::with(&[("sessions", 10)]);
    desk.book(&[("sessions", 10)], GrantEnd::Permanent);
    desk.sources.iter_mut().for_each(|source| source.pool.order.overdraft = 50);
    desk.may_overdraw = true;
    let charge = desk.these(&[0, 1], "sessions 22").unwrap();
    assert_eq!(said(&charge), ["sessions 12 from 0, 2 beyond", "sessions 10 from 1"]);
}
