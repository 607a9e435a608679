//! Which codes can be charged.

use airlatch_core::model::Reason;
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, said};

#[test]
fn a_code_that_can_t_be_used_is_refused_by_name() {
    let mut desk = Desk::with(&[("voicemail", 5)]);
    desk.until(&[("voicemail", 5)], "2026-11-21T12:00:00Z");
    let place = |number: usize, desk: &Desk| {
        let error = desk.refused(&[number], "voicemail");
        assert_eq!(error.place(), Some(desk.sources[number].pool.code.to_string().as_str()));
        error
    };
    let error = place(1, &desk);
    assert_eq!(error.reason(), Reason::Expired);
    assert_eq!(error.message(), "the term of this code ended at 2026-11-21T12:00:00Z");
    desk.sources[0].pool.cancelled = true;
    assert_eq!(place(0, &desk).reason(), Reason::Cancelled);
    desk.sources[0].pool.order.product = "phone".into();
    let error = place(0, &desk);
    assert_eq!(error.reason(), Reason::WrongProduct);
    assert_eq!(error.details(), ["asked for  pbx", "code       phone"]);
    assert_eq!(desk.offers(&[0]).unwrap_err().reason(), Reason::WrongProduct);
}

/// A length starts with the first activation of the unit, so each unit has its own term.
#[test]
fn a_length_that_began_long_ago_is_over() {
    let mut desk = Desk::new();
    desk.book(&[("voicemail", 5)], GrantEnd::For("1 year".into()));
    desk.these(&[0], "voicemail").unwrap();
    desk.now = desk.now.plus_days(366);
    let error = desk.refused(&[0], "voicemail");
    assert_eq!(error.reason(), Reason::Expired);
    assert_eq!(error.message(), "the term of this code ended at 2027-11-22T00:00:00Z");
    desk.sources[0].held.clear();
    desk.sources[0].since = None;
    assert_eq!(said(&desk.these(&[0], "voicemail").unwrap()), ["voicemail 1 from 0"]);
}

#[test]
fn other_codes_that_are_over_or_for_another_product_are_left_out() {
    let mut desk = Desk::with(&[("sessions", 50)]);
    desk.until(&[("sessions", 50)], "2026-12-01T00:00:00Z");
    desk.book(&[("sessions", 50)], GrantEnd::Permanent);
    desk.these(&[1], "sessions 50").unwrap();
    desk.these(&[2], "sessions 50").unwrap();
    desk.sources[2].pool.order.product = "phone".into();
    assert_eq!(desk.ask(&[0], &Wanted::All).unwrap().features.to_string(), "sessions 100, video");
    desk.now = desk.now.plus_seconds(10 * 86_400);
    assert_eq!(desk.ask(&[0], &Wanted::All).unwrap().features.to_string(), "sessions 50, video");
}

#[test]
fn a_code_that_was_cancelled_later_still_gives_what_was_taken() {
    let mut desk = Desk::with(&[("sessions", 50)]);
    desk.book(&[("sessions", 50)], GrantEnd::Permanent);
    desk.these(&[0], "sessions 50").unwrap();
    desk.sources[0].pool.cancelled = true;
    assert_eq!(desk.ask(&[1], &Wanted::All).unwrap().features.to_string(), "sessions 100, video");
}

#[test]
fn a_code_counts_once_however_often_it_is_named() {
    let desk = Desk::with(&[("sessions", 50)]);
    let charge = desk.ask(&[0, 0], &Wanted::All).unwrap();
    assert_eq!(said(&charge), ["sessions 50 from 0"]);
}

#[test]
fn without_a_code_the_license_says_what_the_unit_holds() {
    let mut desk = Desk::with(&[("sessions", 50)]);
    assert_eq!(desk.ask(&[], &Wanted::Unspecified).unwrap_err().reason(), Reason::NotBooked);
    desk.these(&[0], "sessions 20").unwrap();
    let charge = desk.ask(&[], &Wanted::Unspecified).unwrap();
    assert!(charge.charged.is_empty());
    assert_eq!(charge.features.to_string(), "sessions 20, video");
}
