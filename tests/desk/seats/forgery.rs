//! A ledger whose past entries were changed, with recomputed hashes.

use airlatch_core::model::{Result, Unit};
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, ActivationNotes, ClockPolicy, Operator};
use airlatch_desk::ledger::{Act, Activation, Draft, Entry, Holder, Ledger, MemoryLedger, Query, UnitNote};

use crate::scene::mac;
use crate::seats_desk::{Desk, code, order, requested, some};

/// The same acts posted again, as by somebody with the program and the file but without the key.
fn told_anew(desk: &Desk, change: impl Fn(&mut Draft)) -> MemoryLedger {
    told_anew_by(desk, |_, draft| change(draft))
}

/// The same, with the number of each entry.
fn told_anew_by(desk: &Desk, change: impl Fn(u64, &mut Draft)) -> MemoryLedger {
    let entries = desk.ledger.read(|book| book.entries(&Query::default())).unwrap();
    let mut forged = MemoryLedger::default();
    forged
        .transact(|book| -> Result<()> {
            for entry in entries {
                let Entry { number, time, actor, act, transfers, license, .. } = entry;
                let stored = license.map(|license| desk.ledger.read(|old| old.license(license.id)));
                let sealed = stored.transpose()?.flatten().map(|stored| (stored.id, stored.sealed));
                let mut draft = Draft { time, actor, act, transfers, sealed };
                change(number, &mut draft);
                book.post(draft)?;
            }
            Ok(())
        })
        .unwrap();
    forged
}

fn errors(desk: &Desk, ledger: &MemoryLedger) -> Vec<String> {
    let operator = Operator {
        catalog: &desk.catalog,
        now: desk.now,
        trusted: &desk.trusted,
        actor: "auditor",
        clock: ClockPolicy::default(),
    };
    let audit =
        ledger.read(|book| desk::audit(&operator, book, &desk::check_sequentially, &mut |_| {})).unwrap();
    audit.errors.iter().map(ToString::to_string).collect()
}

#[test]
fn the_licenses_reveal_a_changed_order() {
    let mut desk = Desk::with(&[&[("sessions", 10)]]);
    let these = some("sessions 5");
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    assert_eq!(errors(&desk, &told_anew(&desk, |_| ())), [""; 0]);
    let forged = told_anew(&desk, |draft| {
        if let Act::Ordered { order, .. } = &mut draft.act {
            order.lines.values_mut().for_each(|many| *many = 1_000);
            draft.transfers.iter_mut().for_each(|it| it.quantity = 1_000);
        }
    });
    let found = errors(&desk, &forged);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("entry 2 was changed after the stored license was signed"), "{found:?}");
}

#[test]
fn a_license_that_grants_more_than_its_unit_held_is_found() {
    let mut desk = Desk::with(&[&[("sessions", 10), ("PBX#15", 2), ("PBX#30@15", 1), ("voicemail", 3)]]);
    let these = some("sessions 5, PBX 15, voicemail");
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    let more = some("sessions 7, PBX 30");
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &more)).unwrap();
    assert_eq!(errors(&desk, &told_anew(&desk, |_| ())), [""; 0]);
    // The last entry moves 2 sessions and a step; the license grants what both entries moved.
    for (article, feature) in [("sessions", "sessions"), ("PBX#30@15", "PBX")] {
        let forged = told_anew_by(&desk, |number, draft| {
            draft.transfers.retain(|it| number < 4 || it.article.as_str() != article);
        });
        let found = errors(&desk, &forged);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains(&format!("grants `{feature}`, of which its unit held less (entry 4)")),
            "{found:?}"
        );
    }
    let forged = told_anew_by(&desk, |number, draft| {
        draft.transfers.iter_mut().filter(|_| number == 4).for_each(|it| it.quantity = 1);
    });
    assert_eq!(errors(&desk, &forged).len(), 1);
}

/// What the catalog no longer sells, and a release, are no reason to doubt a license.
#[test]
fn a_changed_catalog_and_a_reversed_license_raise_no_doubt() {
    let mut desk = Desk::with(&[&[("sessions", 10), ("PBX#15", 2), ("voicemail", 3)]]);
    let these = some("sessions 5, PBX 15, voicemail");
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    desk.catalog.products[0].features.retain(|rule| rule.name.as_str() == "sessions");
    let more = some("sessions 6");
    let kept = desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &more)).unwrap().license;
    assert!(kept.features.get(&"PBX".parse().unwrap()).is_some(), "{}", kept.features);
    desk.work(|operator, book| desk::reverse(operator, book, 4, "a mistake")).unwrap();
    desk.catalog.products.clear();
    assert_eq!(errors(&desk, &desk.ledger), [""; 0]);
}

/// A desk whose entry 4 has the last license, which names entry 3; two entries follow.
fn desk_with_later_entries() -> Desk {
    let mut desk = Desk::with(&[&[("sessions", 10)]]);
    let these = some("sessions 5");
    desk.issue(&requested(Applicant::Mac(mac(1)), &[1], &these)).unwrap();
    let notes = ActivationNotes {
        number: Some("7".into()),
        comment: Some("first".into()),
        ..ActivationNotes::default()
    };
    let asked = requested(Applicant::Mac(mac(2)), &[1], &these);
    desk.issue(&desk::ActivationRequest { notes, ..asked }).unwrap();
    let note = UnitNote {
        unit: Unit::Device(mac(2)),
        end_user: None,
        location: Some("cellar".into()),
        comment: None,
    };
    desk.work(|operator, book| desk::note_unit(operator, book, note)).unwrap();
    desk.book(2, order("SO-2", &[("sessions", 1)])).unwrap();
    assert_eq!(desk.ledger.read(|book| book.head()).unwrap().number, 6);
    desk
}

/// Somebody changes one thing of an entry and computes everything else again: what the audit finds, and what it can't, as
/// airlatch-format(5) lists it under LEDGER.
#[test]
fn what_an_audit_finds_of_a_ledger_written_anew() {
    let desk = desk_with_later_entries();
    for (number, is_found) in [(2, true), (3, true), (4, false), (5, false), (6, false)] {
        for (name, change) in [
            ("actor", &(|draft: &mut Draft| draft.actor.push('a')) as &dyn Fn(&mut Draft)),
            ("what was noted", &|draft| match &mut draft.act {
                Act::Activated(it) => it.comment = Some("another".into()),
                Act::Noted(it) => it.location = Some("attic".into()),
                Act::Ordered { order, .. } => order.customer = Some("another".into()),
                _ => {}
            }),
        ] {
            let found = errors(
                &desk,
                &told_anew_by(&desk, |at, draft| {
                    if at == number {
                        change(draft)
                    }
                }),
            );
            assert_eq!(!found.is_empty(), is_found, "{name} of entry {number}: {found:?}");
        }
    }
}

/// What somebody changes of an activation.
type Forged<'a> = &'a dyn Fn(&mut Activation);

/// The facts of the last license are compared with what was signed.
#[test]
fn what_an_audit_finds_in_the_entry_of_the_last_license() {
    let desk = desk_with_later_entries();
    let activation: [(&str, bool, Forged<'_>); 9] = [
        ("unit", true, &|it| it.unit = Unit::Device(mac(3))),
        ("product", true, &|it| it.product = "phone".into()),
        ("model", true, &|it| it.model = None),
        ("number", true, &|it| it.number = None),
        ("evaluation", true, &|it| it.evaluation = true),
        ("no code", true, &|it| it.codes.clear()),
        ("codes", false, &|it| it.codes.push(code(2))),
        ("end user", false, &|it| it.end_user = Some("another".into())),
        ("location", false, &|it| it.location = Some("another".into())),
    ];
    for (name, is_found, change) in activation {
        let forged = told_anew_by(&desk, |number, draft| match &mut draft.act {
            Act::Activated(it) if number == 4 => {
                change(it);
                let (unit, evaluation) = (it.unit, it.evaluation);
                let to = |holder| match holder {
                    Holder::Unit(_, code) => Holder::Unit(unit, code),
                    other => other,
                };
                draft.transfers.iter_mut().for_each(|it| it.to = to(it.to));
                draft.transfers.retain(|_| !evaluation);
            }
            _ => {}
        });
        let found = errors(&desk, &forged);
        assert_eq!(!found.is_empty(), is_found, "{name}: {found:?}");
    }
}
