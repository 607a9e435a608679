//! Repeated activations: the same bytes and no charge, whatever else the unit holds; a different one is detected.

use airlatch_core::model::Reason;
use airlatch_desk::charge::{Applicant, Wanted};
use airlatch_desk::desk::{self, ActivationPlan, Pools};
use airlatch_desk::ledger::Ledger;

use crate::scene::{mac, request_of, time};
use crate::seats_desk::{Desk, code, order, requested, some};

#[test]
fn a_request_is_answered_the_same_way_beside_other_codes_and_words() {
    let mut desk = Desk::with(&[
        &[("sessions", 50), ("PBX#15", 2), ("PBX#30@15", 1)],
        &[("sessions", 100), ("voicemail", 2)],
    ]);
    let (first, second) = (request_of(1, None, 1, desk.now), request_of(1, None, 2, desk.now));
    for (request, number, these, gives) in [
        (&first, 1, "sessions 20, PBX#15", "PBX 15, sessions 20"),
        (&second, 2, "sessions 10, voicemail 1", "PBX 15, sessions 30, voicemail"),
        (&request_of(1, None, 3, desk.now), 1, "PBX#30@15", "PBX 30, sessions 30, voicemail"),
        (&request_of(1, None, 4, desk.now), 1, "PBX 15", "PBX 30, sessions 30, voicemail"),
        (&request_of(1, None, 5, desk.now), 1, "sessions 12", "PBX 30, sessions 22, voicemail"),
    ] {
        let these = some(these);
        let done = desk.issue(&requested(Applicant::Request(request), &[number], &these)).unwrap();
        assert!(done.new);
        assert_eq!(done.license.features.to_string(), gives);
        let again = desk.issue(&requested(Applicant::Request(request), &[number], &these)).unwrap();
        assert_eq!((again.new, again.bytes), (false, done.bytes));
    }
    // The first request again, much later: the same license, with a note on the newer one.
    let these = some("sessions 20, PBX#15");
    let again = desk.issue(&requested(Applicant::Request(&first), &[1], &these)).unwrap();
    assert_eq!((again.new, again.license.features.to_string().as_str()), (false, "PBX 15, sessions 20"));
    assert!(again.notes.iter().any(|note| note.contains("a newer license")), "{:?}", again.notes);
}

#[test]
fn a_request_that_was_answered_gives_no_other_license() {
    let mut desk = Desk::with(&[&[("sessions", 50), ("voicemail", 1)], &[("sessions", 100)]]);
    let request = request_of(1, None, 1, desk.now);
    let twenty = some("sessions 20");
    desk.issue(&requested(Applicant::Request(&request), &[1], &twenty)).unwrap();
    for (number, these) in
        [(1, "sessions 21"), (1, "sessions 19"), (1, "sessions 20, voicemail"), (2, "sessions 20")]
    {
        let these = some(these);
        let error = desk.issue(&requested(Applicant::Request(&request), &[number], &these)).unwrap_err();
        assert_eq!(error.reason(), Reason::AlreadyIssued, "{number} {these}");
    }
    // The unit holds more now: the old license doesn't have enough for a larger quantity.
    let more = some("sessions 40");
    desk.issue(&requested(Applicant::Request(&request_of(1, None, 2, desk.now)), &[1], &more)).unwrap();
    let error = desk.issue(&requested(Applicant::Request(&request), &[1], &more)).unwrap_err();
    assert_eq!(error.reason(), Reason::AlreadyIssued);
    let mut other = requested(Applicant::Request(&request), &[1], &twenty);
    assert!(!desk.issue(&other).unwrap().new);
    other.notes.end_user = Some("Somebody else".into());
    assert_eq!(desk.issue(&other).unwrap_err().reason(), Reason::AlreadyIssued);
    other.notes.end_user = None;
    other.model.named = Some("IP800");
    assert_eq!(desk.issue(&other).unwrap_err().reason(), Reason::AlreadyIssued);
}

/// Two desks whose clocks differ by five minutes, around midnight.
#[test]
fn clocks_that_differ_at_midnight_make_no_second_license() {
    let mut desk = Desk::new();
    desk.now = time("2026-11-22T00:02:00Z");
    desk.book(1, order("SO-1", &[("sessions", 50)])).unwrap();
    desk.now = time("2026-11-21T23:57:00Z");
    let these = some("sessions 20");
    let done = desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    for now in ["2026-11-21T23:57:00Z", "2026-11-22T00:03:00Z", "2026-11-25T12:00:00Z"] {
        desk.now = time(now);
        let again = desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
        assert_eq!((again.new, &again.bytes), (false, &done.bytes), "{now}");
    }
}

/// Otherwise its first plan would be charged twice: it is not in the ledger yet.
#[test]
fn a_unit_is_planned_for_once_in_a_list() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let these = some("sessions 20");
    let requested = requested(Applicant::Mac(mac(1)), &[1], &these);
    let mut pools = Pools::default();
    let mut plan =
        || desk.work(|operator, book| desk::plan_activation(operator, book, &requested, &mut pools));
    assert!(matches!(plan(), Ok(ActivationPlan::New(_))));
    assert_eq!(plan().unwrap_err().reason(), Reason::Duplicate);
}

#[test]
fn a_product_that_was_named_is_the_one_of_the_codes() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let these = some("sessions 20");
    let mut requested = requested(Applicant::Mac(mac(1)), &[1], &these);
    requested.product = Some("phone");
    assert_eq!(desk.issue(&requested).unwrap_err().reason(), Reason::WrongProduct);
    requested.product = Some("pbx");
    assert!(desk.issue(&requested).is_ok());
}

/// A product removed from the catalog gets no new licenses, but issued ones can be reprinted.
#[test]
fn a_product_that_is_gone_can_be_printed_again_only() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let these = some("sessions 20");
    let done = desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    desk.catalog.products.retain(|product| product.id != "pbx");
    assert_eq!(
        desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap_err().reason(),
        Reason::NotSold
    );
    let which = desk::LicenseSelector::Unit(airlatch_core::model::Unit::Device(mac(1)), "pbx".into());
    let (_, sealed) = desk.work(|operator, book| desk::reprint(operator, book, &which)).unwrap();
    assert_eq!(sealed.bytes(), done.bytes);
    let left = desk.ledger.read(|book| desk::pool(book, code(1))).unwrap().left;
    assert_eq!(left.values().sum::<u64>(), 30);
}

/// A lowered limit takes nothing away, allows no more, and gives a note.
#[test]
fn a_limit_that_was_lowered_leaves_what_was_paid_for() {
    use airlatch_desk::catalog::Limit;
    let mut desk = Desk::with(&[&[("sessions", 150)]]);
    let (sixty, more) = (some("sessions 60"), some("sessions 61"));
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &sixty)).unwrap();
    let sessions = desk.catalog.products[0].features.iter_mut().find(|it| it.name.as_str() == "sessions");
    sessions.unwrap().on_model.insert("IP24".into(), Limit::AtMost(10));
    assert_eq!(
        desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &more)).unwrap_err().reason(),
        Reason::OverLimit
    );
    let mut all = requested(Applicant::Mac(mac(1)), &[1], &sixty);
    all.wanted = Wanted::All;
    let found = desk.issue(&all).unwrap();
    assert_eq!((found.new, found.license.features.to_string().as_str()), (false, "sessions 60"));
    assert!(found.notes.iter().any(|note| note.contains("already held")), "{:?}", found.notes);
}
