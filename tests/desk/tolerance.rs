//! A license tolerates changes of hardware exactly as far as *required : optional : minimum* says.

use airlatch_core::crypto;
use airlatch_core::host;
use airlatch_core::model::{
    ComponentKind, ComponentKind::Board, ComponentKind::Disk, ComponentKind::Nic, ComponentKind::Os,
    ComponentKind::System,
};
use airlatch_core::model::{
    ComponentMatch, Features, HostFacts, License, Lock, LockingId, Mac, Reason, Tolerance, ValueRule, Verdict,
};
use airlatch_core::rules;
use airlatch_desk::charge;
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk;

use crate::common::grants::{LOCK, accepting, by_request, now, plain_grant, refusal};
use crate::common::rules_room::{
    asking, full_host, host_with, key, request, request_input, seal_license, trusted, verified,
};

fn tolerance() -> Tolerance {
    Tolerance::new([Os], [System, Board, Nic, Disk], 2).unwrap()
}

/// The license for a Locking ID that was read out over the telephone.
fn by_telephone(facts: &HostFacts) -> License {
    let typed: LockingId = crypto::locking_id(facts).to_string().to_lowercase().parse().unwrap();
    charge::decide(
        &accepting(plain_grant(LOCK)),
        Applicant::LockingId(typed),
        &Features::default(),
        None,
        now(),
    )
    .unwrap()
    .license
}

/// The combination number `index` of five components, each in one of `states` states.
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
            let error = refusal(license, &facts);
            assert_eq!(error.is_none(), wanted, "{states:?}: {error:?}");
            let Some(error) = error else { continue };
            let details = error.details();
            assert_eq!(details[0], format!("this host  {}", crypto::locking_id(&facts).shown()));
            assert_eq!(details[1], format!("license    {}", crypto::locking_id(&full_host())));
            let named = |state, word: &str| {
                let kinds = ComponentKind::HARDWARE.into_iter().zip(states).filter(|(_, s)| *s == state);
                let names: Vec<_> = kinds.map(|(kind, _)| kind.name()).collect();
                (!names.is_empty()).then(|| format!("{word:<9}  {}", names.join(", ")))
            };
            let differing: Vec<_> = [named(1, "changed"), named(2, "absent")].into_iter().flatten().collect();
            // Where nothing matches, there is nothing to put back.
            let others = if states.contains(&0) { 2 } else { 1 };
            assert_eq!(details[2..details.len() - others], differing);
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
        let drafted = request(request_input(), &made, now());
        let lock = Lock::Fingerprint {
            system_id: drafted.get().system_id,
            locking_id: drafted.get().locking_id,
            fingerprint: drafted.get().fingerprint.clone(),
            tolerance: tolerance(),
            values: Default::default(),
        };
        let typed = Lock::LockingId { locking_id: crypto::locking_id(&made), tolerance: tolerance() };
        if !tolerance().is_met_by(&made.components.kinds().collect()) {
            for lock in [lock, typed] {
                let sealed = seal_license(&License { lock, ..by_request(&full_host()) });
                let error = airlatch_core::format::read_license(&sealed, &trusted()).unwrap_err();
                assert_eq!(error.reason(), Reason::WeakLock, "then {then:05b}");
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
                let rows = rules::compare(&license.get().lock, &facts);
                for kind in ComponentKind::HARDWARE {
                    let row = rows.iter().find(|row| row.kind == kind).map(|row| row.result);
                    let expected = match (shown(&kind), states[kind as usize]) {
                        (true, 0) => Some(ComponentMatch::Same),
                        (true, 1) => Some(ComponentMatch::Changed),
                        (true, _) => Some(ComponentMatch::AbsentHere),
                        (false, 2) => None,
                        (false, _) => Some(ComponentMatch::AbsentInLicense),
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
    let error = with(&[Board, Nic, Disk]).unwrap();
    assert_eq!(
        error.details()[2..],
        [
            "changed    main board serial, network card, system disk serial",
            "required   os and 2 of system, board, nic, disk; matching: os, system",
            "to fix     one of main board serial, network card, system disk serial back to its old value"
        ]
    );
}

/// Replaces one component at a time. The license is always compared with the signed fingerprint, so small changes add up.
#[test]
fn twenty_small_changes_do_not_carry_a_license_to_another_host() {
    let request = request(request_input(), &full_host(), now());
    let issued = desk::issue(
        &plain_grant(LOCK),
        Applicant::Request(&request),
        &Features::default(),
        None,
        &key(1),
        now(),
    )
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

/// Two changes back and forth any number of times are accepted: the difference counts, not the number of changes.
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
fn half_of_several_cards_will_do_whatever_their_order() {
    let cards = |nics: &[&str]| {
        let mut facts = host_with([(Os, "first"), (System, "first")]);
        nics.iter().for_each(|nic| facts.components.add(Nic, *nic));
        facts
    };
    let then = cards(&["0004f1000002", "0004f1000003", "0004f1000004"]);
    let licenses = [by_request(&then), by_telephone(&then)].map(|license| verified(&license));
    let holds = |nics: &[&str]| licenses.each_ref().map(|l| refusal(l, &cards(nics)).is_none());
    // The hashes cover every card, the group of a Locking ID only the lowest one.
    for (nics, wanted) in [
        (&["0004f1000002", "0004f1000003", "0004f1000004"][..], [true, true]),
        (&["0004f1000004", "0004f1000002", "0004f1000003"], [true, true]),
        (&["0004f1000002"], [false, true]),
        (&["0004f1000002", "0004f1000009"], [false, true]),
        (&["0004f1000001", "0004f1000002", "0004f1000009"], [false, true]),
        (&["0004f1000003", "0004f1000004"], [true, false]),
        (&["0004f1000009"], [false, false]),
        (&[], [false, false]),
    ] {
        assert_eq!(holds(nics), wanted, "{nics:?}");
    }
    // A license from before does not say so: any card will do.
    let mut old = by_request(&then);
    let Lock::Fingerprint { values, .. } = &mut old.lock else { panic!("no fingerprint") };
    *values = ValueRule::Any;
    let old = verified(&old);
    assert_eq!(refusal(&old, &cards(&["0004f1000004"])), None);
    assert!(refusal(&old, &cards(&["0004f1000009"])).is_some());
    let order = |nics: &[&str]| crypto::locking_id(&cards(nics));
    assert_eq!(order(&["a", "b", "c"]), order(&["c", "a", "b", "a"]));
}

#[test]
fn a_lock_to_a_card_takes_any_card_of_the_host() {
    let lock = Lock::Mac(Mac([0, 4, 0xf1, 0, 0, 2]));
    let license = verified(&License { lock, ..by_request(&full_host()) });
    assert_eq!(refusal(&license, &host_with([(Nic, "0004f1000001"), (Nic, "0004f1000002")])), None);
    let error = refusal(&license, &host_with([(Nic, "0004f1000001"), (Nic, "0004f1000003")])).unwrap();
    assert_eq!(
        error.details(),
        ["this host  00:04:f1:00:00:01, 00:04:f1:00:00:03", "license    00:04:f1:00:00:02"]
    );
    assert!(refusal(&license, &host_with([])).is_some());
}
