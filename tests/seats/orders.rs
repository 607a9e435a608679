//! Orders: booked twice under numbers that look alike, passed on in odd amounts, renewed beyond all bounds.

use airlatch::desk;
use airlatch::model::Reason;

use crate::seats_desk::{Desk, code, lines, order};

#[test]
fn nothing_is_passed_on_as_none_of_it() {
    let mut desk = Desk::with(&[&[("sessions", 10)]]);
    let none = lines(&[("sessions", 0)]);
    let done = desk.work(|clerk, book| desk::pass_on(clerk, book, code(1), code(2), &none, "shop", None));
    assert_eq!(done.unwrap_err().reason(), Reason::BadField);
}

/// Where the random numbers fail, two orders must not share a code.
#[test]
fn a_code_is_given_out_once() {
    let mut desk = Desk::with(&[&[("sessions", 10)], &[("sessions", 20)]]);
    let some = lines(&[("sessions", 1)]);
    for to in [1, 2] {
        let done =
            desk.work(|clerk, book| desk::pass_on(clerk, book, code(1), code(to), &some, "shop", None));
        assert_eq!(done.unwrap_err().reason(), Reason::Internal);
    }
    assert_eq!(desk.book(2, order("SO-3", &[("sessions", 5)])).unwrap_err().reason(), Reason::Internal);
    assert_eq!((desk.left(1, "sessions"), desk.left(2, "sessions")), (10, 20));
}
