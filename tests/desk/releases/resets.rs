//! Clock resets are signed for known hosts, once per request.

use airlatch_core::crypto::Verified;
use airlatch_core::format;
use airlatch_core::host;
use airlatch_core::model::{ClockResetRequest, DocumentId, Reason, Request, Result, Time, Unit};
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, Reset};
use airlatch_desk::ledger::{Act, Draft, Ledger};

use crate::scene::{key, pbx_request, request, request_of, time, trusted};
use crate::seats_desk::{Desk, requested, some};

const FAR: &str = "2099-01-01T00:00:00Z";

fn asking(number: u8, now: Time) -> Verified<Request> {
    let clock = Some(ClockResetRequest { nonce: [9; 16], latest_time: time(FAR) });
    request(number, 0, host::RequestInput { clock, ..pbx_request() }, 5, now)
}

fn reset(desk: &mut Desk, asked: &Verified<Request>, any_host: bool) -> Result<Reset> {
    desk.work(|operator, book| desk::reset(operator, book, asked, any_host, &key(1)))
}

/// Host 1 has a license.
fn licensed() -> Desk {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let request = request_of(1, None, 1, desk.now);
    desk.issue(&requested(Applicant::Request(&request), &[1], &some("sessions 20"))).unwrap();
    desk
}

#[test]
fn a_known_host_gets_one_reset_for_one_request() {
    let mut desk = licensed();
    let asked = asking(1, desk.now);
    let first = reset(&mut desk, &asked, false).unwrap();
    let sealed = first.sealed.unwrap();
    let read = format::read_reset(&sealed, &trusted()).unwrap();
    let found = read.get();
    assert_eq!((found.nonce, found.issued), ([9; 16], desk.now));
    assert_eq!((found.system_id, found.request), (asked.get().system_id, asked.document_id()));
    desk.now = desk.now.plus_seconds(86_400);
    let before = desk.ledger.clone();
    let again = reset(&mut desk, &asked, false).unwrap();
    assert_eq!(again.sealed.unwrap().bytes(), sealed.bytes());
    assert!(again.answered_at.is_some() && desk.ledger == before);
    let audit = desk
        .work(|operator, book| desk::audit(operator, book, &desk::check_sequentially, &mut |_| {}))
        .unwrap();
    assert_eq!((audit.errors, audit.licenses), (vec![], 1));
    assert_eq!(desk.left(1, "sessions"), 30);
}

#[test]
fn an_unknown_host_gets_a_reset_only_with_any_host() {
    let mut desk = licensed();
    let asked = asking(2, desk.now);
    let error = reset(&mut desk, &asked, false).unwrap_err();
    assert_eq!(error.reason(), Reason::NotBooked);
    let done = reset(&mut desk, &asked, true).unwrap();
    assert!(done.notes[0].contains("to no such host"), "{:?}", done.notes);
}

#[test]
fn a_reset_needs_a_valid_reset_request() {
    let mut desk = licensed();
    let plain = request_of(1, None, 7, desk.now);
    assert_eq!(reset(&mut desk, &plain, false).unwrap_err().reason(), Reason::BadField);
    let late = asking(1, desk.now.plus_seconds(3 * 86_400));
    assert_eq!(reset(&mut desk, &late, false).unwrap_err().reason(), Reason::FutureRequest);
}

#[test]
fn without_a_ledger_it_is_the_same_on_the_same_day() {
    let now = time("2026-11-22T12:00:00Z");
    let asked = asking(1, now);
    let signed = |now| {
        let drafted = desk::draft_reset(&asked, "pbx", now).unwrap();
        desk::sign_reset(drafted, &key(1)).unwrap().sealed.unwrap()
    };
    assert_eq!(signed(now).bytes(), signed(now.plus_seconds(3_600)).bytes());
    let other = desk::draft_reset(&asked, "phone", now).unwrap_err();
    assert_eq!(other.reason(), Reason::WrongProduct);
}

/// A clock reset signed with another key could not be verified later.
#[test]
fn a_stored_reset_has_to_be_signed_by_the_desk() {
    let mut desk = licensed();
    let asked = asking(1, desk.now);
    desk.work(|operator, book| desk::reset(operator, book, &asked, false, &key(3))).unwrap();
    let audit = desk
        .work(|operator, book| desk::audit(operator, book, &desk::check_sequentially, &mut |_| {}))
        .unwrap();
    assert_eq!(audit.errors[0].reason(), Reason::UntrustedKey);
    assert!(desk.ledger.read(|book| Ok(book.head()?.number)).unwrap() > 0);
}

#[test]
fn the_audit_holds_each_reset_to_its_entry() {
    let asked = asking(1, licensed().now);
    let product = || "pbx".to_owned();
    let (unit, request, signer) =
        (Unit::Host(asked.get().system_id), asked.document_id(), key(1).public().key_id());
    let other = (Unit::Host(key(12).public().system_id()), DocumentId::from_digest(&[9; 32]));
    let acts = [
        Act::ClockReset { unit, product: product(), request, key: signer },
        Act::ClockReset { unit: other.0, product: product(), request, key: signer },
        Act::ClockReset { unit, product: "phone".into(), request, key: signer },
        Act::ClockReset { unit, product: product(), request: other.1, key: signer },
        Act::ClockReset { unit, product: product(), request, key: key(3).public().key_id() },
    ];
    for (at, act) in acts.into_iter().enumerate() {
        let mut desk = licensed();
        let drafted = desk::draft_reset(&asked, "pbx", desk.now).unwrap();
        let sealed = desk::sign_reset(drafted, &key(1)).unwrap().sealed.unwrap();
        let audit = desk.work(|operator, book| {
            let sealed = Some((sealed.document_id(), sealed.bytes().to_vec()));
            let (time, actor) = (operator.now, "eve".into());
            book.post(Draft { time, actor, act, transfers: Vec::new(), sealed })?;
            desk::audit(operator, book, &desk::check_sequentially, &mut |_| {})
        });
        let wrong: Vec<_> = audit.unwrap().errors.iter().map(|error| error.reason()).collect();
        let expected = if at == 0 { vec![] } else { vec![Reason::DamagedLedger] };
        assert_eq!(wrong, expected, "{at}");
    }
}
