//! What a reversal must not do: begin a term anew, free a seat that may be in use, or go by a wrong clock.

use airlatch_core::model::{Reason, Result};
use airlatch_desk::desk::{self, ClockPolicy, PlannedReversal};
use airlatch_desk::ledger::{Act, Book, Ledger, Query};

use super::returned::{FIRST, LATER, ask, at, back, lasts, over, returned, year};
use crate::scene::time;
use crate::seats_desk::{Desk, code, lines, order, shop};

fn reverse(desk: &mut Desk, number: u64) -> Result<PlannedReversal> {
    desk.work(|operator, book| desk::reverse(operator, book, number, "a mistake"))
}

/// The number of the last entry with this act.
fn last(desk: &Desk, act: &'static str) -> u64 {
    let query = Query { acts: vec![act], backwards: true, limit: 1, ..Query::default() };
    desk.ledger.read(|book| book.entries(&query)).unwrap()[0].number
}

#[test]
fn a_reversed_cancellation_makes_nothing_fresh() {
    // 30 of 50 were never used, 20 came back.
    let mut desk = returned();
    desk.work(|operator, book| desk::cancel(operator, book, code(1), None)).unwrap();
    let number = last(&desk, "cancelled");
    assert_eq!(reverse(&mut desk, number).unwrap().transfers[0].quantity, 50);
    let fresh = ask(&mut desk, 2, "sessions 30").unwrap();
    lasts(&fresh, LATER, "2028-09-01T00:00:00Z");
    let old = ask(&mut desk, 3, "sessions 20").unwrap();
    lasts(&old, FIRST, "2027-11-22T00:00:00Z");
}

#[test]
fn a_passing_on_is_not_reversed_when_something_came_back_to_it() {
    let mut desk = year(&[("sessions", 50)], 0);
    let part = lines(&[("sessions", 20)]);
    desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(2), &part, &shop())).unwrap();
    let number = last(&desk, "passed");
    let held = super::returned::ask_of(&mut desk, 1, &[2], "sessions 5").unwrap();
    assert_eq!(
        desk.work(|operator, book| desk::plan_reversal(operator, book, number, "x")).unwrap().remaining.used,
        lines(&[("sessions", 5)])
    );
    back(&mut desk, 1, &held);
    let error = reverse(&mut desk, number).unwrap_err();
    assert_eq!(error.reason(), Reason::NotReversible);
    assert!(error.details()[0].starts_with("entry 5  released"), "{:?}", error.details());
}

#[test]
fn a_seat_is_free_when_no_license_of_its_unit_can_be_valid() {
    let mut desk = year(&[("sessions", 50)], 0);
    ask(&mut desk, 1, "sessions 20").unwrap();
    let first = last(&desk, "activated");
    at(&mut desk, LATER);
    ask(&mut desk, 1, "sessions 30").unwrap();
    let second = last(&desk, "activated");
    assert_eq!(reverse(&mut desk, first).unwrap_err().reason(), Reason::NotReversible);
    for number in [second, first] {
        let done = reverse(&mut desk, number).unwrap();
        let license = done.license.unwrap();
        assert_eq!((done.transfers.len(), license.may_be_valid), (0, true));
        assert_eq!(license.held, lines(&[("sessions", 30)]));
        assert_eq!(reverse(&mut desk, number).unwrap_err().reason(), Reason::NotReversible);
    }
    over_limit(&mut desk, 2, "sessions 21");
    // Both ended on the same day, with the days of grace.
    let end = desk.work(|operator, book| desk::plan_reversal(operator, book, first, "x"));
    assert!(end.is_err());
    at(&mut desk, "2028-01-21T00:00:00Z");
    for (number, seats) in [(second, 10), (first, 20)] {
        assert_eq!(reverse(&mut desk, number).unwrap().transfers[0].quantity, seats);
        assert_eq!(reverse(&mut desk, number).unwrap_err().reason(), Reason::NotReversible);
    }
    // Back on the code, their term is over; the others are fresh.
    lasts(&ask(&mut desk, 2, "sessions 20").unwrap(), "2028-01-21T00:00:00Z", "2029-01-21T00:00:00Z");
    over(ask(&mut desk, 3, "sessions 1"));
}

fn over_limit(desk: &mut Desk, host: u8, what: &str) {
    assert_eq!(ask(desk, host, what).unwrap_err().reason(), Reason::ShortPool);
}

fn clock<T>(
    desk: &mut Desk,
    clock: ClockPolicy<'_>,
    work: impl FnOnce(&desk::Operator<'_>, &mut dyn Book) -> Result<T>,
) -> Result<T> {
    desk.work(|operator, book| work(&desk::Operator { clock, ..*operator }, book))
}

#[test]
fn a_clock_far_from_the_last_entry_books_nothing_unasked() {
    let mut desk = year(&[("sessions", 50)], 0);
    let cancel =
        |operator: &desk::Operator<'_>, book: &mut dyn Book| desk::cancel(operator, book, code(1), None);
    let unasked = ClockPolicy::default();
    at(&mut desk, "2027-09-17T12:00:00Z");
    assert!(clock(&mut desk, unasked, |operator, book| desk::plan_reversal(operator, book, 2, "x")).is_ok());
    at(&mut desk, "2027-09-17T12:00:01Z");
    assert_eq!(clock(&mut desk, unasked, cancel).unwrap_err().reason(), Reason::ClockAhead);
    at(&mut desk, "2035-01-01T00:00:00Z");
    clock(&mut desk, ClockPolicy { is_right: true, ..unasked }, cancel).unwrap();

    at(&mut desk, "2026-11-22T00:00:00Z");
    let number = last(&desk, "cancelled");
    let reverse =
        |operator: &desk::Operator<'_>, book: &mut dyn Book| desk::reverse(operator, book, number, "x");
    assert_eq!(clock(&mut desk, unasked, reverse).unwrap_err().reason(), Reason::ClockRollback);
    let done = clock(&mut desk, ClockPolicy { override_because: Some("2035"), ..unasked }, reverse).unwrap();
    assert_eq!(done.booked, Some((5, time("2035-01-01T00:00:01Z"))));
    let entry =
        desk.ledger.read(|book| book.entries(&Query { after: 3, limit: 1, ..Query::default() })).unwrap();
    let said = Act::ClockOverride { clock: time("2026-11-22T00:00:00Z"), because: "2035".into() };
    assert_eq!((entry[0].number, &entry[0].act), (4, &said));

    // The term counts from the clock, not from the time of the ledger.
    lasts(&ask(&mut desk, 1, "sessions 5").unwrap(), "2026-11-22T00:00:00Z", "2027-11-22T00:00:00Z");
    at(&mut desk, "2027-03-01T00:00:00Z");
    lasts(&ask(&mut desk, 1, "sessions 6").unwrap(), "2026-11-22T00:00:00Z", "2027-11-22T00:00:00Z");
    // Where somebody booked ahead once more, it has to be said again.
    at(&mut desk, "2036-01-01T00:00:00Z");
    desk.book(2, order("SO-2", &[("sessions", 1)])).unwrap();
    at(&mut desk, "2027-03-02T00:00:00Z");
    assert_eq!(ask(&mut desk, 1, "sessions 8").unwrap_err().reason(), Reason::ClockRollback);
}
