//! The samples are what their README says, and every later version reads them.

use crate::common::place::repository;
use crate::common::trip::Trip;

const DEMO: &str = "$REPO/keys/demo-DO-NOT-TRUST.pub";

#[test]
fn every_sample_is_what_its_readme_says() {
    let mut trip = Trip::new("samples");
    for (command, begins) in [
        ("inspect $REPO/samples/host.request", "request, verified"),
        ("inspect $REPO/samples/host.license --trust DEMO", "license, verified"),
        ("inspect $REPO/samples/host.license", "license, NOT VERIFIED"),
        ("verify $REPO/samples/host.license --trust DEMO --feature sessions=40 --reason", "valid"),
        (
            "verify $REPO/samples/device.license --trust DEMO --mac 0004f1144bd4 --product phone --reason",
            "note",
        ),
        ("inspect $REPO/samples/grant.toml", "grant for call-services"),
        ("inspect $REPO/samples/phones.toml", "grant for phone"),
        ("inspect $REPO/samples/catalog.toml", "catalog of call-services, phone"),
        ("inspect $REPO/samples/catalog-template.toml", "catalog of example"),
        ("inspect $REPO/samples/macs.tsv", "list of 4 devices"),
        ("inspect $REPO/keys/demo-DO-NOT-TRUST.key", "private key without"),
    ] {
        let printed = trip.line(&format!("airlatch {}", command.replace("DEMO", DEMO)));
        assert!(printed.starts_with(begins), "{command}: {printed}");
        assert!(!printed.contains("[exit"), "{command}: {printed}");
    }
}

#[test]
fn the_demo_pair_fits() {
    let read = |name: &str| {
        airlatch_core::crypto::read_key(&std::fs::read(repository().join(name)).unwrap()).unwrap()
    };
    let private =
        airlatch_core::crypto::expect_private(read("keys/demo-DO-NOT-TRUST.key"), || unreachable!()).unwrap();
    let public = airlatch_core::crypto::expect_public(read("keys/demo-DO-NOT-TRUST.pub")).unwrap();
    assert_eq!(private.public(), public);
}
