//! The hardware files of a host decide whether a license is valid, in the library and through the program.

use std::fs;
use std::path::{Path, PathBuf};

use airlatch_core::model::{ComponentMatch, HostFacts, HostIdentity};
use airlatch_core::rules;
use airlatch_machine::platform;

use crate::common::grants::{LOCK, by_request, refusal};
use crate::common::place::repository;
use crate::common::rules_room::{host_with, verified};
use crate::common::trip::Trip;

/// A copy of a captured host that a test can change; removed at the end.
struct Machine(PathBuf);

impl Machine {
    fn copy_of(host: &str, test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("airlatch-tolerance-{}-{test}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        copy(&repository().join("tests/hosts").join(host), &path);
        Self(path)
    }

    fn set(&self, file: &str, text: &str) {
        assert!(self.0.join(file).exists(), "{file}");
        fs::write(self.0.join(file), text).unwrap();
    }

    fn facts(&self) -> HostFacts {
        HostFacts {
            components: platform::probe(&self.0, &HostIdentity::default()).components,
            ..host_with([])
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, target) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

const CARDS: [&str; 2] = ["sys/class/net/eno1/address", "sys/class/net/enp2s0/address"];
const DISK: &str = "sys/block/sda/device/wwid";
const BOARD: &str = "sys/class/dmi/id/board_serial";
const UUID: &str = "sys/class/dmi/id/product_uuid";

fn other_uuid(step: usize) -> String {
    format!("4c4c4544-0042-3510-8057-b6c04f4d{:04x}\n", 0x3232 + step)
}

#[test]
fn the_files_of_a_host_decide_and_nothing_else() {
    let machine = Machine::copy_of("workshop-a", "files");
    let license = verified(&by_request(&machine.facts()));
    let says = || refusal(&license, &machine.facts());
    assert_eq!(says(), None);
    machine.set(CARDS[0], "3c:ec:ef:00:00:77\n");
    let rows = rules::compare(&license.get().lock, &machine.facts());
    assert!(rows.iter().all(|row| row.result == ComponentMatch::Same), "one of two cards is left: {rows:?}");
    machine.set(CARDS[1], "3c:ec:ef:00:00:78\n");
    machine.set(DISK, "naa.5002538e00000009\n");
    assert_eq!(says(), None);
    machine.set(BOARD, "None\n");
    let error = says().unwrap();
    assert_eq!(
        error.details()[2..4],
        ["changed    network card, system disk serial", "absent     main board serial"]
    );
    let machine = Machine::copy_of("workshop-a", "installation");
    machine.set("etc/machine-id", "b1b2b3b4c1c2c3c4d1d2d3d4e1e2e3e4\n");
    let error = refusal(&license, &machine.facts()).unwrap();
    assert_eq!(error.details()[2], "changed    operating system id");
}

/// The same through the program: neither install nor verify updates the licensed components.
#[test]
fn twenty_changes_with_the_license_installed_again_after_each_do_not_creep() {
    let machine = Machine::copy_of("workshop-a", "creep");
    let mut trip = Trip::new("creep");
    trip.host = machine.0.clone();
    let run = |trip: &Trip, args: &str| trip.airlatch(&args.split(' ').collect::<Vec<_>>(), Vec::new());
    fs::write(
        trip.folder.join("grant.toml"),
        format!("product = 'pbx'\npermanent = true\n[features]\nvoicemail = true\n{LOCK}"),
    )
    .unwrap();
    for args in [
        "keygen --out acme --no-passphrase",
        "request --product pbx --out host.request",
        "issue --key acme.key --grant grant.toml host.request --out host.license --yes",
        "install host.license --trust acme.pub",
        "verify --product pbx",
    ] {
        let ran = run(&trip, args);
        assert_eq!(ran.exit, 0, "{args}: {}", ran.both);
    }
    for step in 0..20 {
        match step % 4 {
            0 => CARDS.into_iter().zip([1, 2]).for_each(|(file, card)| {
                machine.set(file, &format!("3c:ec:ef:00:{step:02x}:{card:02x}\n"));
            }),
            1 => machine.set(DISK, &format!("naa.5002538e000000{step:02x}\n")),
            2 => machine.set(BOARD, &format!("NM1234567{step}\n")),
            _ => machine.set(UUID, &other_uuid(step)),
        }
        let wanted = if step < 2 { 0 } else { 1 };
        let again = run(&trip, "install host.license --trust acme.pub");
        let file = run(&trip, "verify host.license --trust acme.pub");
        let installed = run(&trip, "verify --product pbx");
        let exits = [again.exit, file.exit, installed.exit];
        assert_eq!(exits, [wanted; 3], "step {step}: {} {}", again.both, installed.both);
        assert!(step < 2 || installed.both.contains("wrong-host"), "{}", installed.both);
    }
    // With the original parts the license is valid again.
    fs::remove_dir_all(&machine.0).unwrap();
    copy(&repository().join("tests/hosts/workshop-a"), &machine.0);
    assert_eq!(run(&trip, "verify --product pbx").exit, 0);
}
