//! What a typed Locking ID says of its host, and that a host licensed by one of its ids is one unit.

use airlatch_core::crypto;
use airlatch_core::model::{
    AllowedClasses,
    ComponentKind::{Instance, Name, Net, Os, System},
    Components, HostClass, HostFacts, Lock, LockingId, Reason, Unit,
};
use airlatch_desk::charge::Applicant;

use crate::scene::{self, host, request_of};
use crate::seats_desk::{Desk, requested, some};

/// A host with settings instead of hardware.
fn virtual_host(class: HostClass) -> HostFacts {
    let mut components = Components::default();
    [Os, System, Name, Net, Instance]
        .into_iter()
        .for_each(|kind| components.add(kind, format!("{kind} of it")));
    HostFacts { class, components, ..host(1, 0) }
}

fn machine() -> HostFacts {
    virtual_host(HostClass::Virtual("it says so".into()))
}

fn desk_for(allow: AllowedClasses) -> Desk {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    desk.catalog.products[0].lock.rule.allow = allow;
    desk
}

#[test]
fn a_typed_id_is_bound_to_what_its_kind_of_host_has_or_refused_uncharged() {
    let these = some("sessions 20");
    let container = virtual_host(HostClass::Container("it says so".into()));
    for (facts, tolerance) in
        [(machine(), "instance and 3 of os, system, name, net"), (container, "os, instance")]
    {
        let id = Applicant::LockingId(crypto::locking_id(&facts));
        let mut desk = desk_for(AllowedClasses::default());
        assert_eq!(desk.issue(&requested(id, &[1], &these)).unwrap_err().reason(), Reason::WrongClass);
        assert_eq!(desk.left(1, "sessions"), 50);
        desk.catalog.products[0].lock.rule.allow = AllowedClasses::ALL;
        let done = desk.issue(&requested(id, &[1], &these)).unwrap();
        let Lock::LockingId { tolerance: bound, .. } = &done.license.lock else { panic!("no Locking ID") };
        assert_eq!(bound.to_string(), tolerance);
    }
}

#[test]
fn a_host_by_typed_id_and_by_request_is_charged_once() {
    for (key, facts) in [(11, machine()), (12, host(2, 0))] {
        let (mut desk, these) = (desk_for(AllowedClasses::ALL), some("sessions 20"));
        let id = crypto::locking_id(&facts);
        desk.issue(&requested(Applicant::LockingId(id), &[1], &these)).unwrap();
        let request = scene::request_from(key, &facts, 1, desk.now);
        let done = desk.issue(&requested(Applicant::Request(&request), &[1], &these)).unwrap();
        assert_eq!((done.license.lock.unit(), desk.left(1, "sessions")), (Some(Unit::Hardware(id)), 30));
        let more = some("sessions 25");
        let next = scene::request_from(key, &facts, 2, desk.now);
        desk.issue(&requested(Applicant::Request(&next), &[1], &more)).unwrap();
        assert_eq!(desk.left(1, "sessions"), 25);
    }
}

#[test]
fn an_installation_stays_its_unit_when_its_locking_id_is_typed() {
    let (mut desk, these) = (desk_for(AllowedClasses::ALL), some("sessions 20"));
    let request = request_of(2, None, 1, desk.now);
    let first = desk.issue(&requested(Applicant::Request(&request), &[1], &these)).unwrap();
    let id = Applicant::LockingId(crypto::locking_id(&host(2, 0)));
    let done = desk.issue(&requested(id, &[1], &these)).unwrap();
    assert_eq!((&done.license.lock, desk.left(1, "sessions")), (&first.license.lock, 30));
    // With a copy of it there are two installations, and nobody knows which one is meant.
    let copy = HostFacts { system_id: host(3, 0).system_id, ..host(2, 0) };
    let copy = scene::request_from(13, &copy, 2, desk.now);
    desk.issue(&requested(Applicant::Request(&copy), &[1], &some("sessions 5"))).unwrap();
    let done = desk.issue(&requested(id, &[1], &some("sessions 5"))).unwrap();
    assert!(matches!(done.license.lock.unit(), Some(Unit::Hardware(_))), "{:?}", done.notes);
}

/// An id that was booked before ids told their kind of host.
#[test]
fn a_unit_booked_by_an_earlier_id_goes_on() {
    let (mut desk, these) = (desk_for(AllowedClasses::ALL), some("sessions 20"));
    let rule = &mut desk.catalog.products[0].lock.rule;
    let named = airlatch_core::model::Tolerance::new([System], [Name, Net], 1).unwrap();
    rule.tolerance = Some(named);
    let told = crypto::locking_id(&machine());
    let old: LockingId = told.without_kind();
    let before = desk.issue(&requested(Applicant::LockingId(old), &[1], &these)).unwrap();
    assert_eq!(desk.left(1, "sessions"), 30);
    let after = desk.issue(&requested(Applicant::LockingId(told), &[1], &these)).unwrap();
    assert_eq!((after.license.lock, desk.left(1, "sessions")), (before.license.lock, 30));
}

#[test]
fn what_must_stay_on_its_unit_follows_only_hardware_that_is_partly_the_same() {
    let (mut desk, these) = (desk_for(AllowedClasses::ALL), some("sessions 20"));
    desk.catalog.products[0].transferable = false;
    desk.issue(&requested(Applicant::Request(&request_of(2, None, 1, desk.now)), &[1], &these)).unwrap();
    let other = HostFacts { system_id: host(2, 0).system_id, ..host(4, 0) };
    let request = scene::request_from(12, &other, 2, desk.now);
    let mut replaced = requested(Applicant::Request(&request), &[1], &these);
    replaced.other_hardware = true;
    let error = desk.issue(&replaced).unwrap_err();
    assert_eq!(error.cause(), Some(airlatch_core::model::Cause::MustStay), "{error}");
    let repaired = scene::request_from(12, &host(2, 4), 3, desk.now);
    let mut repaired = requested(Applicant::Request(&repaired), &[1], &these);
    repaired.other_hardware = true;
    assert!(desk.issue(&repaired).is_ok());
}
