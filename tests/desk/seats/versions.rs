//! A license is for one version: buying one article of the new version upgrades none of the old ones.

use airlatch_core::model::Reason;
use airlatch_desk::charge::Applicant;
use airlatch_desk::orders::Order;

use crate::scene::{mac, request_of};
use crate::seats_desk::{Desk, order, requested, some};

fn versioned(number: &str, version: Option<&str>, sessions: u64) -> Order {
    Order { version: version.map(str::to_owned), ..order(number, &[("sessions", sessions)]) }
}

fn desk() -> Desk {
    let mut desk = Desk::new();
    for (number, version, sessions) in [(1, Some("1"), 60), (2, Some("2"), 5), (3, None, 7)] {
        desk.book(number, versioned(&format!("SO-{number}"), version, sessions)).unwrap();
    }
    desk
}

#[test]
fn codes_of_two_versions_make_no_license_together() {
    let mut desk = desk();
    let these = some("sessions 30");
    let error = desk.issue(&requested(Applicant::Mac(mac(1)), &[2, 1], &these)).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongProduct);
    assert_eq!(error.details(), ["asked for  2", "code       1"]);
    assert!(desk.issue(&requested(Applicant::Mac(mac(1)), &[1, 2], &these)).is_err());
    assert!(desk.issue(&requested(Applicant::Mac(mac(1)), &[3, 1], &these)).is_ok());
}

#[test]
fn one_article_of_the_new_version_upgrades_none_of_the_old() {
    let mut desk = desk();
    let (many, few) = (some("sessions 50"), some("sessions 1"));
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &many)).unwrap();
    let lifted = desk.issue(&requested(Applicant::Mac(mac(1)), &[2], &few)).unwrap();
    assert_eq!(lifted.license.version.as_deref(), Some("2"));
    assert_eq!(lifted.license.features.to_string(), "sessions 1");
    assert!(lifted.notes.iter().any(|note| note.contains("is for version 1")), "{:?}", lifted.notes);
    // Nothing is lost: the old code still licenses the old version, without a charge.
    let back = desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &many)).unwrap();
    assert_eq!((back.license.version.as_deref(), back.charged.len()), (Some("1"), 0));
    assert_eq!(back.license.features.to_string(), "sessions 50");
}

#[test]
fn a_code_for_any_version_adds_to_what_is_there() {
    let mut desk = desk();
    let (many, few) = (some("sessions 50"), some("sessions 2"));
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &many)).unwrap();
    let both = desk.issue(&requested(Applicant::Mac(mac(1)), &[3], &few)).unwrap();
    assert_eq!(both.license.version.as_deref(), Some("1"));
    assert_eq!(both.license.features.to_string(), "sessions 52");
}

#[test]
fn the_version_in_a_request_upgrades_nothing() {
    let mut desk = desk();
    let (many, few) = (some("sessions 50"), some("sessions 2"));
    let old = request_of(1, Some("1"), 1, desk.now);
    desk.issue(&requested(Applicant::Request(&old), &[1], &many)).unwrap();
    let new = request_of(1, Some("2"), 2, desk.now);
    let lifted = desk.issue(&requested(Applicant::Request(&new), &[3], &few)).unwrap();
    assert_eq!(lifted.license.version.as_deref(), Some("2"));
    assert_eq!(lifted.license.features.to_string(), "sessions 2");
}
