//! Released articles keep the term that has started, whoever takes them next.

use airlatch_core::model::{Error, Reason, Result, Time};
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::{Applicant, Wanted};
use airlatch_desk::desk;
use airlatch_desk::desk::ActivationRequest;
use airlatch_desk::orders::Order;

use super::receipts::{id, receipt, release};
use crate::scene::{request_of, time};
use crate::seats_desk::{Desk, Done, code, lines, order, requested, shop, some, term};

pub const FIRST: &str = "2026-11-21T00:00:00Z";
pub const LATER: &str = "2027-09-01T00:00:00Z";

/// A desk with these articles for one year on code 1.
pub fn year(list: &[(&str, u64)], overdraft: u8) -> Desk {
    let mut desk = Desk::new();
    let term = term(GrantEnd::For("1 year".into()));
    desk.book(1, Order { term, overdraft, ..order("SO-1", list) }).unwrap();
    desk
}

pub fn at(desk: &mut Desk, now: &str) {
    desk.now = time(now);
}

pub fn ask(desk: &mut Desk, host: u8, what: &str) -> Result<Done> {
    ask_of(desk, host, &[1], what)
}

pub fn ask_of(desk: &mut Desk, host: u8, codes: &[u8], what: &str) -> Result<Done> {
    let salt = desk.now.seconds().cast_unsigned();
    let request = request_of(host, None, salt, desk.now);
    let what = some(what);
    desk.issue(&ActivationRequest {
        may_overdraw: true,
        ..requested(Applicant::Request(&request), codes, &what)
    })
}

/// The notes of the release.
pub fn back(desk: &mut Desk, host: u8, done: &Done) -> Vec<String> {
    let paper = receipt(10 + host, desk, id(done), "pbx");
    release(desk, &paper).unwrap().notes
}

/// Asserts the term of a license.
#[track_caller]
pub fn lasts(done: &Done, from: &str, until: &str) {
    let expected = (time(from), Some(time(until)));
    assert_eq!((done.license.term.from, done.license.term.until), expected, "{:?}", done.notes);
}

#[track_caller]
pub fn over(refused: Result<Done>) -> Error {
    let error = refused.unwrap_err();
    assert_eq!(error.reason(), Reason::Expired, "{error}");
    assert_eq!(error.place(), Some(code(1).to_string().as_str()));
    error
}

/// Host 1 took 20 of 50 sessions on the first day and released them.
pub fn returned() -> Desk {
    let mut desk = year(&[("sessions", 50)], 0);
    let first = ask(&mut desk, 1, "sessions 20").unwrap();
    lasts(&first, FIRST, "2027-11-22T00:00:00Z");
    at(&mut desk, LATER);
    let goes_on = format!(
        "the term of articles booked back to {} continues: they can be used until 2027-11-22T00:00:00Z",
        code(1)
    );
    assert_eq!(back(&mut desk, 1, &first), [goes_on]);
    desk
}

#[test]
fn a_release_never_restarts_the_term() {
    let mut desk = year(&[("sessions", 20)], 0);
    let mut held = ask(&mut desk, 1, "sessions 20").unwrap();
    for (host, now) in [(1, "2027-03-01T00:00:00Z"), (2, "2027-06-01T00:00:00Z"), (1, LATER)] {
        at(&mut desk, now);
        let holder = if now == LATER { 2 } else { 1 };
        back(&mut desk, holder, &held);
        held = ask(&mut desk, host, "sessions 20").unwrap();
        lasts(&held, FIRST, "2027-11-22T00:00:00Z");
    }
    at(&mut desk, "2027-11-22T00:00:00Z");
    let notes = back(&mut desk, 1, &held);
    assert!(notes[0].ends_with("is over: renew the code to use them"), "{notes:?}");
    for host in [1, 2, 3] {
        let error = over(ask(&mut desk, host, "sessions 1"));
        let what = "released articles keep their term: the term of this code ended at 2027-11-22T00:00:00Z";
        assert_eq!(error.message(), what);
    }
}

#[test]
fn unused_articles_are_taken_first() {
    let mut desk = returned();
    let fresh = ask(&mut desk, 2, "sessions 30").unwrap();
    lasts(&fresh, LATER, "2028-09-01T00:00:00Z");
    let old = ask(&mut desk, 3, "sessions 1").unwrap();
    lasts(&old, FIRST, "2027-11-22T00:00:00Z");
    let note = format!(
        "`sessions` from {} was released before: its term started on 2026-11-21T12:00:00Z and continues",
        code(1)
    );
    assert!(old.notes.contains(&note), "{:?}", old.notes);
    // The unused ones stay used up, even after they are released.
    back(&mut desk, 2, &fresh);
    let again = ask(&mut desk, 4, "sessions 30").unwrap();
    lasts(&again, FIRST, "2027-11-22T00:00:00Z");
}

#[test]
fn taking_one_released_article_starts_the_term_earlier() {
    let mut desk = returned();
    lasts(&ask(&mut desk, 2, "sessions 31").unwrap(), FIRST, "2027-11-22T00:00:00Z");
    let mut desk = returned();
    at(&mut desk, "2027-12-24T00:00:00Z");
    over(ask(&mut desk, 2, "sessions 31"));
    let fresh = ask(&mut desk, 2, "sessions 30").unwrap();
    lasts(&fresh, "2027-12-24T00:00:00Z", "2028-12-24T00:00:00Z");
    // The unit keeps what it holds, but gets no more.
    desk.now = desk.now.plus_seconds(60);
    over(ask(&mut desk, 2, "sessions 31"));
    desk.now = desk.now.plus_seconds(60);
    let same = ask(&mut desk, 2, "sessions 30").unwrap();
    assert!(same.charged.is_empty());
    lasts(&same, "2027-12-24T00:00:00Z", "2028-12-24T00:00:00Z");
}

#[test]
fn a_unit_keeps_its_own_start() {
    let mut desk = returned();
    lasts(&ask(&mut desk, 1, "sessions 5").unwrap(), FIRST, "2027-11-22T00:00:00Z");
    lasts(&ask(&mut desk, 2, "sessions 30").unwrap(), FIRST, "2027-11-22T00:00:00Z");
}

#[test]
fn more_for_a_unit_starts_with_the_released_articles() {
    let mut desk = returned();
    lasts(&ask(&mut desk, 2, "sessions 30").unwrap(), LATER, "2028-09-01T00:00:00Z");
    desk.now = desk.now.plus_seconds(60);
    let more = ask(&mut desk, 2, "sessions 40").unwrap();
    lasts(&more, FIRST, "2027-11-22T00:00:00Z");
    assert!(
        more.notes.iter().any(|note| note.ends_with("continues, also for what the unit has from it")),
        "{:?}",
        more.notes
    );
    let again = ask(&mut desk, 2, "sessions 40").unwrap();
    assert!(!again.new);
    lasts(&again, FIRST, "2027-11-22T00:00:00Z");
}

#[test]
fn a_switch_is_a_seat_and_each_article_has_its_own() {
    let mut desk = year(&[("sessions", 50), ("voicemail", 1), ("conference", 2)], 0);
    let first = ask(&mut desk, 1, "voicemail, sessions 5").unwrap();
    at(&mut desk, LATER);
    back(&mut desk, 1, &first);
    lasts(&ask(&mut desk, 2, "conference, sessions 45").unwrap(), LATER, "2028-09-01T00:00:00Z");
    lasts(&ask(&mut desk, 3, "voicemail").unwrap(), FIRST, "2027-11-22T00:00:00Z");
}

#[test]
fn a_renewal_lengthens_the_term_of_what_came_back() {
    let mut desk = year(&[("sessions", 20)], 0);
    let first = ask(&mut desk, 1, "sessions 20").unwrap();
    at(&mut desk, "2028-01-01T00:00:00Z");
    back(&mut desk, 1, &first);
    over(ask(&mut desk, 2, "sessions 20"));
    let two = term(GrantEnd::For("2 years".into()));
    desk.work(|operator, book| desk::renew(operator, book, code(1), two)).unwrap();
    lasts(&ask(&mut desk, 2, "sessions 20").unwrap(), FIRST, "2028-11-22T00:00:00Z");
}

/// What is over is as good as not left: the other articles and codes give what they have.
#[test]
fn released_articles_whose_term_is_over_are_not_taken() {
    let mut desk = returned();
    at(&mut desk, "2027-12-24T00:00:00Z");
    desk.book(2, order("SO-2", &[("sessions", 5)])).unwrap();
    let both = ask_of(&mut desk, 2, &[1, 2], "sessions 29").unwrap();
    assert_eq!(both.charged.iter().map(|line| line.quantity).collect::<Vec<_>>(), [29]);
    let both = ask_of(&mut desk, 3, &[1, 2], "sessions 3").unwrap();
    let charged: Vec<_> = both.charged.iter().map(|line| (line.code, line.quantity)).collect();
    assert_eq!(charged, [(code(1), 1), (code(2), 2)]);
    let mut desk = returned();
    at(&mut desk, "2027-12-24T00:00:00Z");
    let request = request_of(2, None, 7, desk.now);
    let nothing = some("");
    let all =
        ActivationRequest { wanted: Wanted::All, ..requested(Applicant::Request(&request), &[1], &nothing) };
    let done = desk.issue(&all).unwrap();
    assert_eq!(done.charged.iter().map(|line| line.quantity).collect::<Vec<_>>(), [30]);
    let note = format!(
        "20 of `sessions` stay on {}: released before, and their term ended at 2027-11-22T00:00:00Z",
        code(1)
    );
    assert!(done.notes.contains(&note), "{:?}", done.notes);
}

#[test]
fn overdraft_is_unused_and_passing_on_takes_unused_articles() {
    let mut desk = year(&[("sessions", 20)], 100);
    let first = ask(&mut desk, 1, "sessions 20").unwrap();
    lasts(&ask(&mut desk, 2, "sessions 10").unwrap(), FIRST, "2027-11-22T00:00:00Z");
    at(&mut desk, LATER);
    lasts(&ask(&mut desk, 3, "sessions 5").unwrap(), LATER, "2028-09-01T00:00:00Z");
    back(&mut desk, 1, &first);
    lasts(&ask(&mut desk, 4, "sessions 21").unwrap(), FIRST, "2027-11-22T00:00:00Z");
    lasts(&ask(&mut desk, 5, "sessions 4").unwrap(), LATER, "2028-09-01T00:00:00Z");

    let mut desk = returned();
    // Under a new code the term of a released article would start again, so it can't be passed on.
    let more = lines(&[("sessions", 31)]);
    let refused = desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(3), &more, &shop()));
    assert_eq!(refused.unwrap_err().reason(), Reason::ShortPool);
    let part = lines(&[("sessions", 30)]);
    desk.work(|operator, book| desk::pass_on(operator, book, code(1), code(2), &part, &shop())).unwrap();
    lasts(&ask(&mut desk, 2, "sessions 1").unwrap(), FIRST, "2027-11-22T00:00:00Z");
    lasts(&ask_of(&mut desk, 3, &[2], "sessions 30").unwrap(), LATER, "2028-09-01T00:00:00Z");
}

#[test]
fn a_list_takes_unused_articles_first() {
    let mut desk = returned();
    let (now, what): (Time, _) = (desk.now, some("sessions 20"));
    let requests: Vec<_> = (2..4).map(|host| request_of(host, None, u64::from(host), now)).collect();
    let ends = desk
        .work(|operator, book| {
            let mut pools = desk::Pools::default();
            let plan = |request| {
                desk::plan_activation(
                    operator,
                    book,
                    &requested(Applicant::Request(request), &[1], &what),
                    &mut pools,
                )
            };
            requests.iter().map(plan).collect::<Result<Vec<_>>>()
        })
        .unwrap()
        .into_iter()
        .map(|plan| match plan {
            desk::ActivationPlan::New(planned) => planned.license.term.until.unwrap(),
            desk::ActivationPlan::Found(_) => panic!("it was never issued"),
        })
        .collect::<Vec<_>>();
    assert_eq!(ends, [time("2028-09-01T00:00:00Z"), time("2027-11-22T00:00:00Z")]);
}
