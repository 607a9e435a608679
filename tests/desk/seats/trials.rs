//! Trial licenses: one per unit and hardware, with the same bytes when requested again.

use airlatch_core::crypto;
use airlatch_core::model::{ComponentKind, LockingId, Reason, Unit};
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, ActivationRequest, ModelInput};

use crate::scene::{self, host, key, mac, request_of};
use crate::seats_desk::{Desk, requested, some};

#[test]
fn a_lost_trial_license_is_found_again() {
    let mut desk = Desk::new();
    let none = some("");
    for applicant in [
        Applicant::Mac(mac(1)),
        Applicant::SystemId(key(30).public().system_id()),
        Applicant::LockingId(crypto::locking_id(&host(5, 0))),
        Applicant::Request(&request_of(1, None, 1, desk.now)),
    ] {
        let start = desk.now;
        let done = desk.issue(&requested(applicant, &[], &none)).unwrap();
        desk.now = start.plus_seconds(29 * 86_400);
        let again = desk.issue(&requested(applicant, &[], &none)).unwrap();
        assert_eq!((again.new, again.bytes), (false, done.bytes));
        let mut other = requested(applicant, &[], &none);
        other.notes.end_user = Some("Somebody else".into());
        let other = desk.issue(&other).unwrap_err();
        assert!([Reason::EvaluationUsed, Reason::AlreadyIssued].contains(&other.reason()), "{other}");
        desk.now = start.plus_seconds(31 * 86_400);
        let over = desk.issue(&requested(applicant, &[], &none));
        match applicant {
            // A request that was answered keeps its answer.
            Applicant::Request(_) => assert!(!over.unwrap().new),
            _ => assert_eq!(over.unwrap_err().reason(), Reason::EvaluationUsed),
        }
    }
}

#[test]
fn a_trial_has_the_features_of_the_catalog() {
    let mut desk = Desk::new();
    let (many, request) = (some("sessions 28"), request_of(1, None, 1, desk.now));
    let done = desk.issue(&requested(Applicant::Request(&request), &[], &many)).unwrap();
    assert_eq!(done.license.features.to_string(), "conference, sessions 5");
    let again = desk.issue(&requested(Applicant::Request(&request), &[], &many)).unwrap();
    assert_eq!((again.new, again.bytes), (false, done.bytes));
}

#[test]
fn a_host_that_bought_under_one_of_its_ids_gets_no_trial_under_another() {
    let (these, none) = (some("sessions 5"), some(""));
    let request = request_of(1, None, 1, Desk::new().now);
    let ids = [Applicant::LockingId(crypto::locking_id(&host(1, 0))), Applicant::Request(&request)];
    for (bought, tried) in [(ids[0], ids[1]), (ids[1], ids[0])] {
        let mut desk = Desk::with(&[&[("sessions", 50)]]);
        desk.issue(&requested(bought, &[1], &these)).unwrap();
        let error = desk.issue(&requested(tried, &[], &none)).unwrap_err();
        assert_eq!(error.reason(), Reason::AlreadyHeld, "{error}");
    }
}

/// Deleting the installation's key changes the System ID, but not the hardware.
#[test]
fn a_new_installation_on_the_same_hardware_is_no_new_host() {
    let mut desk = Desk::new();
    let none = some("");
    desk.issue(&requested(Applicant::Request(&request_of(1, None, 1, desk.now)), &[], &none)).unwrap();
    let mut facts = host(1, 0);
    facts.system_id = Some(key(40).public().system_id());
    let anew = scene::request_from(40, &facts, 2, desk.now);
    let error = desk.issue(&requested(Applicant::Request(&anew), &[], &none)).unwrap_err();
    assert_eq!(error.reason(), Reason::EvaluationUsed);
    let typed = crypto::locking_id(&facts);
    let error = desk.issue(&requested(Applicant::LockingId(typed), &[], &none)).unwrap_err();
    assert_eq!(error.reason(), Reason::EvaluationUsed);
    let other = scene::request(2, 0, scene::pbx_request(), 3, desk.now);
    assert!(desk.issue(&requested(Applicant::Request(&other), &[], &none)).unwrap().new);
}

/// Some of them are within the tolerance of the lock; with three others two of hardware are still those of the machine.
#[test]
fn a_locking_id_with_a_group_changed_is_the_same_hardware() {
    let mut desk = Desk::new();
    let none = some("");
    let id = crypto::locking_id(&host(1, 0));
    desk.issue(&requested(Applicant::LockingId(id), &[], &none)).unwrap();
    let with = |changed: usize| {
        let mut groups = ComponentKind::HARDWARE.map(|kind| id.group(kind).unwrap());
        groups.iter_mut().take(changed).for_each(|group| *group ^= 1);
        LockingId::from_groups(groups)
    };
    for changed in [1, 2, 3] {
        let error = desk.issue(&requested(Applicant::LockingId(with(changed)), &[], &none)).unwrap_err();
        assert_eq!(error.reason(), Reason::EvaluationUsed, "{changed}");
    }
    assert!(desk.issue(&requested(Applicant::LockingId(with(4)), &[], &none)).unwrap().new);
}

#[test]
fn a_trial_never_replaces_a_bought_license() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let (none, these) = (some(""), some("sessions 2"));
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    assert_eq!(
        desk.issue(&requested(Applicant::Mac(mac(1)), &[], &none)).unwrap_err().reason(),
        Reason::AlreadyHeld
    );
    // A purchase replaces a trial license, which can't be issued again.
    desk.issue(&requested(Applicant::Mac(mac(2)), &[], &none)).unwrap();
    let bought = desk.issue(&requested(Applicant::Mac(mac(2)), &[1], &these)).unwrap();
    assert_eq!(bought.license.features.to_string(), "sessions 2");
    assert_eq!(
        desk.issue(&requested(Applicant::Mac(mac(2)), &[], &none)).unwrap_err().reason(),
        Reason::EvaluationUsed
    );
    let which = desk::LicenseSelector::Unit(Unit::Device(mac(2)), "pbx".into());
    let (license, _) = desk.work(|operator, book| desk::reprint(operator, book, &which)).unwrap();
    assert_eq!(*license.get(), bought.license);
}

/// Free features are not bought: a license of them alone does not use up the trial, which has them too.
#[test]
fn a_license_of_free_features_only_leaves_the_trial() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let (none, free) = (some(""), some("voicemail"));
    let mut issue = |codes: &[u8], these| {
        let applicant = Applicant::SystemId(key(30).public().system_id());
        let requested = ActivationRequest {
            model: ModelInput { named: Some("IP800"), ..ModelInput::default() },
            ..requested(applicant, codes, these)
        };
        desk.issue(&requested).unwrap().license.features.to_string()
    };
    assert_eq!(issue(&[1], &free), "voicemail");
    assert_eq!(issue(&[], &none), "conference, sessions 5, voicemail");
}
