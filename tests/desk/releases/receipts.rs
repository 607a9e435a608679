//! A release receipt returns what its license held, once, and is refused for anything else.

use airlatch_core::crypto::{self, Sealed};
use airlatch_core::format;
use airlatch_core::model::{DocumentId, Kind, Reason, Receipt, Result, Unit};
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, FieldStatus, LicenseSelector, Release};
use airlatch_desk::ledger::{self, Act, Draft, Ledger};

use crate::scene::{key, request_of, trusted};
use crate::seats_desk::{Desk, Done, code, requested, some};

pub fn receipt(seed: u8, desk: &Desk, license: DocumentId, product: &str) -> Sealed {
    let system_id = key(seed).public().system_id();
    let receipt = Receipt { made: desk.now, system_id, product: product.into(), license, note: None };
    crypto::seal(Kind::ReleaseReceipt, &format::write_receipt(&receipt).unwrap(), &key(seed))
}

pub fn id(done: &Done) -> DocumentId {
    Sealed::from_parts(Kind::License, done.bytes.clone()).unwrap().document_id()
}

/// Host 1 has 20 of the 50 sessions on code 1.
fn licensed() -> (Desk, Done) {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let request = request_of(1, None, 1, desk.now);
    let done = desk.issue(&requested(Applicant::Request(&request), &[1], &some("sessions 20"))).unwrap();
    (desk, done)
}

pub fn release(desk: &mut Desk, receipt: &Sealed) -> Result<Release> {
    desk.work(|operator, book| desk::release(operator, book, receipt, Some("scrapped".into())))
}

#[track_caller]
fn refused(desk: &mut Desk, receipt: &Sealed) -> Reason {
    let before = desk.ledger.clone();
    let error = release(desk, receipt).unwrap_err();
    assert!(desk.ledger == before, "what was refused left something");
    error.reason()
}

#[test]
fn what_was_given_back_can_be_bought_by_somebody_else() {
    let (mut desk, done) = licensed();
    assert_eq!(desk.left(1, "sessions"), 30);
    let paper = receipt(11, &desk, id(&done), "pbx");
    let booked = release(&mut desk, &paper).unwrap();
    assert_eq!((booked.already, booked.transfers.len(), booked.transfers[0].quantity), (false, 1, 20));
    assert_eq!(desk.left(1, "sessions"), 50);
    let (number, _) = booked.booked.unwrap();
    desk.ledger
        .read(|book| {
            let entry = book.entries(&ledger::Query { after: number - 1, ..Default::default() })?.remove(0);
            assert_eq!(entry.license.unwrap().id, paper.document_id());
            assert_eq!(book.sealed(&entry)?.unwrap(), paper.bytes());
            let Act::Released { unit, license, note, .. } = entry.act else { panic!("another act") };
            assert_eq!((unit, license), (Unit::Host(key(11).public().system_id()), id(&done)));
            assert_eq!(note.as_deref(), Some("scrapped"));
            Ok(())
        })
        .unwrap();
    let other = request_of(2, None, 2, desk.now);
    desk.issue(&requested(Applicant::Request(&other), &[1], &some("sessions 50"))).unwrap();
    let audit = desk
        .work(|operator, book| desk::audit(operator, book, &desk::check_sequentially, &mut |_| {}))
        .unwrap();
    assert_eq!((audit.errors, audit.licenses), (vec![], 2));
}

#[test]
fn a_release_is_booked_once_for_any_receipt() {
    let (mut desk, done) = licensed();
    let paper = receipt(11, &desk, id(&done), "pbx");
    let first = release(&mut desk, &paper).unwrap();
    let before = desk.ledger.clone();
    desk.now = desk.now.plus_seconds(1_000);
    let other = receipt(11, &desk, id(&done), "pbx");
    assert_ne!(paper.document_id(), other.document_id());
    for paper in [&paper, &other] {
        let again = release(&mut desk, paper).unwrap();
        assert_eq!((again.already, again.booked), (true, first.booked));
        assert_eq!(again.transfers, first.transfers);
    }
    assert!(desk.ledger == before);
    // Also if the host got another license meanwhile.
    let anew = request_of(1, None, 3, desk.now);
    desk.issue(&requested(Applicant::Request(&anew), &[1], &some("sessions 5"))).unwrap();
    assert!(release(&mut desk, &paper).unwrap().already);
    assert_eq!(desk.left(1, "sessions"), 45);
}

#[test]
fn only_the_last_license_is_given_back() {
    let (mut desk, first) = licensed();
    desk.now = desk.now.plus_seconds(60);
    let more = request_of(1, None, 2, desk.now);
    let second = desk.issue(&requested(Applicant::Request(&more), &[1], &some("sessions 30"))).unwrap();
    let (old, new) = (receipt(11, &desk, id(&first), "pbx"), receipt(11, &desk, id(&second), "pbx"));
    let error = release(&mut desk, &old).unwrap_err();
    assert_eq!(error.reason(), Reason::StaleReceipt);
    assert!(error.details().iter().any(|line| line.contains(&id(&second).to_string())), "{error:?}");
    assert_eq!(release(&mut desk, &new).unwrap().transfers[0].quantity, 30);
    assert_eq!(refused(&mut desk, &old), Reason::StaleReceipt);
    assert_eq!(desk.left(1, "sessions"), 50);
}

#[test]
fn a_receipt_is_its_hosts_and_about_its_license() {
    let (mut desk, done) = licensed();
    let license = id(&done);
    let stranger = receipt(12, &desk, license, "pbx");
    assert_eq!(refused(&mut desk, &stranger), Reason::WrongHost);
    let other = receipt(11, &desk, license, "phone");
    assert_eq!(refused(&mut desk, &other), Reason::WrongProduct);
    let unknown = receipt(11, &desk, DocumentId::from_digest(&[9; 32]), "pbx");
    assert_eq!(refused(&mut desk, &unknown), Reason::NotBooked);
    let body = Receipt {
        made: desk.now,
        system_id: key(11).public().system_id(),
        product: "pbx".into(),
        license,
        note: None,
    };
    let forged = crypto::seal(Kind::ReleaseReceipt, &format::write_receipt(&body).unwrap(), &key(12));
    assert_eq!(refused(&mut desk, &forged), Reason::ForeignRequest);
    // A stored receipt is not a license.
    let good = receipt(11, &desk, license, "pbx");
    release(&mut desk, &good).unwrap();
    let odd = receipt(11, &desk, good.document_id(), "pbx");
    assert_eq!(refused(&mut desk, &odd), Reason::NotBooked);
    let which = LicenseSelector::License(good.document_id());
    let again = desk.work(|operator, book| desk::reprint(operator, book, &which)).unwrap_err();
    assert_eq!(again.reason(), Reason::NotBooked);
}

#[test]
fn licenses_without_a_host_or_not_transferable_are_not_released() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let typed = Applicant::LockingId(crypto::locking_id(&crate::scene::host(1, 0)));
    let done = desk.issue(&requested(typed, &[1], &some("sessions 20"))).unwrap();
    let paper = receipt(11, &desk, id(&done), "pbx");
    assert_eq!(refused(&mut desk, &paper), Reason::NotReleasable);
    desk.catalog.products[0].transferable = false;
    let request = request_of(2, None, 1, desk.now);
    let done = desk.issue(&requested(Applicant::Request(&request), &[1], &some("sessions 20"))).unwrap();
    let paper = receipt(12, &desk, id(&done), "pbx");
    assert_eq!(refused(&mut desk, &paper), Reason::NotReleasable);
    assert_eq!(desk.left(1, "sessions"), 10);
}

#[test]
fn releasing_a_trial_returns_nothing() {
    let mut desk = Desk::new();
    let request = request_of(1, None, 1, desk.now);
    let done = desk.issue(&requested(Applicant::Request(&request), &[], &some(""))).unwrap();
    let paper = receipt(11, &desk, id(&done), "pbx");
    let booked = release(&mut desk, &paper).unwrap();
    assert!(booked.evaluation && booked.transfers.is_empty() && booked.booked.is_some());
    let anew = request_of(1, None, 2, desk.now);
    let again = desk.issue(&requested(Applicant::Request(&anew), &[], &some(""))).unwrap_err();
    assert_eq!(again.reason(), Reason::EvaluationUsed);
}

#[test]
fn after_a_release_there_is_no_answer_and_no_reprint() {
    let (mut desk, done) = licensed();
    let paper = receipt(11, &desk, id(&done), "pbx");
    release(&mut desk, &paper).unwrap();
    let request = request_of(1, None, 1, "2026-11-21T12:00:00Z".parse().unwrap());
    let again = desk.issue(&requested(Applicant::Request(&request), &[1], &some("sessions 20"))).unwrap_err();
    assert_eq!(again.reason(), Reason::Released);
    let unit = Unit::Host(key(11).public().system_id());
    for which in [
        LicenseSelector::License(id(&done)),
        LicenseSelector::Request(request.document_id()),
        LicenseSelector::Unit(unit, "pbx".into()),
    ] {
        let again = desk.work(|operator, book| desk::reprint(operator, book, &which)).unwrap_err();
        assert_eq!(again.reason(), Reason::Released, "{which:?}");
    }
    let sealed = Sealed::from_parts(Kind::License, done.bytes.clone()).unwrap();
    let license = format::read_license(&sealed, &trusted()).unwrap();
    let standing = desk.ledger.read(|book| desk::field_status(book, &license)).unwrap();
    assert_eq!(standing, FieldStatus::Released(4, desk.now));
    let mut current = 0;
    desk.work(|operator, book| {
        desk::licenses(operator, book, &Default::default(), &mut |part| current += part.len())
    })
    .unwrap();
    assert_eq!(current, 0);
    // A new request for the same features is charged again.
    let anew = request_of(1, None, 2, desk.now);
    let done = desk.issue(&requested(Applicant::Request(&anew), &[1], &some("sessions 20"))).unwrap();
    assert_eq!((done.new, done.charged[0].quantity, desk.left(1, "sessions")), (true, 20, 30));
}

#[test]
fn articles_return_to_a_cancelled_code_but_stay_unusable() {
    let (mut desk, done) = licensed();
    desk.work(|operator, book| desk::cancel(operator, book, code(1), None)).unwrap();
    let paper = receipt(11, &desk, id(&done), "pbx");
    let booked = release(&mut desk, &paper).unwrap();
    assert!(booked.notes[0].contains("was cancelled"), "{:?}", booked.notes);
    let other = request_of(2, None, 2, desk.now);
    let refused = desk.issue(&requested(Applicant::Request(&other), &[1], &some("sessions 1"))).unwrap_err();
    assert_eq!(refused.reason(), Reason::Cancelled);
}

#[test]
fn the_audit_holds_each_receipt_to_its_entry() {
    let (desk, done) = licensed();
    let paper = receipt(11, &desk, id(&done), "pbx");
    let foreign = receipt(12, &desk, id(&done), "pbx");
    let good = (Unit::Host(key(11).public().system_id()), "pbx", id(&done), paper.document_id());
    let other = DocumentId::from_digest(&[9; 32]);
    let found = |(unit, product, license, receipt): (Unit, &str, DocumentId, DocumentId), paper: &Sealed| {
        let (mut desk, product) = (Desk { ledger: desk.ledger.clone(), ..Desk::new() }, product.to_owned());
        desk.work(|operator, book| {
            let act = Act::Released { unit, product, license, receipt, note: None };
            let sealed = Some((paper.document_id(), paper.bytes().to_vec()));
            let (time, actor) = (operator.now, "eve".into());
            book.post(Draft { time, actor, act, transfers: Vec::new(), sealed })?;
            desk::audit(operator, book, &desk::check_sequentially, &mut |_| {})
        })
        .unwrap()
        .errors
    };
    assert_eq!(found(good, &paper), []);
    let wrong = [
        (Unit::Host(key(12).public().system_id()), good.1, good.2, good.3),
        (good.0, "phone", good.2, good.3),
        (good.0, good.1, other, good.3),
        (good.0, good.1, good.2, other),
    ];
    for (at, claim) in wrong.into_iter().enumerate() {
        let errors = found(claim, &paper);
        assert_eq!((errors.len(), errors[0].reason()), (1, Reason::DamagedLedger), "{at}: {errors:?}");
    }
    let errors = found((good.0, good.1, good.2, foreign.document_id()), &foreign);
    assert_eq!((errors.len(), errors[0].reason()), (1, Reason::DamagedLedger));
}
