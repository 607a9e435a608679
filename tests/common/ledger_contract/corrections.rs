//! Corrections, reversals, notes and overridden times, asked over any ledger; a reversal that fits no entry fails the audit.

use airlatch_core::model::{Reason, Result};
use airlatch_desk::ledger::{
    self, Act, Book, CurrentNotes, DeskTimes, Draft, Holder, Holding, Ledger, Query, Reversal, Reversed,
    Transfer, UnitNote,
};
use airlatch_desk::orders::Lines;

use super::cast::*;

pub fn all<L: Ledger>(make: &impl Fn() -> L) {
    let ledger = with(make, story());
    ledger.read(|book| codes(book)).unwrap();
    ledger.read(|book| units(book)).unwrap();
    ledger.read(|book| entries(book)).unwrap();
    for (what, bad) in misfits() {
        let mut drafts = story();
        drafts.truncate(15);
        drafts.extend(bad);
        let last = format!("entry {}", drafts.len());
        let found = with(make, drafts).read(|book| ledger::audit(book, &mut |_| ())).unwrap();
        let faults: Vec<_> = found.iter().map(|error| (error.reason(), error.place())).collect();
        assert_eq!(faults, [(Reason::DamagedLedger, Some(last.as_str()))], "{what}: {found:?}");
    }
}

fn reversed(at: i64, entry: u64, of: Reversed, transfers: Vec<Transfer>) -> Draft {
    draft(at, Act::Reversed(Reversal { entry, of, because: "a mistake".into() }), transfers)
}

fn pool(seed: u8) -> Holder {
    Holder::Pool(code(seed))
}

fn license(seed: u8, id: u8) -> Reversed {
    Reversed::License { unit: unit(seed), product: "call".into(), license: document(id) }
}

/// Entries 1 to 19; each kind is reversed once, a license twice: while it is valid, and when it has ended.
fn story() -> Vec<Draft> {
    let (customer, because) = (Some("Town".into()), "typed badly".into());
    let corrected = Act::Corrected { code: code(1), customer, reference: None, because };
    let held = Holder::Unit(unit(3), code(1));
    vec![
        opened(0),
        ordered(1, 1, "SO-1", &[("voice", 100)], Some("acme")),
        draft(2, corrected, moves(&[("voice", 40)], pool(1), Holder::Source)),
        passed(3, 1, 2, &[("voice", 20)]),
        sealed(activated(4, 1, &[2], &[("voice", 5)]), 11, None, None),
        reversed(
            5,
            4,
            Reversed::Passing { from: code(1), to: code(2) },
            moves(&[("voice", 15)], pool(2), pool(1)),
        ),
        cancelled(6, 1, &[("voice", 55)]),
        reversed(
            7,
            7,
            Reversed::Cancellation { code: code(1) },
            moves(&[("voice", 55)], Holder::Returned, pool(1)),
        ),
        draft(8, Act::Added { code: code(2), account: account("beta") }, vec![]),
        reversed(9, 9, Reversed::Addition { code: code(2), account: account("beta") }, vec![]),
        draft(10, Act::Renewed { code: code(1), term: until(2_000) }, vec![]),
        reversed(11, 11, Reversed::Renewal { code: code(1), term: until(1_000) }, vec![]),
        sealed(activated(12, 3, &[1], &[("voice", 7)]), 12, None, None),
        reversed(13, 13, license(3, 12), vec![]),
        reversed(14, 13, license(3, 12), moves(&[("voice", 7)], held, pool(1))),
        draft(
            15,
            Act::Noted(UnitNote {
                unit: unit(1),
                end_user: Some("Hill".into()),
                location: None,
                comment: Some("moved".into()),
            }),
            vec![],
        ),
        draft(20, Act::ClockOverride { clock: hour(16), because: "2035".into() }, vec![]),
        sealed(activated(20, 4, &[1], &[("voice", 1)]), 13, None, None),
        reversed(
            20,
            2,
            Reversed::Order { code: code(1) },
            moves(&[("voice", 54)], pool(1), Holder::Returned),
        ),
    ]
}

/// Each posted after the first 15 entries: the ledger takes them, the audit doesn't take the last one.
fn misfits() -> Vec<(&'static str, Vec<Draft>)> {
    let one = |many| moves(&[("voice", many)], pool(1), Holder::Returned);
    let order = |entry, transfers| reversed(30, entry, Reversed::Order { code: code(1) }, transfers);
    let held = Holder::Unit(unit(1), code(2));
    // Five were charged by the entry, from code 2.
    let mut more = moves(&[("voice", 5)], held, pool(2));
    more.extend(moves(&[("voice", 1)], Holder::Unit(unit(1), code(1)), pool(1)));
    let added = Reversed::Addition { code: code(2), account: account("beta") };
    vec![
        ("a later entry", vec![order(17, one(1))]),
        ("itself", vec![order(16, one(1))]),
        ("another act", vec![order(3, one(1))]),
        ("another code", vec![reversed(30, 2, Reversed::Order { code: code(2) }, vec![])]),
        ("another license", vec![reversed(30, 5, license(1, 12), vec![])]),
        ("another unit", vec![reversed(30, 5, license(2, 11), vec![])]),
        (
            "more than was moved",
            vec![activated(29, 1, &[1], &[("voice", 3)]), reversed(30, 5, license(1, 11), more)],
        ),
        ("a second time", vec![reversed(30, 9, added, vec![])]),
        ("a license a third time", vec![reversed(30, 13, license(3, 12), vec![])]),
    ]
}

fn codes(book: &dyn Book) -> Result<()> {
    let one = ledger::pool(book, code(1))?.unwrap();
    assert_eq!(one.order.lines, lines(&[("voice", 60)]));
    assert_eq!((one.order.customer.as_deref(), one.order.reference.as_deref()), (Some("Town"), Some("PO 7")));
    assert_eq!((&one.order.term, one.account.clone()), (&until(1_000), Some(account("acme"))));
    assert_eq!((one.cancelled, one.reversed), (true, true));
    assert_eq!((&one.passed, &one.returned), (&lines(&[("voice", 5)]), &lines(&[("voice", 54)])));
    assert_eq!((one.left.clone(), one.amounts(&article("voice")).used), (Lines::new(), 1));

    let two = ledger::pool(book, code(2))?.unwrap();
    assert_eq!((two.cancelled, two.reversed, two.account.clone()), (true, true, None));
    assert_eq!((&two.returned, two.amounts(&article("voice")).used), (&lines(&[("voice", 15)]), 5));
    assert_eq!(ledger::codes_of(book, &account("beta"), false)?, []);

    assert_eq!(ledger::order(book, "SO-1")?, Some((order("SO-1", &[("voice", 100)]), code(1))));
    assert_eq!((one.term_at(11), one.term_at(10)), (&until(2_000), &until(1_000)));
    let terms = ledger::started_terms(book, code(1))?.unwrap();
    assert_eq!(terms.start_of_released(&article("voice")), Some(hour(12)));
    assert_eq!(ledger::started_terms(book, code(2))?, None);
    Ok(())
}

fn units(book: &dyn Book) -> Result<()> {
    assert_eq!(ledger::holdings(book, unit(3), "call")?, []);
    assert_eq!(ledger::holdings_at(book, unit(3), "call", 14)?.len(), 1);
    // By the clock of the desk, not by the time of the ledger.
    let held = Holding { code: code(1), lines: lines(&[("voice", 1)]), since: hour(16) };
    assert_eq!(ledger::holdings(book, unit(4), "call")?, [held]);
    let noted = CurrentNotes { end_user: Some("Hill".into()), location: None, comment: Some("moved".into()) };
    assert_eq!(ledger::current_notes(book, unit(1), "call")?, noted);
    assert_eq!(ledger::current_notes(book, unit(3), "call")?, CurrentNotes::default());
    Ok(())
}

fn entries(book: &dyn Book) -> Result<()> {
    let found = |query| -> Result<Vec<u64>> {
        Ok(book.entries(&query)?.into_iter().map(|entry| entry.number).collect())
    };
    let acts = |word| Query { acts: vec![word], ..Query::default() };
    assert_eq!(found(acts("reversed"))?, [6, 8, 10, 12, 14, 15, 19]);
    assert_eq!(found(Query { code: Some(code(1)), ..acts("reversed") })?, [8, 12, 19]);
    assert_eq!(found(Query { parent: Some(code(1)), ..Query::default() })?, [4, 6]);
    assert_eq!(found(Query { account: Some(account("beta")), ..Query::default() })?, [9, 10]);
    assert_eq!(found(Query { unit: Some(unit(3)), ..Query::default() })?, [13, 14, 15]);
    assert_eq!(found(Query { end_user: Some("Hill".into()), ..Query::default() })?, [16]);
    assert_eq!(found(Query { code: Some(code(1)), ..acts("corrected") })?, [3]);
    assert_eq!(found(Query { any_hardware: true, ..Query::default() })?, [5, 13]);
    assert_eq!(ledger::reversals(book, 13)?.len(), 2);
    assert_eq!(ledger::reversals(book, 5)?, []);
    let last = book.entries(&Query { after: 17, ..Query::default() })?;
    let times = DeskTimes::of(book)?;
    assert!(last.iter().all(|entry| times.time(entry) == hour(16) && entry.time == hour(20)));
    assert_eq!(ledger::override_in_force(book)?, Some((hour(16), "2035".into())));
    assert_eq!(ledger::audit(book, &mut |_| ())?, []);
    Ok(())
}
