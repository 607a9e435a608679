//! Which locks are weak, and are refused unless somebody accepts one for a license.

use airlatch_core::crypto::Verified;
use airlatch_core::format;
use airlatch_core::model::{
    ComponentKind, ComponentKind::Board, ComponentKind::Disk, ComponentKind::Instance, ComponentKind::Name,
    ComponentKind::Net, ComponentKind::Nic, ComponentKind::Os, ComponentKind::System,
};
use airlatch_core::model::{Error, Features, LockingId, Request};
use airlatch_desk::catalog::Grant;
use airlatch_desk::charge::{self, Applicant, Decision};

use crate::common::grants::{accepting, now, plain_grant};
use crate::common::rules_room::{host_with, key, request, request_input, seal_request};

fn decide(grant: &Grant, request: &Verified<Request>) -> Result<Decision, Error> {
    charge::decide(grant, Applicant::Request(request), &Features::default(), None, now())
}

/// Whether a request is answered with a lock of its components: the word of the error, or `strong`; with a lock that is
/// accepted, `weak`.
fn strength(lock: &str, class: &str, shown: &[(ComponentKind, &str)]) -> [String; 2] {
    let mut asked = request(request_input(), &host_with(shown.iter().copied()), now()).get().clone();
    asked.class = class.into();
    let asked = format::read_request(&seal_request(&asked, 2)).unwrap();
    let grant = plain_grant(lock);
    [grant.clone(), accepting(grant)].map(|grant| match decide(&grant, &asked) {
        Err(error) => error.reason().to_string(),
        Ok(given) if given.license.weak_lock => "weak".into(),
        Ok(_) => "strong".into(),
    })
}

/// Who can hide components, or name the parts of several hosts, must not get a lock that any host meets.
#[test]
fn a_lock_needs_three_components_of_hardware() {
    let all = [(Os, "o"), (System, "s"), (Board, "b"), (Nic, "n"), (Disk, "d")];
    for shown in 0..1usize << 5 {
        let kinds: Vec<_> = (0..5).filter(|at| shown >> at & 1 == 1).map(|at| all[at]).collect();
        let hardware = kinds.iter().filter(|(kind, _)| *kind != Os).count();
        let expected = if hardware >= 3 { ["strong", "strong"] } else { ["weak-host", "weak"] };
        assert_eq!(strength("", "bare-metal", &kinds), expected, "{kinds:?}");
    }
    let error =
        decide(&plain_grant(""), &request(request_input(), &host_with([(Os, "a"), (Nic, "b")]), now()));
    let error = error.unwrap_err();
    assert_eq!(error.message(), "the host shows 1 of the 3 components of hardware that a lock needs");
    assert_eq!(error.details(), ["hardware    nic", "others      os"]);
}

/// What a virtual host shows is its settings: the grant says whether that is enough, but an instance id alone is not.
#[test]
fn a_virtual_host_needs_more_than_one_id() {
    let allow = "[lock]\nallow = ['virtual', 'container']\n";
    let by_instance = format!("{allow}required = ['instance']\n");
    let by_system = format!("{allow}required = ['system']\n");
    for (lock, class, shown, expected) in [
        (allow, "virtual", &[(System, "s"), (Name, "h")][..], ["strong", "strong"]),
        (allow, "virtual", &[(Os, "o"), (Net, "n")], ["strong", "strong"]),
        (allow, "virtual", &[(Os, "o")], ["weak-host", "weak"]),
        (allow, "virtual", &[(System, "s")], ["weak-host", "weak"]),
        (allow, "virtual", &[(Instance, "i")], ["weak-host", "weak"]),
        (allow, "container", &[(Os, "o"), (Instance, "i")], ["strong", "strong"]),
        (allow, "container", &[(Instance, "i")], ["weak-host", "weak"]),
        (allow, "container", &[(Os, "o")], ["weak-host", "weak"]),
        (&by_instance, "container", &[(Os, "o"), (Instance, "i")], ["weak-host", "weak"]),
        (&by_instance, "virtual", &[(System, "s"), (Instance, "i")], ["weak-host", "weak"]),
        (&by_system, "virtual", &[(System, "s"), (Name, "h")], ["strong", "strong"]),
    ] {
        assert_eq!(strength(lock, class, shown), expected, "{lock} {class} {shown:?}");
    }
}

/// More values than most hosts have may be the parts of several hosts.
#[test]
fn more_than_four_values_of_a_component_are_not_taken_unasked() {
    let cards: Vec<String> = (0..16).map(|at| format!("0004f10000{at:02x}")).collect();
    for (count, expected) in
        [(4, ["strong", "strong"]), (5, ["weak-host", "weak"]), (16, ["weak-host", "weak"])]
    {
        let cards = cards[..count].iter().map(|card| (Nic, card.as_str()));
        let shown: Vec<_> = cards.chain([(Os, "o"), (System, "s"), (Board, "b"), (Disk, "d")]).collect();
        assert_eq!(strength("", "bare-metal", &shown), expected, "{count}");
    }
}

#[test]
fn a_system_id_or_a_thin_locking_id_alone_is_weak() {
    let system = key(2).public().system_id();
    let typed = |groups| Applicant::LockingId(LockingId::from_groups(groups));
    for (lock, applicant, expected) in [
        ("", Applicant::SystemId(system), ["weak-host", "weak"]),
        ("[lock]\nsystem-id-only = true\n", Applicant::SystemId(system), ["strong", "strong"]),
        ("", typed([1, 0, 2, 3, 0]), ["weak-host", "weak"]),
        ("", typed([0, 1, 2, 3, 0]), ["strong", "strong"]),
    ] {
        let given = [plain_grant(lock), accepting(plain_grant(lock))].map(|grant| {
            match charge::decide(&grant, applicant, &Features::default(), None, now()) {
                Err(error) => error.reason().word(),
                Ok(given) if given.license.weak_lock => "weak",
                Ok(_) => "strong",
            }
        });
        assert_eq!(given, expected, "{lock} {applicant:?}");
    }
}
