//! A copied installation: it has the same System ID but other hardware, whatever its request claims.

use airlatch_core::crypto::{self, Verified};
use airlatch_core::format;
use airlatch_core::host;
use airlatch_core::model::{Cause, HostFacts, License, Reason, Request, Verdict};
use airlatch_core::rules::{Question, judge};
use airlatch_desk::charge::Applicant;

use crate::scene::{self, host as facts_of, pbx_request, request_of, trusted};
use crate::seats_desk::{Desk, Done, requested, some};

fn holds(done: &Done, facts: &HostFacts, desk: &Desk) -> bool {
    let sealed =
        airlatch_core::crypto::Sealed::from_parts(airlatch_core::model::Kind::License, done.bytes.clone());
    let license: Verified<License> = format::read_license(&sealed.unwrap(), &trusted()).unwrap();
    let question =
        Question { now: desk.now, supposed: false, product: Some("pbx".into()), features: Vec::new() };
    judge(&license, facts, &question).verdict == Verdict::Valid
}

/// The home of host 1 on the hardware of host 2.
fn copied() -> HostFacts {
    HostFacts { system_id: facts_of(1, 0).system_id, ..facts_of(2, 0) }
}

/// A forged request: the ids of one host with the hashes of another.
fn forged(salt: [u8; 16], desk: &Desk) -> Verified<Request> {
    let honest = request_of(1, None, 1, desk.now);
    let there = host::draft(pbx_request(), &copied(), salt, desk.now).unwrap();
    scene::sealed(11, &Request { locking_id: honest.get().locking_id, ..there })
}

#[test]
fn other_hardware_gets_a_license_only_where_that_is_meant() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let these = some("sessions 20");
    desk.issue(&requested(Applicant::Request(&request_of(1, None, 1, desk.now)), &[1], &these)).unwrap();
    let request = scene::request_from(11, &copied(), 2, desk.now);
    let mut requested = requested(Applicant::Request(&request), &[1], &these);
    assert_eq!(desk.issue(&requested).unwrap_err().reason(), Reason::WrongHost);
    requested.other_hardware = true;
    let done = desk.issue(&requested).unwrap();
    assert!(done.notes.iter().any(|note| note.contains("must not be used any more")), "{:?}", done.notes);
    assert!(holds(&done, &copied(), &desk) && !holds(&done, &facts_of(1, 0), &desk));
    // Now the first hardware is the other one.
    let back = request_of(1, None, 3, desk.now);
    let error =
        desk.issue(&crate::seats_desk::requested(Applicant::Request(&back), &[1], &these)).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongHost);
}

#[test]
fn a_request_that_names_one_hardware_and_hashes_another_opens_neither() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let these = some("sessions 20");
    let honest =
        desk.issue(&requested(Applicant::Request(&request_of(1, None, 1, desk.now)), &[1], &these)).unwrap();
    assert!(holds(&honest, &facts_of(1, 0), &desk) && !holds(&honest, &copied(), &desk));
    let with_salt = |salt| forged(salt, &desk);
    let [forged, other_salt] = [crypto::product_salt(None, "pbx"), [2; 16]].map(with_salt);
    let error = desk.issue(&requested(Applicant::Request(&other_salt), &[1], &these)).unwrap_err();
    assert_eq!((error.reason(), error.cause()), (Reason::WeakHost, Some(Cause::OtherSalt)));
    if let Ok(done) = desk.issue(&requested(Applicant::Request(&forged), &[1], &these)) {
        assert!(!holds(&done, &copied(), &desk), "a second host for nothing");
        assert!(!holds(&done, &facts_of(1, 0), &desk));
    }
}
