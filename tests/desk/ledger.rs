//! The ledger in memory fulfils the storage contract, and the audit finds changes.

use std::collections::BTreeSet;

use airlatch_core::model::{DocumentId, Error, Reason, Result};
use airlatch_desk::ledger::{
    self, Act, Balance, BalanceFilter, Book, Draft, Entry, Head, Ledger, MemoryLedger, Query, StoredLicense,
};

use crate::common::ledger_contract::{
    activated, code, hour, opened, ordered, passed, post_all, released, story,
};
use crate::common::slow;

#[test]
fn memory_keeps_the_contract() {
    crate::common::ledger_contract::all(MemoryLedger::default);
}

#[test]
fn memory_keeps_to_the_model() {
    crate::common::ledger_contract::histories(MemoryLedger::default, 0..slow::or(30, 200), 60);
}

/// A fake ledger with given entries, some of them unreadable.
#[derive(Default)]
struct Liar {
    entries: Vec<Entry>,
    unreadable: BTreeSet<u64>,
    lines: Vec<String>,
    head: Option<Head>,
}

impl Book for Liar {
    fn id(&self) -> Result<[u8; 16]> {
        Ok([0; 16])
    }

    fn head(&self) -> Result<Head> {
        Ok(self.head.unwrap_or_else(|| self.entries.last().map(Entry::head).unwrap_or_default()))
    }

    fn entries(&self, query: &Query) -> Result<Vec<Entry>> {
        let limit = if query.limit == 0 { usize::MAX } else { query.limit };
        let fitting = self.entries.iter().filter(|entry| query.fits(entry)).take(limit);
        let read = |entry: &Entry| match self.unreadable.contains(&entry.number) {
            true => Err(Error::new(Reason::DamagedLedger, "unreadable").at(entry.number.to_string())),
            false => Ok(entry.clone()),
        };
        fitting.map(read).collect()
    }

    fn balances(&self, _: BalanceFilter) -> Result<Vec<Balance>> {
        Ok(Vec::new())
    }

    fn inconsistencies(&self) -> Result<Vec<String>> {
        Ok(self.lines.clone())
    }

    fn license(&self, _: DocumentId) -> Result<Option<StoredLicense>> {
        Ok(None)
    }

    fn post(&mut self, _: Draft) -> Result<Entry> {
        Err(Error::new(Reason::Internal, "it only lies"))
    }
}

fn told() -> Vec<Entry> {
    post_all(&mut MemoryLedger::default(), story()).unwrap()
}

/// The same acts with recomputed hashes, as a knowledgeable forger would write them.
fn forge(drafts: Vec<Draft>, change: impl Fn(&mut Entry)) -> Vec<Entry> {
    let mut head = Head::default();
    let link = |draft: Draft| {
        let mut entry = ledger::link(&head, &draft).unwrap();
        change(&mut entry);
        head = entry.head();
        entry
    };
    drafts.into_iter().map(link).collect()
}

/// Place and message of each error in the audit of these entries.
fn findings(book: &Liar) -> Vec<(String, String)> {
    let found = ledger::audit(book, &mut |_| {}).unwrap();
    let part = |it: &Error| (it.place().unwrap_or_default().to_owned(), it.message().to_owned());
    found.iter().map(part).collect()
}

fn places(entries: Vec<Entry>) -> Vec<String> {
    findings(&Liar { entries, ..Liar::default() }).into_iter().map(|it| it.0).collect()
}

#[test]
fn the_audit_finds_what_was_changed() {
    assert_eq!(places(told()), Vec::<String>::new());
    let changed = |at: usize, change: fn(&mut Entry)| {
        let mut entries = told();
        change(&mut entries[at]);
        places(entries)
    };
    assert_eq!(changed(3, |e| e.actor = "eve".into()), ["entry 4"]);
    assert_eq!(changed(3, |e| e.hash[0] ^= 1), ["entry 4", "entry 5"]);
    assert_eq!(changed(4, |e| e.time = hour(2)), ["entry 5", "entry 5"]);
    assert_eq!(changed(13, |e| e.act = Act::Overdrawn { code: code(2) }), ["entry 14", "entry 14"]);
    let mut missing = told();
    missing.remove(11);
    assert_eq!(places(missing), ["entry 13"]);
    let mut swapped = told();
    swapped.swap(11, 12);
    assert_eq!(places(swapped).len(), 3);
    assert_eq!(places(told().split_off(1))[0], "entry 2");
}

#[test]
fn the_audit_finds_what_fits_the_chain_but_not_the_sums() {
    let drafts = || {
        let more = [activated(2, 1, &[1], &[("a", 6)]), activated(3, 1, &[2], &[("a", 2)])];
        let start = [opened(0), ordered(1, 1, "SO-1", &[("a", 5)], None), passed(1, 1, 2, &[("a", 1)])];
        start.into_iter().chain(more).collect::<Vec<_>>()
    };
    let book = Liar { entries: forge(drafts(), |_| ()), ..Liar::default() };
    let found = findings(&book);
    let places: Vec<_> = found.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(places, ["entry 4", "entry 5"]);
    assert!(found[0].1.ends_with("holds -2 of a"), "{found:?}");
    assert!(found[1].1.ends_with("holds -1 of a"), "{found:?}");
}

#[test]
fn the_audit_finds_what_was_given_back_without_being_held() {
    let drafts = |many| {
        let start = [opened(0), ordered(1, 1, "SO-1", &[("a", 5)], None), activated(2, 1, &[1], &[("a", 3)])];
        let back = [released(3, 1, &[(1, &[("a", many)])]), released(4, 2, &[])];
        start.into_iter().chain(back).collect::<Vec<_>>()
    };
    let found = |many| findings(&Liar { entries: forge(drafts(many), |_| ()), ..Liar::default() });
    assert_eq!(found(3), []);
    let [(place, what)] = &found(5)[..] else { panic!("{:?}", found(5)) };
    assert!(place == "entry 4" && what.ends_with("holds -2 of a"), "{place}: {what}");
}

#[test]
fn the_audit_skips_an_unreadable_entry() {
    let entries = told();
    let unreadable = BTreeSet::from([4, 9]);
    let book = Liar { entries, unreadable, lines: vec!["a balance".into()], ..Liar::default() };
    let mut seen = Vec::new();
    let found = ledger::audit(&book, &mut |entry| seen.push(entry.number)).unwrap();
    assert_eq!(found.iter().filter_map(Error::place).collect::<Vec<_>>(), ["4", "9"]);
    assert_eq!(found[2].message(), "a balance");
    assert_eq!(seen, (1..=15).filter(|number| ![4, 9].contains(number)).collect::<Vec<_>>());
    let head = Some(Head { number: 16, ..told()[14].head() });
    let short = Liar { entries: told(), head, ..Liar::default() };
    assert_eq!(findings(&short)[0].0, "entry 16");
}

#[test]
fn the_audit_returns_at_most_a_hundred_errors() {
    let mut entries = told();
    let last = entries[14].clone();
    entries.extend((16..2_600).map(|number| Entry { number, ..last.clone() }));
    let mut seen = 0;
    let book = Liar { entries, lines: vec!["one more".into()], ..Liar::default() };
    assert_eq!(ledger::audit(&book, &mut |_| seen += 1).unwrap().len(), 100);
    assert_eq!(seen, 2_599);
    let unreadable = (3..2_000).collect();
    let blind = Liar { unreadable, ..book };
    assert_eq!(ledger::audit(&blind, &mut |_| {}).unwrap().len(), 100);
}

#[test]
fn a_read_and_a_failed_post_change_nothing() {
    let mut memory = MemoryLedger::default();
    post_all(&mut memory, story()).unwrap();
    let before = memory.clone();
    let short = activated(99, 1, &[1], &[("voice", 1_000)]);
    // Outside a transaction, so only the post itself can roll back.
    assert!(memory.post(crate::common::ledger_contract::sealed(short, 18, None, None)).is_err());
    assert_eq!(memory, before);
    memory.read(|book| book.entries(&Query::default())).unwrap();
    assert_eq!(memory, before);
}
