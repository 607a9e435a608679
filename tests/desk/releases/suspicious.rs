//! What the ledger shows as suspicious: machines, releases, moves, clock resets and odd times, and trials on one machine.

use airlatch_core::crypto;
use airlatch_core::format;
use airlatch_core::host;
use airlatch_core::model::{
    Cause, ClockResetRequest, ComponentKind, Components, HostFacts, Kind, Reason, Receipt, Time,
};
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, ActivationRequest};

use super::receipts::{id, receipt, release};
use crate::scene::{host, key, pbx_request, request, request_from, request_of, time};
use crate::seats_desk::{Desk, Done, requested, some};

/// The kinds that stand out, with their counts.
fn found(desk: &mut Desk) -> Vec<(&'static str, usize)> {
    let found = desk.work(|operator, book| desk::suspicions(operator, book)).unwrap();
    found.iter().map(|it| (it.kind.word(), it.count)).collect()
}

fn issue(desk: &mut Desk, seed: u8, facts: &HostFacts, other_hardware: bool) -> Result<Done, Reason> {
    let asked = request_from(seed, facts, desk.now.seconds().cast_unsigned(), desk.now);
    let these = some("sessions 2");
    let asked = ActivationRequest { other_hardware, ..requested(Applicant::Request(&asked), &[1], &these) };
    desk.issue(&asked).map_err(|error| error.reason())
}

fn later(desk: &mut Desk, days: i64) {
    desk.now = desk.now.plus_days(days);
}

/// Host 1 with these components only, and with this machine id.
fn part_of_host_1(os: &str, kinds: &[ComponentKind]) -> HostFacts {
    let (whole, mut components) = (host(1, 0), Components::default());
    components.add(ComponentKind::Os, os);
    kinds.iter().for_each(|kind| components.add(*kind, whole.components.get(*kind)[0].clone()));
    HostFacts { system_id: Some(key(40).public().system_id()), components, ..whole }
}

#[test]
fn a_trial_is_not_given_again_to_a_part_of_the_machine() {
    use ComponentKind::{Board, Disk, Nic, System};
    for kinds in [[System, Board, Nic], [System, Board, Disk], [System, Nic, Disk], [Board, Nic, Disk]] {
        let mut desk = Desk::new();
        let nothing = some("");
        let mut first = part_of_host_1("first", &[System, Board, Nic]);
        first.system_id = host(1, 0).system_id;
        let first = request_from(11, &first, 1, desk.now);
        desk.issue(&requested(Applicant::Request(&first), &[], &nothing)).unwrap();
        let second = request_from(40, &part_of_host_1("second", &kinds), 2, desk.now);
        let error = desk.issue(&requested(Applicant::Request(&second), &[], &nothing)).unwrap_err();
        assert_eq!(error.reason(), Reason::EvaluationUsed, "{kinds:?}");
    }
    let mut desk = Desk::new();
    let nothing = some("");
    for number in [1, 2] {
        let asked = request_of(number, None, 1, desk.now);
        desk.issue(&requested(Applicant::Request(&asked), &[], &nothing)).unwrap();
    }
    assert_eq!(found(&mut desk), []);
}

#[test]
fn one_machine_under_several_names_stands_out() {
    use ComponentKind::{Board, Disk, Nic};
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    issue(&mut desk, 11, &host(1, 0), false).unwrap();
    issue(&mut desk, 12, &host(2, 0), false).unwrap();
    assert_eq!(found(&mut desk), []);
    issue(&mut desk, 40, &part_of_host_1("second", &[Board, Nic, Disk]), false).unwrap();
    assert_eq!(found(&mut desk), [("same-hardware", 2), ("os-ids", 2)]);
}

#[test]
fn releases_of_one_machine_are_counted_over_a_year() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    for count in 1..=3 {
        let done = issue(&mut desk, 11, &host(1, 0), false).unwrap();
        later(&mut desk, 1);
        let paper = receipt(11, &desk, id(&done), "pbx");
        release(&mut desk, &paper).unwrap();
        later(&mut desk, 1);
        let expected = if count > 1 { vec![("releases", count)] } else { vec![] };
        assert_eq!(found(&mut desk), expected);
    }
    later(&mut desk, 362);
    assert_eq!(found(&mut desk), [("releases", 2)]);
    later(&mut desk, 3);
    assert_eq!(found(&mut desk), []);
}

#[test]
fn moves_are_counted_and_limited_where_the_catalog_says_so() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    desk.catalog.products[0].moves_per_year = Some(2);
    let on = |number: u8| HostFacts { system_id: host(1, 0).system_id, ..host(number, 0) };
    issue(&mut desk, 11, &on(1), false).unwrap();
    for (number, notes) in [(2, 0), (3, 1)] {
        later(&mut desk, 10);
        let done = issue(&mut desk, 11, &on(number), true).unwrap();
        let told = done.notes.iter().filter(|note| note.starts_with("moves of this license")).count();
        assert_eq!(told, notes, "{:?}", done.notes);
    }
    assert_eq!(found(&mut desk), [("moves", 2)]);
    later(&mut desk, 10);
    let asked = request_from(11, &on(4), 9, desk.now);
    let these = some("sessions 2");
    let asked =
        ActivationRequest { other_hardware: true, ..requested(Applicant::Request(&asked), &[1], &these) };
    let error = desk.issue(&asked).unwrap_err();
    assert_eq!((error.reason(), error.cause()), (Reason::WrongHost, Some(Cause::MovesUsed)));
    later(&mut desk, 350);
    issue(&mut desk, 11, &on(4), true).unwrap();
}

#[test]
fn clocks_that_do_not_fit_stand_out() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let done = issue(&mut desk, 11, &host(1, 0), false).unwrap();
    for serial in [5, 6] {
        let clock =
            Some(ClockResetRequest { nonce: [serial as u8; 16], latest_time: time("2099-01-01T00:00:00Z") });
        let asked = request(1, 0, host::RequestInput { clock, ..pbx_request() }, serial, desk.now);
        desk.work(|operator, book| desk::reset(operator, book, &asked, false, &key(1))).unwrap();
    }
    assert_eq!(found(&mut desk), [("clock-resets", 2)]);
    let signed = |made: Time| {
        let (system_id, product) = (key(11).public().system_id(), "pbx".to_owned());
        let receipt = Receipt { made, system_id, product, license: id(&done), note: None };
        crypto::seal(Kind::ReleaseReceipt, &format::write_receipt(&receipt).unwrap(), &key(11))
    };
    for (days, expected) in [(1, 0), (2, 1), (-1, 0), (-2, 1)] {
        let mut desk = Desk { ledger: desk.ledger.clone(), ..Desk::new() };
        let paper = signed(desk.now.plus_days(days));
        release(&mut desk, &paper).unwrap();
        let times = found(&mut desk).iter().filter(|(kind, _)| *kind == "times").count();
        assert_eq!(times, expected, "{days} days");
    }
}
