//! What is posted is there, what is refused leaves nothing.

use airlatch_core::model::{Error, MAX_QUANTITY, Reason, Result};
use airlatch_desk::ledger::{Act, BalanceFilter, Book, Draft, Head, Holder, Ledger, Query, StoredLicense};

use super::cast::*;

pub fn all<L: Ledger>(make: &impl Fn() -> L) {
    an_empty_ledger(make);
    what_is_posted_is_there(make);
    a_ledger_is_opened_once_and_first(make);
    a_short_pool_is_refused(make);
    failed_work_is_undone(make);
    work_may_go_on_after_a_refusal(make);
    time_never_goes_back(make);
    licenses_are_kept(make);
    what_does_not_fit_is_refused(make);
    sums_beyond_64_bits_are_refused(make);
}

fn an_empty_ledger<L: Ledger>(make: &impl Fn() -> L) {
    let look = |book: &dyn Book| {
        assert_eq!((book.id()?, book.head()?), ([0; 16], Head::default()));
        assert_eq!(book.entries(&Query::default())?, []);
        assert_eq!(book.balances(BalanceFilter::All)?, []);
        assert_eq!(book.license(document(11))?, None);
        assert_eq!(book.inconsistencies()?, Vec::<String>::new());
        Ok(())
    };
    make().read(look).unwrap();
    make().transact(|book| look(book)).unwrap();
}

fn what_is_posted_is_there<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = make();
    let mut head = Head::default();
    for (index, draft) in story().into_iter().enumerate() {
        let entry = post_all(&mut ledger, vec![draft.clone()]).unwrap().remove(0);
        assert_eq!(entry.number, index as u64 + 1);
        assert_eq!((entry.time, &entry.actor, &entry.act), (draft.time, &draft.actor, &draft.act));
        assert_eq!(entry.transfers, draft.transfers);
        assert_eq!(entry.license.map(|it| it.id), draft.sealed.map(|it| it.0));
        entry.check().unwrap();
        entry.follows(&head).unwrap();
        head = entry.head();
        let look = |book: &dyn Book| {
            assert_eq!(book.head()?, head);
            let last = Query { backwards: true, limit: 1, ..Query::default() };
            assert_eq!(book.entries(&last)?, [entry]);
            Ok(())
        };
        ledger.read(look).unwrap();
    }
    // The same in one transaction is the same ledger.
    let mut at_once = make();
    post_all(&mut at_once, story()).unwrap();
    assert!(state(&at_once) == state(&ledger));
    let first = ledger.read(|book| Ok((book.id()?, book.entries(&Query::default())?.remove(0)))).unwrap();
    assert_eq!(first.0, first.1.hash[..16]);
}

fn a_ledger_is_opened_once_and_first<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = make();
    assert_eq!(refused(&mut ledger, stated(0, "acme", "ACME", None)), Reason::Internal);
    post_all(&mut ledger, vec![opened(0)]).unwrap();
    assert_eq!(refused(&mut ledger, opened(0)), Reason::Internal);
    post_all(&mut ledger, vec![stated(0, "acme", "ACME", None)]).unwrap();
}

fn a_short_pool_is_refused<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = with(make, vec![opened(0), ordered(1, 1, "SO-1", &[("a", 5), ("b", 5)], None)]);
    for draft in [
        activated(2, 1, &[1], &[("a", 6)]),
        activated(2, 1, &[1], &[("a", 1), ("b", 6)]),
        activated(2, 1, &[1], &[("b", 6), ("a", 1)]),
        sealed(activated(2, 1, &[1], &[("c", 1)]), 11, None, None),
        activated(2, 1, &[2], &[("a", 1)]),
        passed(2, 1, 2, &[("a", 6)]),
        cancelled(2, 1, &[("a", 5), ("b", MAX_QUANTITY)]),
    ] {
        assert_eq!(refused(&mut ledger, draft), Reason::ShortPool);
    }
    post_all(&mut ledger, vec![activated(2, 1, &[1], &[("a", 5), ("b", 4)])]).unwrap();
    assert_eq!(refused(&mut ledger, activated(2, 1, &[1], &[("a", 1)])), Reason::ShortPool);
    post_all(&mut ledger, vec![activated(2, 1, &[1], &[("b", 1)])]).unwrap();
    assert_eq!(refused(&mut ledger, released(3, 1, &[(1, &[("a", 6)])])), Reason::ShortPool);
    assert_eq!(refused(&mut ledger, released(3, 2, &[(1, &[("a", 1)])])), Reason::ShortPool);
    post_all(&mut ledger, vec![released(3, 1, &[(1, &[("a", 5), ("b", 5)])])]).unwrap();
    post_all(&mut ledger, vec![activated(4, 2, &[1], &[("a", 5)])]).unwrap();
}

fn failed_work_is_undone<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = with(make, vec![opened(0)]);
    let before = state(&ledger);
    let late = Reason::Declined;
    let failed: Result<()> = ledger.transact(|book| {
        book.post(ordered(1, 1, "SO-1", &[("a", 5)], None))?;
        book.post(sealed(activated(2, 1, &[1], &[("a", 5)]), 11, None, None))?;
        assert_eq!(book.head()?.number, 3);
        assert_eq!(book.balances(BalanceFilter::Pool(code(1)))?, []);
        assert!(book.license(document(11))?.is_some());
        Err(Error::new(late, "no"))
    });
    assert_eq!(failed.unwrap_err().reason(), late);
    assert!(state(&ledger) == before, "failed work left something");
    let drafts = vec![ordered(1, 1, "SO-1", &[("a", 5)], None), activated(2, 1, &[1], &[("a", 6)])];
    assert_eq!(post_all(&mut ledger, drafts).unwrap_err().reason(), Reason::ShortPool);
    assert!(state(&ledger) == before, "a transaction was split");
}

fn work_may_go_on_after_a_refusal<L: Ledger>(make: &impl Fn() -> L) {
    let (opening, order) = (opened(0), ordered(1, 1, "SO-1", &[("a", 5)], None));
    let good = sealed(activated(2, 1, &[1], &[("a", 5)]), 11, None, None);
    let mut ledger = make();
    let work = |book: &mut dyn Book| {
        book.post(opening.clone())?;
        book.post(order.clone())?;
        let short = sealed(activated(2, 1, &[1], &[("a", 6)]), 12, None, None);
        assert_eq!(book.post(short).unwrap_err().reason(), Reason::ShortPool);
        assert_eq!(book.head()?.number, 2);
        book.post(good.clone())
    };
    ledger.transact(work).unwrap();
    assert!(state(&ledger) == state(&with(make, vec![opening, order, good])));
}

fn time_never_goes_back<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = with(make, vec![opened(5)]);
    assert_eq!(refused(&mut ledger, stated(4, "acme", "ACME", None)), Reason::ClockRollback);
    post_all(&mut ledger, vec![stated(5, "acme", "ACME", None)]).unwrap();
}

fn licenses_are_kept<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = with(make, story());
    let found = |seed: u8| ledger.read(|book| book.license(document(seed))).unwrap();
    let stored = |seed: u8, entry| StoredLicense { id: document(seed), entry, sealed: vec![seed; 100] };
    assert_eq!(found(11), Some(stored(11, 8)));
    assert_eq!(found(13), Some(stored(13, 10)));
    assert_eq!(found(14), None);
    let again = sealed(activated(20, 1, &[1], &[]), 11, None, None);
    assert_eq!(refused(&mut ledger, again), Reason::Internal);
}

fn what_does_not_fit_is_refused<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = with(make, story());
    let misfit = |draft: Draft, from, to| Draft { transfers: moves(&[("voice", 1)], from, to), ..draft };
    let (pool, other) = (Holder::Pool(code(1)), Holder::Pool(code(2)));
    let plain = |act| draft(20, act, vec![]);
    let held = Holder::Unit(unit(1), code(1));
    let activating = || activated(20, 1, &[1, 2], &[]);
    let booking = || ordered(20, 9, "SO-9", &[("a", 1)], None);
    let twice = activated(20, 1, &[1], &[("voice", 1), ("voice", 2)]);
    for draft in [
        misfit(booking(), Holder::Source, pool),
        misfit(booking(), other, Holder::Pool(code(9))),
        misfit(overdrawn(20, 1, &[]), Holder::Source, other),
        misfit(passed(20, 1, 2, &[]), other, pool),
        misfit(passed(20, 1, 2, &[]), Holder::Source, other),
        misfit(passed(20, 1, 1, &[]), pool, pool),
        misfit(cancelled(20, 1, &[]), other, Holder::Returned),
        misfit(cancelled(20, 1, &[]), pool, Holder::Expired),
        misfit(activating(), other, held),
        misfit(activating(), pool, Holder::Unit(unit(2), code(1))),
        misfit(activating(), Holder::Source, held),
        misfit(activating(), held, pool),
        misfit(activated(20, 1, &[], &[]), pool, held),
        misfit(plain(Act::Added { code: code(1), account: account("acme") }), pool, other),
        misfit(plain(Act::Renewed { code: code(1), term: until(1) }), Holder::Source, pool),
        misfit(released(20, 1, &[]), pool, held),
        misfit(released(20, 1, &[]), held, other),
        misfit(released(20, 1, &[]), held, Holder::Returned),
        misfit(released(20, 2, &[]), held, pool),
        misfit(clock_reset(20, 1, 30), held, pool),
        misfit(plain(Act::Restored { number: 1, hash: [0; 32], note: None }), Holder::Source, pool),
        misfit(stated(20, "acme", "ACME", None), Holder::Source, pool),
        twice,
        activated(20, 1, &[1], &[("voice", 0)]),
        overdrawn(20, 1, &[("voice", MAX_QUANTITY + 1)]),
        Draft { actor: String::new(), ..booking() },
        Draft { actor: "x".repeat(101), ..booking() },
    ] {
        assert_eq!(refused(&mut ledger, draft), Reason::Internal);
    }
}

/// The source is charged with everything that was ever sold, so it is the first to overflow.
fn sums_beyond_64_bits_are_refused<L: Ledger>(make: &impl Fn() -> L) {
    let mut ledger = with(make, vec![opened(0)]);
    let most = || overdrawn(1, 1, &[("a", MAX_QUANTITY)]);
    post_all(&mut ledger, (0..1_024).map(|_| most()).collect()).unwrap();
    assert_eq!(refused(&mut ledger, most()), Reason::TooLarge);
    post_all(&mut ledger, vec![activated(1, 1, &[1], &[("a", MAX_QUANTITY)])]).unwrap();
}
