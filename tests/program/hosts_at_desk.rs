//! Licenses for machines, virtual machines and containers at the desk, refusals, and the privacy of requests.

use airlatch_desk::charge;
use std::time::Instant;

use airlatch_core::crypto;
use airlatch_core::host;
use airlatch_core::model::{ComponentKind, ComponentKind::Nic};
use airlatch_core::model::{
    Features, HostClass, HostFacts, HostIdentity, License, Lock, Reason, Result, Time, Verdict,
};
use airlatch_core::rules;
use airlatch_desk::charge::{Applicant, Decision};
use airlatch_machine::platform;

use crate::common::captured_room::{Copy, captured};
use crate::common::grants::{accepting, plain_grant};
use crate::common::rules_room::{asking, full_host, host_with, key, request, request_input, time, verified};
use crate::common::trip::Trip;

const ALL: &str = "[lock]\nallow = ['virtual', 'container']\n";

fn now() -> Time {
    time("2026-11-21T12:00:00Z")
}

fn facts(host: &std::path::Path, instance: Option<&str>) -> HostFacts {
    let identity = HostIdentity { instance: instance.map(ToOwned::to_owned), ..HostIdentity::default() };
    let probe = platform::probe(host, &identity);
    HostFacts { class: probe.class, components: probe.components, absent: probe.absent, ..host_with([]) }
}

fn asks(lock: &str, facts: &HostFacts) -> Result<Decision> {
    let request = request(request_input(), facts, now());
    charge::decide(&plain_grant(lock), Applicant::Request(&request), &Features::default(), None, now())
}

/// The same where somebody accepts a weak lock.
fn accepted(lock: &str, facts: &HostFacts) -> Result<Decision> {
    let request = request(request_input(), facts, now());
    let grant = accepting(plain_grant(lock));
    charge::decide(&grant, Applicant::Request(&request), &Features::default(), None, now())
}

fn tolerance(license: &License) -> String {
    match &license.lock {
        Lock::Fingerprint { tolerance, .. } => tolerance.to_string(),
        lock => lock.word().to_owned(),
    }
}

#[test]
fn a_host_of_a_kind_that_is_not_allowed_is_refused_at_the_desk() {
    let machine = full_host();
    let virtual_one = HostFacts { class: HostClass::Virtual("a maker".into()), ..full_host() };
    let container = HostFacts { class: HostClass::Container("a mark".into()), ..full_host() };
    let settings = host_with(ComponentKind::VIRTUAL.map(|kind| (kind, "first")));
    for (allow, expected) in [
        ("", [true, false, false, false]),
        ("allow = ['virtual']\n", [true, true, false, true]),
        ("allow = ['container']\n", [true, false, true, false]),
        ("allow = ['virtual', 'container']\n", [true; 4]),
        ("system-id-only = true\n", [true, false, false, false]),
    ] {
        for (facts, is_given) in [&machine, &virtual_one, &container, &settings].into_iter().zip(expected) {
            let given = accepted(&format!("[lock]\n{allow}"), facts);
            let reason = given.as_ref().err().map(|error| error.reason());
            assert_eq!(reason, (!is_given).then_some(Reason::WrongClass), "{allow:?} {:?}", facts.class);
            // The host accepts the license.
            if let Ok(given) = given {
                let verdict = rules::judge(&verified(&given.license), facts, &asking(now())).verdict;
                assert_eq!(verdict, Verdict::Valid, "{allow:?} {:?}", facts.class);
            }
        }
    }
    let error = asks("", &container).unwrap_err();
    assert_eq!((error.place(), error.details()), (Some("class"), &["allowed  bare metal".to_owned()][..]));
}

#[test]
fn each_captured_host_gets_the_lock_of_its_kind() {
    for (host, instance, expected) in [
        ("workshop-a", None, Ok("3 of os, system, board, nic, disk")),
        ("vmware", None, Ok("system and 2 of os, name, net")),
        ("vmware", Some("a"), Ok("instance and 3 of os, system, name, net")),
        ("kvm-guest", None, Ok("2 of os, net")),
        ("container", None, Err(Reason::WeakHost)),
        ("container-pass-through", None, Err(Reason::WeakHost)),
        ("container", Some("a"), Err(Reason::WeakHost)),
        ("container-pass-through", Some("a"), Ok("os, instance")),
    ] {
        let given = asks(ALL, &facts(&captured(host), instance));
        let given = given.map(|decision| tolerance(&decision.license));
        assert_eq!(given.as_deref().map_err(|error| error.reason()), expected, "{host} {instance:?}");
    }
    for (instance, expected) in [(None, "system-id"), (Some("a"), "instance")] {
        let weak = accepted(ALL, &facts(&captured("container"), instance)).unwrap().license;
        assert_eq!((tolerance(&weak).as_str(), weak.weak_lock), (expected, true));
    }
}

/// The desk warns before it licenses a host that can't be told from a copy.
#[test]
fn a_clone_takes_the_license_of_its_original_and_the_desk_says_so() {
    let decision = asks(ALL, &facts(&captured("kvm-docker"), None)).unwrap();
    let note = "a copy of this virtual machine with the same settings can't be distinguished from it";
    assert_eq!(decision.notes, [note]);
    let license = verified(&decision.license);
    let says = |facts: &HostFacts| rules::judge(&license, facts, &asking(now())).verdict;
    assert_eq!(says(&facts(&captured("kvm-docker-clone"), None)), Verdict::Valid);
    let clone = Copy::of("kvm-docker-clone", "uuid");
    clone.set("sys/class/dmi/id/product_uuid", "9f2d1c0b-5a69-4788-9b7a-6c5d4e3f2a1c\n");
    assert!(matches!(says(&facts(&clone.0, None)), Verdict::Refused(_)), "its UUID tells");
}

/// A user without root can copy these files to another machine.
#[test]
fn a_copied_id_address_and_name_do_not_make_another_machine_the_licensed_one() {
    for (licensed, other, files) in [
        ("vmware", "virtualbox", ["sys/class/net/ens192/address", "sys/class/net/enp0s3/address"]),
        ("workshop-a", "clinic-b", ["sys/class/net/eno1/address", "sys/class/net/eth0/address"]),
    ] {
        let license = verified(&asks(ALL, &facts(&captured(licensed), None)).unwrap().license);
        let thief = Copy::of(other, "thief");
        let read = |path: &str| std::fs::read_to_string(captured(licensed).join(path)).unwrap();
        thief.set("etc/machine-id", &read("etc/machine-id")).set(files[1], &read(files[0]));
        thief.set("proc/sys/kernel/hostname", "pbx-berlin\n");
        let verdict = rules::judge(&license, &facts(&thief.0, None), &asking(now())).verdict;
        assert!(matches!(verdict, Verdict::Refused(_)), "{other} passes for {licensed}");
    }
}

/// Two requests of a host for one product can be compared, those for two vendors or products can't.
#[test]
fn the_salt_is_one_for_each_vendor_and_product() {
    let system = key(2).public().system_id();
    let ids = [key(1), key(3)].map(|key| key.public().key_id());
    let license = asks("", &full_host()).unwrap().license;
    let salt = |product: &str, trusted: &[usize], installed: &[&License]| {
        host::salt(product, system, trusted.iter().map(|at| ids[*at]), installed.iter().copied())
    };
    assert_eq!(salt("pbx", &[0], &[]), salt("pbx", &[0], &[]));
    let others = [salt("pbx", &[1], &[]), salt("phone", &[0], &[]), salt("pbx", &[], &[])];
    assert!(!others.contains(&salt("pbx", &[0], &[])));
    assert_eq!(salt("pbx", &[0, 1], &[]), salt("pbx", &[], &[]), "of several vendors none is meant");
    assert_eq!(salt("pbx", &[0], &[&license]), [7; 16], "that of the license which is there");
    assert_ne!(salt("phone", &[0], &[&license]), [7; 16]);
    let elsewhere = host::salt("pbx", key(3).public().system_id(), [ids[0]], [&license]);
    assert_eq!(elsewhere, salt("pbx", &[0], &[]), "the license of another installation is none");
}

/// The same through the program: the next request uses the salt of the installed license.
#[test]
fn a_second_request_has_the_salt_of_the_installed_license() {
    let trip = Trip::new("salt");
    let run = |args: &str| {
        let ran = trip.airlatch(&args.split(' ').collect::<Vec<_>>(), Vec::new());
        assert_eq!(ran.exit, 0, "{args}: {}", ran.both);
    };
    let grant = "product = 'pbx'\npermanent = true\n[features]\nvoicemail = true\n";
    std::fs::write(trip.folder.join("grant.toml"), grant).unwrap();
    run("keygen --out acme --no-passphrase");
    run("request --product pbx --out first.request");
    run("request --product pbx --trust acme.pub --out named.request");
    run("issue --key acme.key --grant grant.toml first.request --out host.license --yes");
    run("install host.license --trust acme.pub");
    run("request --product pbx --out second.request");
    run("request --product phone --out other.request");
    let salt = |name: &str| {
        let (sealed, _) =
            airlatch_core::format::open_one(&std::fs::read(trip.folder.join(name)).unwrap()).unwrap();
        airlatch_core::format::read_request(&sealed).unwrap().get().fingerprint.salt
    };
    assert_eq!(salt("second.request"), salt("first.request"));
    assert_ne!(salt("named.request"), salt("first.request"), "now the vendor is known");
    assert_ne!(salt("other.request"), salt("second.request"));
}

/// Measures the time to find a MAC address of a known manufacturer from its hash, which the manual states.
#[test]
fn an_address_of_a_known_manufacturer_is_found_by_trying() {
    let salt = host::salt("pbx", key(2).public().system_id(), [], []);
    let tried: u32 = 1 << 16;
    let wanted = crypto::component_hash(&salt, Nic, &format!("0004f1{:06x}", tried - 1));
    let start = Instant::now();
    let found =
        (0..tried).find(|at| crypto::component_hash(&salt, Nic, &format!("0004f1{at:06x}")) == wanted);
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(found, Some(tried - 1));
    let all = seconds * f64::from(1u32 << 24) / f64::from(tried);
    println!(
        "2^16 addresses in {:.0} ms on one core, so all 2^24 of a maker in {all:.0} s",
        seconds * 1000.0
    );
    assert!(all < 3600.0, "the manual says seconds");
}
