//! What became of codes, accounts and units, asked over any ledger; an honest ledger passes its audit.

use airlatch_core::model::{OrderCode, Result};
use airlatch_desk::ledger::{self, Act, Book, Customer, Draft, Holding, Ledger};
use airlatch_desk::orders::Lines;

use super::cast::*;

pub fn all<L: Ledger>(make: &impl Fn() -> L) {
    let ledger = with(make, story());
    ledger.read(|book| pools(book)).unwrap();
    ledger.read(|book| orders_and_accounts(book)).unwrap();
    ledger.read(|book| units(book)).unwrap();
    ledger.read(|book| an_honest_ledger(book)).unwrap();
    with(make, long_story()).read(|book| a_unit_begins_anew(book)).unwrap();
    with(make, family()).read(|book| parents_and_children(book)).unwrap();
    with(make, groups()).read(|book| accounts_share_by_group(book)).unwrap();
}

fn pools(book: &dyn Book) -> Result<()> {
    let none = Lines::new;
    let one = ledger::pool(book, code(1))?.unwrap();
    let bought = [("PBX#15", 2), ("voice", 100)];
    let expected = airlatch_desk::orders::Order { term: until(2_000), ..order("SO-1", &bought) };
    assert_eq!((one.code, one.order), (code(1), expected));
    assert_eq!((one.account, one.parent, one.cancelled), (Some(account("acme")), None, false));
    assert_eq!((one.overdrawn, one.passed), (none(), lines(&[("voice", 30)])));
    assert_eq!(one.left, lines(&[("PBX#15", 2), ("voice", 50)]));

    let two = ledger::pool(book, code(2))?.unwrap();
    assert_eq!((two.order, two.account), (order("SO-2", &[("voice", 10)]), Some(account("beta"))));
    assert_eq!((two.overdrawn, two.left), (lines(&[("voice", 1)]), lines(&[("voice", 6)])));

    let three = ledger::pool(book, code(3))?.unwrap();
    assert_eq!(three.parent, Some((code(1), "shop".into())));
    assert_eq!((three.account, three.cancelled), (None, true));
    // The code it came from was renewed only later.
    assert_eq!((three.order.term, three.order.number), (until(1_000), "SO-1".into()));
    assert_eq!((three.order.lines, three.left), (lines(&[("voice", 30)]), none()));
    assert_eq!(ledger::pool(book, code(9))?, None);
    Ok(())
}

fn orders_and_accounts(book: &dyn Book) -> Result<()> {
    let booked = order("SO-1", &[("PBX#15", 2), ("voice", 100)]);
    assert_eq!(ledger::order(book, "SO-1")?, Some((booked, code(1))));
    assert_eq!(ledger::order(book, "SO-9")?, None);
    assert_eq!(ledger::customer(book, &account("all"))?, None);
    assert_eq!(ledger::codes_of(book, &account("acme"), false)?, [code(1)]);
    assert_eq!(ledger::codes_of(book, &account("acme"), true)?, [code(1), code(2)]);
    Ok(())
}

fn units(book: &dyn Book) -> Result<()> {
    let holding =
        |seed, quantity, since| Holding { code: code(seed), lines: lines(&[("voice", quantity)]), since };
    let held = ledger::holdings(book, unit(1), "call")?;
    assert_eq!(held, [holding(1, 20, hour(7)), holding(2, 5, hour(13))]);
    assert_eq!(ledger::holdings(book, unit(1), "phone")?, []);
    assert_eq!(ledger::holdings(book, unit(2), "call")?, []);

    let number = |found: Option<(ledger::Entry, ledger::Activation)>| found.map(|(entry, _)| entry.number);
    // Entry 14 has no license.
    assert_eq!(number(ledger::latest(book, unit(1), "call")?), Some(9));
    assert_eq!(number(ledger::latest(book, unit(2), "call")?), Some(10));
    assert_eq!(number(ledger::latest(book, unit(2), "phone")?), None);
    let (entry, activation) = ledger::answer_to(book, document(21))?.unwrap();
    assert_eq!((entry.number, entry.act), (8, Act::Activated(activation)));
    assert_eq!(number(ledger::answer_to(book, document(23))?), None);
    assert!(!ledger::evaluated(book, unit(1), "call")?);
    assert!(ledger::evaluated(book, unit(2), "call")?);
    assert!(!ledger::evaluated(book, unit(2), "phone")?);
    Ok(())
}

fn a_unit_begins_anew(book: &dyn Book) -> Result<()> {
    let number = |found: &(ledger::Entry, ledger::Activation)| found.0.number;
    let held = Holding { code: code(2), lines: lines(&[("voice", 3)]), since: hour(23) };
    assert_eq!(ledger::holdings(book, unit(1), "call")?, [held]);
    assert_eq!(ledger::holdings_at(book, unit(1), "call", 18)?, []);
    assert_eq!(ledger::holdings_at(book, unit(1), "call", 15)?.len(), 2);
    assert_eq!(ledger::latest(book, unit(1), "call")?.as_ref().map(number), Some(19));
    assert_eq!(ledger::latest(book, unit(2), "call")?, None);
    let each = ledger::latest_of_each(book, unit(1))?;
    assert_eq!(each.values().map(number).collect::<Vec<_>>(), [19]);
    assert_eq!(ledger::latest_of_each(book, unit(2))?, [].into());
    let back = |request| {
        let (entry, activation) = ledger::answer_to(book, document(request))?.unwrap();
        Ok(ledger::release_entry(book, &entry, &activation)?.map(|back| back.number))
    };
    assert_eq!((back(21)?, back(22)?, back(24)?), (Some(16), Some(16), None));
    // The reset answers a request, but with no license.
    assert_eq!(ledger::answer_to(book, document(31))?, None);
    assert_eq!(ledger::pool(book, code(1))?.unwrap().left, lines(&[("PBX#15", 2), ("voice", 70)]));
    assert_eq!(ledger::pool(book, code(2))?.unwrap().left, lines(&[("voice", 8)]));
    assert!(ledger::evaluated(book, unit(2), "call")?);
    assert_eq!(ledger::audit(book, &mut |_| ())?, []);
    Ok(())
}

fn an_honest_ledger(book: &dyn Book) -> Result<()> {
    let mut seen = Vec::new();
    assert_eq!(ledger::audit(book, &mut |entry| seen.push(entry.number))?, []);
    assert_eq!(seen, (1..=15).collect::<Vec<_>>());
    Ok(())
}

fn renewed(at: i64, seed: u8, end: i64) -> Draft {
    draft(at, Act::Renewed { code: code(seed), term: until(end) }, vec![])
}

/// 1 is renewed, passed on to 2, renewed again; 2 is passed on to 3 and 4, then renewed and passed on to 5.
fn family() -> Vec<Draft> {
    vec![
        opened(0),
        ordered(1, 1, "SO-1", &[("a", 100), ("b", 5)], Some("acme")),
        renewed(2, 1, 1_100),
        passed(3, 1, 2, &[("a", 50)]),
        renewed(4, 1, 1_200),
        passed(5, 2, 3, &[("a", 10)]),
        passed(6, 2, 4, &[("a", 5)]),
        renewed(7, 2, 1_300),
        passed(8, 2, 5, &[("a", 1)]),
        draft(9, Act::Added { code: code(3), account: account("beta") }, vec![]),
        activated(10, 1, &[3], &[("a", 4)]),
        activated(11, 1, &[3], &[("a", 2)]),
    ]
}

fn parents_and_children(book: &dyn Book) -> Result<()> {
    let pool = |seed| ledger::pool(book, code(seed)).map(Option::unwrap);
    for (seed, end) in [(1, 1_200), (2, 1_300), (3, 1_100), (4, 1_100), (5, 1_300)] {
        assert_eq!(pool(seed)?.order.term, until(end), "code {seed}");
    }
    let three = pool(3)?;
    assert_eq!(three.order.number, "SO-1");
    assert_eq!((three.order.product, three.order.version), ("call".into(), Some("5".into())));
    assert_eq!((three.order.overdraft, three.order.customer, three.order.reference), (0, None, None));
    assert_eq!((three.order.lines, three.left), (lines(&[("a", 10)]), lines(&[("a", 4)])));
    assert_eq!(three.account, Some(account("beta")));
    assert_eq!(three.parent, Some((code(2), "shop".into())));
    assert_eq!((pool(2)?.account, pool(2)?.passed), (None, lines(&[("a", 16)])));
    assert_eq!((pool(1)?.order.overdraft, pool(1)?.passed), (10, lines(&[("a", 50)])));
    let held = Holding { code: code(3), lines: lines(&[("a", 6)]), since: hour(10) };
    assert_eq!(ledger::holdings(book, unit(1), "call")?, [held]);
    Ok(())
}

/// `x` and `y` are in the group `one`, which is an account too; `z` left it; `w` was never opened; code 1 was added twice.
fn groups() -> Vec<Draft> {
    let mut drafts = vec![
        opened(0),
        stated(1, "x", "X", Some("one")),
        stated(1, "y", "Y", None),
        stated(1, "z", "Z", Some("one")),
        stated(1, "one", "One", None),
        stated(2, "y", "Why", Some("one")),
        stated(2, "z", "Z", None),
    ];
    for (seed, owner) in ["y", "x", "z", "one", "w"].into_iter().enumerate() {
        let seed = seed as u8 + 1;
        drafts.push(ordered(3, seed, &format!("SO-{seed}"), &[("a", 1)], Some(owner)));
    }
    drafts.push(draft(4, Act::Added { code: code(1), account: account("x") }, vec![]));
    drafts
}

fn accounts_share_by_group(book: &dyn Book) -> Result<()> {
    let codes = |name: &str, group| ledger::codes_of(book, &account(name), group);
    let some = |seeds: &[u8]| seeds.iter().map(|seed| code(*seed)).collect::<Vec<OrderCode>>();
    for name in ["x", "y", "one"] {
        assert_eq!(codes(name, true)?, some(&[1, 2, 4]), "{name}");
    }
    assert_eq!(codes("z", true)?, some(&[3]));
    assert_eq!(codes("w", true)?, some(&[5]));
    assert_eq!(codes("nobody", true)?, []);
    assert_eq!(codes("x", false)?, some(&[2, 1]));
    assert_eq!(codes("one", false)?, some(&[4]));
    let names: Vec<_> = ledger::customers(book)?.into_iter().map(|it| it.name.to_string()).collect();
    assert_eq!(names, ["one", "x", "y", "z"]);
    let why = Customer { name: account("y"), title: Some("Why".into()), group: Some(account("one")) };
    assert_eq!(ledger::customer(book, &account("y"))?, Some(why));
    assert_eq!(ledger::customer(book, &account("z"))?.unwrap().group, None);
    assert_eq!(ledger::customer(book, &account("w"))?, None);
    Ok(())
}
