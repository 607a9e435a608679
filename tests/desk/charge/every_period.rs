//! Rules hold in every period of what is signed: what depends on something begins and ends with it.

use airlatch_core::model::Reason;
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::Wanted;

use super::scene::{Desk, said, time, times};

/// A base that begins later, its upgrade held since today: nothing is valid before the base.
#[test]
fn an_upgrade_without_its_base_is_not_licensed_before_the_base_begins() {
    let mut desk = Desk::with(&[("PBX#30@15", 1)]);
    desk.book(&[("PBX#15", 1), ("voicemail", 1)], GrantEnd::Permanent);
    desk.sources[1].pool.order.term.from = Some(time("2027-06-01T00:00:00Z"));
    desk.model = Some("IP24");
    desk.sources[0].held.insert("PBX#30@15".parse().unwrap(), 1);
    desk.sources[0].since = Some(desk.now);
    let charge = desk.these(&[1], "PBX#15").unwrap();
    assert_eq!(times(&charge), ["2027-06-01: PBX 30", "for ever"]);
    assert_eq!(charge.notes, ["nothing is licensed before 2027-06-01T00:00:00Z"]);
}

/// What is bought today is valid from today on, not since something older was.
#[test]
fn a_license_begins_when_all_of_it_was_bought() {
    let mut desk = Desk::with(&[("sessions", 10)]);
    desk.these(&[0], "sessions 10").unwrap();
    desk.now = time("2027-03-01T09:00:00Z");
    desk.book(&[("voicemail", 1)], GrantEnd::Permanent);
    let charge = desk.these(&[1], "voicemail").unwrap();
    assert_eq!(times(&charge), ["2027-03-01: sessions 10, video, voicemail", "for ever"]);
    // Issued again a year later it is the same.
    desk.now = time("2028-03-01T09:00:00Z");
    assert_eq!(desk.these(&[1], "voicemail").unwrap().term, charge.term);
}

#[test]
fn what_is_bounded_ends_with_its_bound() {
    let mut desk = Desk::new();
    desk.until(&[("PBX#15", 1)], "2027-01-01T00:00:00Z");
    desk.book(&[("registrations", 10)], GrantEnd::Permanent);
    desk.these(&[0], "PBX#15").unwrap();
    let charge = desk.these(&[1], "registrations 10").unwrap();
    assert_eq!(
        times(&charge),
        ["2026-11-21: PBX 15, registrations 10, video", "2027-01-01: video", "for ever"]
    );
    let note = "`registrations` is not licensed from 2027-01-01T00:00:00Z: it needs `PBX`";
    assert!(charge.notes.contains(&note.to_owned()), "{:?}", charge.notes);
}

#[test]
fn what_requires_something_begins_with_it() {
    let mut desk = Desk::new();
    desk.until(&[("groupware", 1)], "2028-01-01T00:00:00Z");
    desk.sources[0].pool.order.term.from = Some(time("2027-01-01T00:00:00Z"));
    desk.book(&[("fax", 1)], GrantEnd::Permanent);
    desk.these(&[0], "groupware").unwrap();
    let charge = desk.these(&[1], "fax").unwrap();
    let found = ["2026-11-21: video", "2027-01-01: fax, groupware, video", "2028-01-01: video", "for ever"];
    assert_eq!(times(&charge), found);
    let error = desk.refused(&[1], "fax 2");
    assert_eq!(error.reason(), Reason::OverLimit);
}

/// The amounts of two codes that are never in force at one time bound nothing together.
#[test]
fn a_bound_counts_what_is_there_at_one_time() {
    let mut desk = Desk::new();
    desk.product.features[1].bounded_by = Some("sessions".parse().unwrap());
    desk.until(&[("sessions", 10)], "2027-01-01T00:00:00Z");
    desk.book(&[("sessions", 10)], GrantEnd::Permanent);
    desk.sources[1].pool.order.term.from = Some(time("2027-01-01T00:00:00Z"));
    desk.book(&[("registrations", 20)], GrantEnd::Permanent);
    desk.these(&[0], "sessions 10").unwrap();
    desk.these(&[1], "sessions 10").unwrap();
    let error = desk.refused(&[2], "registrations 20");
    assert_eq!(error.reason(), Reason::OverLimit);
    assert_eq!(error.details(), ["wanted   20", "at most  10"]);
    assert_eq!(said(&desk.these(&[2], "registrations 10").unwrap()), ["registrations 10 from 2"]);
}

/// The rule holds for what is signed: a bound that is lowered takes along what it bounds, and is said to.
#[test]
fn a_bound_that_is_lowered_lowers_what_it_bounds() {
    let mut desk = Desk::with(&[("sessions", 50), ("registrations", 50)]);
    desk.product.features[1].bounded_by = Some("sessions".parse().unwrap());
    desk.these(&[0], "sessions 50, registrations 50").unwrap();
    let charge = desk.these(&[0], "sessions 1").unwrap();
    assert_eq!(times(&charge), ["2026-11-21: registrations 1, sessions 1, video", "for ever"]);
    let note = "`registrations` is 1 instead of 50 from 2026-11-21T00:00:00Z: `sessions` bounds it";
    assert_eq!(charge.notes, [note]);
    let mut fresh = Desk::with(&[("sessions", 10), ("registrations", 10)]);
    fresh.product.features[1].bounded_by = Some("sessions".parse().unwrap());
    fresh.these(&[0], "sessions 10").unwrap();
    assert_eq!(fresh.refused(&[0], "sessions 1, registrations 10").reason(), Reason::OverLimit);
}

/// Twice is twice at one time, whichever came first.
#[test]
fn what_can_not_be_had_twice_comes_from_one_code_at_a_time() {
    let end = "2027-04-01T00:00:00Z";
    let book = |first_ends: bool| {
        let mut desk = Desk::new();
        if first_ends {
            desk.until(&[("conference", 1)], end)
        } else {
            desk.book(&[("conference", 1)], GrantEnd::Permanent)
        };
        if first_ends {
            desk.book(&[("conference", 1)], GrantEnd::Permanent)
        } else {
            desk.until(&[("conference", 1)], end)
        };
        desk.these(&[0], "conference").unwrap();
        desk
    };
    for first_ends in [true, false] {
        let mut desk = book(first_ends);
        assert_eq!(desk.refused(&[1], "conference").reason(), Reason::AlreadyHeld, "{first_ends}");
        desk.sources[1].pool.order.term.from = Some(time(end));
        let follows_on = desk.ask(&[1], &airlatch_desk::charge::Wanted::All);
        assert_eq!(follows_on.is_ok(), first_ends, "{first_ends}: {follows_on:?}");
    }
}

/// A catalog that is stricter than it was takes nothing away that was paid for.
#[test]
fn what_broke_a_rule_before_stays() {
    let mut desk = Desk::with(&[("sessions", 5), ("voicemail", 1)]);
    desk.these(&[0], "sessions 5").unwrap();
    desk.product.features[2].requires = vec!["uc".parse().unwrap()];
    let charge = desk.these(&[0], "voicemail").unwrap();
    assert_eq!(times(&charge), ["2026-11-21: sessions 5, video, voicemail", "for ever"]);
}

/// What it would be charged has to be there whole in a period of its own code: one of another code doesn't count.
#[test]
fn what_is_useless_in_its_own_term_stays_on_the_code() {
    let mut desk = Desk::new();
    let first = desk.until(&[("groupware", 1), ("fax", 1), ("PBX#30", 1)], "2027-02-01T00:00:00Z");
    desk.these(&[first], "groupware, fax, PBX#30").unwrap();
    let then = desk.book(&[("fax", 1), ("PBX#15", 1), ("registrations", 20)], GrantEnd::Permanent);
    desk.sources[then].pool.order.term.from = Some(time("2027-02-01T00:00:00Z"));
    assert_eq!(desk.refused(&[then], "fax").reason(), Reason::NeedsFeature);
    let charge = desk.ask(&[then], &Wanted::All).unwrap();
    assert_eq!(said(&charge), ["PBX#15 1 from 1", "registrations 15 from 1"]);
    assert!(charge.notes.iter().any(|note| note.starts_with("`fax` stays on the code: `fax` requires")));
    assert!(charge.notes.iter().any(|note| note.starts_with("5 of `registrations` stay on the code")));
}

/// Of two codes, everything takes a count that can't be had twice from the first.
#[test]
fn what_can_not_be_had_twice_is_taken_from_the_first_code() {
    let mut desk = Desk::with(&[("sessions", 3)]);
    desk.book(&[("sessions", 4)], GrantEnd::Permanent);
    desk.product.features[2].not_twice = true;
    for (codes, charged) in [([0, 1], "sessions 3 from 0"), ([1, 0], "sessions 4 from 1")] {
        assert_eq!(said(&desk.ask(&codes, &Wanted::All).unwrap()), [charged]);
    }
}
