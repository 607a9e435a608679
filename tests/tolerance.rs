//! A license follows its host through changes of hardware just as far as *required : optional : minimum* says.

#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

mod common;
mod rules_room;

use std::fs;
use std::path::{Path, PathBuf};

use airlatch::crypto::{self, Verified};
use airlatch::desk;
use airlatch::host;
use airlatch::model::ComponentKind::{self, Board, Disk, Nic, Os, System};
use airlatch::model::{
    Features, HostFacts, Identity, License, Lock, LockingId, Mac, Reason, Seen, Time, Tolerance, Trouble,
    Verdict,
};
use airlatch::platform;
use airlatch::rules::{self, Ask};
use common::trip::{Trip, repository};
use rules_room::{
    asking, full_host, host_with, key, plain_grant, request, seal_license, time, trusted, verified, wish,
};

const LOCK: &str = "[lock]\nrequired = ['os']\noptional = ['system', 'board', 'nic', 'disk']\nminimum = 2\n";

fn now() -> Time {
    time("2026-11-21T12:00:00Z")
}

fn tolerance() -> Tolerance {
    Tolerance::new([Os], [System, Board, Nic, Disk], 2).unwrap()
}

/// The license a desk gives to the request of `facts`, by the rule 1 : 4 : 2.
fn by_request(facts: &HostFacts) -> License {
    let request = request(wish(), facts, now());
    let ask = Ask::Request(&request);
    rules::decide(&plain_grant(LOCK), ask, &Features::default(), None, now()).unwrap().license
}

/// The license a desk gives to a Locking ID that was read to it over the telephone.
fn by_telephone(facts: &HostFacts) -> License {
    let typed: LockingId = crypto::locking_id(&facts.components).to_string().to_lowercase().parse().unwrap();
    rules::decide(&plain_grant(LOCK), Ask::LockingId(typed), &Features::default(), None, now())
        .unwrap()
        .license
}

/// The refusal, if it is one.
fn refusal(license: &Verified<License>, facts: &HostFacts) -> Option<Trouble> {
    match rules::judge(license, facts, &asking(now())).verdict {
        Verdict::Valid => None,
        Verdict::Refused(reasons) => {
            assert_eq!(reasons.len(), 1, "{reasons:?}");
            assert_eq!(reasons[0].reason(), Reason::WrongHost);
            Some(reasons[0].clone())
        }
        Verdict::Grace(trouble) => panic!("no grace was granted: {trouble}"),
    }
}

/// The `index`th way in which five things can each be in one of `states` states.
fn digits(index: usize, states: usize) -> [usize; 5] {
    std::array::from_fn(|place| index / states.pow(place as u32) % states)
}

#[test]
fn every_change_of_a_full_host_is_judged_as_the_small_model_says() {
    let licenses = [by_request(&full_host()), by_telephone(&full_host())].map(|license| verified(&license));
    let mut valid = 0;
    for index in 0..3usize.pow(5) {
        let states = digits(index, 3); // 0 same, 1 changed, 2 absent here
        let here = ComponentKind::HARDWARE.into_iter().zip(states);
        let facts = host_with(
            here.filter(|(_, s)| *s < 2).map(|(kind, s)| (kind, if s == 0 { "first" } else { "other" })),
        );
        let kept = states[1..].iter().filter(|state| **state == 0).count();
        let wanted = states[0] == 0 && kept >= 2;
        for license in &licenses {
            let trouble = refusal(license, &facts);
            assert_eq!(trouble.is_none(), wanted, "{states:?}: {trouble:?}");
            let Some(trouble) = trouble else { continue };
            let details = trouble.details();
            assert_eq!(details[0], format!("this host  {}", crypto::locking_id(&facts.components)));
            assert_eq!(details[1], format!("license    {}", crypto::locking_id(&full_host().components)));
            let named = |state, word: &str| {
                let kinds = ComponentKind::HARDWARE.into_iter().zip(states).filter(|(_, s)| *s == state);
                let names: Vec<_> = kinds.map(|(kind, _)| kind.name()).collect();
                (!names.is_empty()).then(|| format!("{word:<9}  {}", names.join(", ")))
            };
            let differing: Vec<_> =
                [named(1, "changed"), named(2, "not shown")].into_iter().flatten().collect();
            assert_eq!(details[2..details.len() - 2], differing);
        }
        valid += usize::from(wanted);
    }
    // Of four, two or more kept: 6·4 + 4·2 + 1 ways.
    assert_eq!(valid, 33);
}

#[test]
fn absent_never_matches_absent() {
    for then in 0..1usize << 5 {
        let shown = |kind: &ComponentKind| then >> (*kind as usize) & 1 == 1;
        let made = host_with(ComponentKind::HARDWARE.into_iter().filter(shown).map(|kind| (kind, "first")));
        let drafted = request(wish(), &made, now());
        let lock = Lock::Fingerprint {
            system_id: drafted.get().system_id,
            locking_id: drafted.get().locking_id,
            fingerprint: drafted.get().fingerprint.clone(),
            tolerance: tolerance(),
        };
        let typed =
            Lock::LockingId { locking_id: crypto::locking_id(&made.components), tolerance: tolerance() };
        if !tolerance().is_met_by(&made.components.kinds().collect()) {
            for lock in [lock, typed] {
                let sealed = seal_license(&License { lock, ..by_request(&full_host()) });
                let trouble = airlatch::format::read_license(&sealed, &trusted()).unwrap_err();
                assert_eq!(trouble.reason(), Reason::WeakLock, "then {then:05b}");
            }
            continue;
        }
        let licenses = [lock, typed].map(|lock| verified(&License { lock, ..by_request(&full_host()) }));
        for here in 0..3usize.pow(5) {
            let states = digits(here, 3);
            let values = ComponentKind::HARDWARE.into_iter().zip(states).filter(|(_, s)| *s < 2);
            let facts = host_with(values.map(|(kind, s)| (kind, if s == 0 { "first" } else { "other" })));
            let same: Vec<bool> = ComponentKind::HARDWARE
                .iter()
                .map(|kind| shown(kind) && states[*kind as usize] == 0)
                .collect();
            let wanted = same[0] && same[1..].iter().filter(|same| **same).count() >= 2;
            for license in &licenses {
                assert_eq!(refusal(license, &facts).is_none(), wanted, "then {then:05b}, here {states:?}");
                let rows = rules::compare(&license.get().lock, &facts.components);
                for kind in ComponentKind::HARDWARE {
                    let row = rows.iter().find(|row| row.kind == kind).map(|row| row.seen);
                    let expected = match (shown(&kind), states[kind as usize]) {
                        (true, 0) => Some(Seen::Same),
                        (true, 1) => Some(Seen::Changed),
                        (true, _) => Some(Seen::AbsentHere),
                        (false, 2) => None,
                        (false, _) => Some(Seen::AbsentThen),
                    };
                    assert_eq!(row, expected, "{kind}");
                }
            }
        }
    }
}

#[test]
fn one_optional_change_holds_the_required_one_does_not_and_one_too_many_neither() {
    let license = verified(&by_request(&full_host()));
    let with = |changed: &[ComponentKind]| {
        let value = |kind| if changed.contains(&kind) { "other" } else { "first" };
        refusal(&license, &host_with(ComponentKind::HARDWARE.map(|kind| (kind, value(kind)))))
    };
    for kind in [System, Board, Nic, Disk] {
        assert_eq!(with(&[kind]), None, "{kind}");
    }
    assert!(with(&[Os]).is_some());
    assert_eq!(with(&[Nic, Disk]), None);
    let trouble = with(&[Board, Nic, Disk]).unwrap();
    assert_eq!(
        trouble.details()[2..],
        [
            "changed    main board serial, network card, system disk serial",
            "needed     os and 2 of system, board, nic, disk; 2 match",
            "enough     one of main board serial, network card, system disk serial as it was"
        ]
    );
}

/// Each time one component is replaced and the same license is read and judged again: what it is compared with is in
/// the signed bytes, so it can't creep.
#[test]
fn twenty_small_changes_do_not_carry_a_license_to_another_host() {
    let request = request(wish(), &full_host(), now());
    let issued =
        desk::issue(&plain_grant(LOCK), Ask::Request(&request), &Features::default(), None, &key(1), now())
            .unwrap();
    let file = issued.text().into_bytes();
    let mut values = [0usize; 5];
    for step in 0..20 {
        values[1 + step % 4] += 1;
        let texts = values.map(|value| if value == 0 { "first".to_owned() } else { format!("part {value}") });
        let facts = host_with(ComponentKind::HARDWARE.into_iter().zip(texts.iter().map(String::as_str)));
        let judged = host::verify(&file, &trusted(), &facts, &asking(now())).unwrap();
        let changed = values.iter().filter(|value| **value > 0).count();
        assert_eq!(judged.judgement.verdict == Verdict::Valid, changed <= 2, "step {step}");
        assert_eq!(judged.license.get(), &issued.license);
    }
}

/// Two changes at a time, back and forth for ever, are fine: the limit is on the distance, not on the number.
#[test]
fn parts_that_come_back_count_again() {
    let license = verified(&by_request(&full_host()));
    for step in 0..20 {
        let pair = [[System, Board], [Nic, Disk], [System, Disk]][step % 3];
        let values =
            ComponentKind::HARDWARE.map(|kind| (kind, if pair.contains(&kind) { "other" } else { "first" }));
        assert_eq!(refusal(&license, &host_with(values)), None);
    }
}

#[test]
fn any_card_of_several_will_do_whatever_their_order() {
    let cards = |nics: &[&str]| {
        let mut facts = host_with([(Os, "first"), (System, "first")]);
        nics.iter().for_each(|nic| facts.components.add(Nic, *nic));
        facts
    };
    let then = cards(&["0004f1000002", "0004f1000003", "0004f1000004"]);
    let licenses = [by_request(&then), by_telephone(&then)].map(|license| verified(&license));
    let holds = |nics: &[&str]| licenses.each_ref().map(|l| refusal(l, &cards(nics)).is_none());
    // Hashes know every card, the group of a Locking ID only the lowest one.
    for (nics, wanted) in [
        (&["0004f1000002", "0004f1000003", "0004f1000004"][..], [true, true]),
        (&["0004f1000004", "0004f1000002", "0004f1000003"], [true, true]),
        (&["0004f1000002"], [true, true]),
        (&["0004f1000002", "0004f1000009"], [true, true]),
        (&["0004f1000001", "0004f1000002", "0004f1000009"], [true, true]),
        (&["0004f1000003", "0004f1000004"], [true, false]),
        (&["0004f1000009"], [false, false]),
        (&[], [false, false]),
    ] {
        assert_eq!(holds(nics), wanted, "{nics:?}");
    }
    let order = |nics: &[&str]| crypto::locking_id(&cards(nics).components);
    assert_eq!(order(&["a", "b", "c"]), order(&["c", "a", "b", "a"]));
}

#[test]
fn a_lock_to_a_card_takes_any_card_of_the_host() {
    let lock = Lock::Mac(Mac([0, 4, 0xf1, 0, 0, 2]));
    let license = verified(&License { lock, ..by_request(&full_host()) });
    assert_eq!(refusal(&license, &host_with([(Nic, "0004f1000001"), (Nic, "0004f1000002")])), None);
    let trouble = refusal(&license, &host_with([(Nic, "0004f1000001"), (Nic, "0004f1000003")])).unwrap();
    assert_eq!(
        trouble.details(),
        ["this host  00:04:f1:00:00:01, 00:04:f1:00:00:03", "license    00:04:f1:00:00:02"]
    );
    assert!(refusal(&license, &host_with([])).is_some());
}

/// A captured host in a folder that a test may change, removed at its end.
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
        HostFacts { components: platform::probe(&self.0, &Identity::default()).components, ..host_with([]) }
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
    let rows = rules::compare(&license.get().lock, &machine.facts().components);
    assert!(rows.iter().all(|row| row.seen == Seen::Same), "one of two cards is left: {rows:?}");
    machine.set(CARDS[1], "3c:ec:ef:00:00:78\n");
    machine.set(DISK, "naa.5002538e00000009\n");
    assert_eq!(says(), None);
    machine.set(BOARD, "None\n");
    let trouble = says().unwrap();
    assert_eq!(
        trouble.details()[2..4],
        ["changed    network card, system disk serial", "not shown  main board serial"]
    );
    let machine = Machine::copy_of("workshop-a", "installation");
    machine.set("etc/machine-id", "b1b2b3b4c1c2c3c4d1d2d3d4e1e2e3e4\n");
    let trouble = refusal(&license, &machine.facts()).unwrap();
    assert_eq!(trouble.details()[2], "changed    operating system id");
}

/// The same through the program: installing again and verifying again never re-learn the host.
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
    // The parts come back, and so does the license: nothing was learnt in the other direction either.
    fs::remove_dir_all(&machine.0).unwrap();
    copy(&repository().join("tests/hosts/workshop-a"), &machine.0);
    assert_eq!(run(&trip, "verify --product pbx").exit, 0);
}
