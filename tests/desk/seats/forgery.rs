//! A ledger whose past entries were changed, with recomputed hashes.

use airlatch_core::model::Result;
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, ClockPolicy, Operator};
use airlatch_desk::ledger::{Act, Draft, Entry, Ledger, MemoryLedger, Query};

use crate::scene::mac;
use crate::seats_desk::{Desk, requested, some};

/// The same acts posted again, as by somebody with the program and the file but without the key.
fn told_anew(desk: &Desk, change: impl Fn(&mut Draft)) -> MemoryLedger {
    let entries = desk.ledger.read(|book| book.entries(&Query::default())).unwrap();
    let mut forged = MemoryLedger::default();
    forged
        .transact(|book| -> Result<()> {
            for entry in entries {
                let Entry { time, actor, act, transfers, license, .. } = entry;
                let stored = license.map(|license| desk.ledger.read(|old| old.license(license.id)));
                let sealed = stored.transpose()?.flatten().map(|stored| (stored.id, stored.sealed));
                let mut draft = Draft { time, actor, act, transfers, sealed };
                change(&mut draft);
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
