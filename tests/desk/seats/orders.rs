//! Orders: similar numbers, unusual quantities, and extreme terms.

use airlatch_core::model::Reason;
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk;

use crate::scene::{mac, time};
use crate::seats_desk::{Desk, code, lines, order, requested, shop, some, term};

#[test]
fn a_quantity_of_zero_cannot_be_passed_on() {
    let mut desk = Desk::with(&[&[("sessions", 10)]]);
    let none = lines(&[("sessions", 0)]);
    let done = desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(2), &none, &shop()));
    assert_eq!(done.unwrap_err().reason(), Reason::BadField);
}

/// If random numbers repeat, two orders must not share a code.
#[test]
fn a_code_is_given_out_once() {
    let mut desk = Desk::with(&[&[("sessions", 10)], &[("sessions", 20)]]);
    let some = lines(&[("sessions", 1)]);
    for to in [1, 2] {
        let done =
            desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(to), &some, &shop()));
        assert_eq!(done.unwrap_err().reason(), Reason::Internal);
    }
    assert_eq!(desk.book(2, order("SO-3", &[("sessions", 5)])).unwrap_err().reason(), Reason::Internal);
    assert_eq!((desk.left(1, "sessions"), desk.left(2, "sessions")), (10, 20));
}

/// An order booked twice, once by a program and once by hand.
#[test]
fn a_number_written_another_way_is_no_other_order() {
    let mut desk = Desk::new();
    let bought = [("sessions", 10)];
    desk.book(1, order("SO-1/\u{e4}B", &bought)).unwrap();
    // On some systems the mark of the letter is a character of its own.
    for same in ["SO-1/\u{e4}B", "SO-1/a\u{308}B"] {
        assert!(desk.book(2, order(same, &bought)).unwrap().already, "{same}");
    }
    for twin in ["so-1/\u{e4}b", "SO-1/\u{c4}B"] {
        let error = desk.book(2, order(twin, &bought)).unwrap_err();
        assert_eq!(error.reason(), Reason::OrderDiffers, "{twin}");
        assert!(error.message().contains("booked as `SO-1/\u{e4}B`"), "{error}");
    }
    let code = code(9).to_string();
    let bad = [
        "",
        " SO-2",
        "SO-2 ",
        "SO  2",
        "SO\u{a0}2",
        "SO\u{200b}2",
        "SO-1/x\u{301}B",
        "SO-\u{ff12}",
        "SO\t2",
        &code,
    ];
    for bad in bad {
        let error = desk.book(2, order(bad, &bought)).unwrap_err();
        assert_eq!((error.reason(), error.place()), (Reason::BadField, Some("number")), "{bad:?}");
    }
    for (at, good) in ["4711", "SO 2", "2026/114-B (2)", "#1", "Auftrag \u{fc}ber 5"].iter().enumerate() {
        assert!(!desk.book(at as u8 + 50, order(good, &bought)).unwrap().already, "{good}");
    }
}

#[test]
fn a_term_is_renewed_within_the_bounds_of_an_order() {
    let mut desk = Desk::with(&[&[("sessions", 10)]]);
    for end in [GrantEnd::For("300 years".into()), GrantEnd::Until(time("2300-01-01T00:00:00Z"))] {
        let end = term(end);
        let done = desk.work(|operator, book| desk::renew(operator, book, code(1), end));
        assert_eq!(done.unwrap_err().reason(), Reason::BadTime);
    }
}

/// After a renewal with a later start there is no license until then, which gives a note.
#[test]
fn a_license_that_begins_later_says_so() {
    let mut desk = Desk::with(&[&[("sessions", 10)]]);
    let these = some("sessions 5");
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    let mut later = term(GrantEnd::Until(time("2028-01-01T00:00:00Z")));
    later.from = Some(time("2027-01-01T00:00:00Z"));
    desk.work(|operator, book| desk::renew(operator, book, code(1), later)).unwrap();
    let done = desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    let note = "nothing is licensed before 2027-01-01T00:00:00Z";
    assert!(done.notes.iter().any(|it| it.contains(note)), "{:?}", done.notes);
}

/// Overdraft is limited per line, and a code that was passed on allows none.
#[test]
fn overdraft_is_counted_once() {
    let mut desk = Desk::new();
    desk.book(1, airlatch_desk::orders::Order { overdraft: 50, ..order("SO-1", &[("sessions", 10)]) })
        .unwrap();
    let nine = lines(&[("sessions", 9)]);
    desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(2), &nine, &shop())).unwrap();
    let mut issue = |number: u8, many: u64, unit: u8| {
        let these = some(&format!("sessions {many}"));
        let mut requested = requested(Applicant::Mac(mac(unit)), &[number], &these);
        requested.may_overdraw = true;
        desk.issue(&requested).map(|done| done.charged.iter().map(|take| take.overdrawn).sum::<u64>())
    };
    assert_eq!(issue(2, 10, 1).unwrap_err().reason(), Reason::ShortPool);
    assert_eq!(issue(1, 7, 1).unwrap_err().reason(), Reason::ShortPool);
    assert_eq!(issue(1, 4, 1), Ok(3));
    assert_eq!(issue(1, 3, 2).unwrap_err().reason(), Reason::ShortPool);
    assert_eq!(issue(1, 2, 2), Ok(2));
    assert_eq!(issue(1, 1, 3).unwrap_err().reason(), Reason::ShortPool);
}

/// Cancelling a code doesn't affect the one passed on, and neither returns anything twice.
#[test]
fn what_is_passed_on_and_what_is_taken_back_are_two_things() {
    let mut desk = Desk::with(&[&[("sessions", 10), ("PBX#30@15", 2)]]);
    let part = lines(&[("sessions", 4), ("PBX#30@15", 1)]);
    desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(2), &part, &shop())).unwrap();
    let back = desk.work(|operator, book| desk::cancel(operator, book, code(1), None)).unwrap();
    assert_eq!(back, lines(&[("sessions", 6), ("PBX#30@15", 1)]));
    let again = desk.work(|operator, book| desk::cancel(operator, book, code(1), None));
    assert_eq!(again.unwrap_err().reason(), Reason::Cancelled);
    let more = desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(3), &part, &shop()));
    assert_eq!(more.unwrap_err().reason(), Reason::Cancelled);
    let these = some("sessions 4");
    assert_eq!(
        desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap_err().reason(),
        Reason::Cancelled
    );
    assert!(desk.issue(&requested(Applicant::Mac(mac(1)), &[2], &these)).is_ok());
    // An upgrade without its base reaches no level.
    let step = some("PBX#30@15");
    assert_eq!(
        desk.issue(&requested(Applicant::Mac(mac(1)), &[2], &step)).unwrap_err().reason(),
        Reason::WrongStep
    );
    assert_eq!((desk.left(2, "sessions"), desk.left(2, "PBX#30@15")), (0, 1));
}

/// The largest quantities don't overflow.
#[test]
fn the_largest_quantities_are_counted_exactly() {
    use airlatch_core::model::MAX_QUANTITY as MOST;
    let mut desk = Desk::new();
    let one_more = desk.book(1, order("SO-1", &[("registrations", MOST + 1)])).unwrap_err();
    assert_eq!(one_more.reason(), Reason::BadField);
    for number in [1, 2] {
        let bought = [("registrations", MOST), ("PBX#15", 1)];
        let order = order(&format!("SO-{number}"), &bought);
        desk.book(number, airlatch_desk::orders::Order { overdraft: 100, ..order }).unwrap();
    }
    let registrations =
        desk.catalog.products[0].features.iter_mut().find(|it| it.name.as_str() == "registrations");
    registrations.unwrap().bounded_by = None;
    let these = some(&format!("registrations {MOST}"));
    let mut requested = requested(Applicant::Mac(mac(1)), &[1], &these);
    requested.may_overdraw = true;
    assert_eq!(desk.issue(&requested).unwrap().charged[0].quantity, MOST);
    assert_eq!(desk.left(1, "registrations"), 0);
    requested.codes = vec![code(2)];
    let error = desk.issue(&requested).unwrap_err();
    assert_eq!(error.reason(), Reason::OverLimit);
    assert_eq!(desk.left(2, "registrations"), MOST);
    requested.applicant = Applicant::Mac(mac(2));
    assert_eq!(desk.issue(&requested).unwrap().charged[0].quantity, MOST);
    requested.applicant = Applicant::Mac(mac(3));
    let beyond = desk.issue(&requested).unwrap();
    assert_eq!(beyond.charged[0].overdrawn, MOST);
    requested.applicant = Applicant::Mac(mac(4));
    assert_eq!(desk.issue(&requested).unwrap_err().reason(), Reason::ShortPool);
}
