//! Entries are found by every field of a query, balances by their holder.

use airlatch_core::model::Result;
use airlatch_desk::ledger::{Act, Balance, BalanceFilter, Book, Holder, Ledger, Query};

use super::cast::*;

pub fn all<L: Ledger>(make: &impl Fn() -> L) {
    let ledger = with(make, story());
    ledger.read(|book| every_field(book)).unwrap();
    ledger.read(|book| order_and_limit(book)).unwrap();
    ledger.read(|book| balances(book)).unwrap();
    with(make, long_story()).read(|book| every_act(book)).unwrap();
}

fn found(book: &dyn Book, query: Query) -> Result<Vec<u64>> {
    let entries = book.entries(&query)?;
    assert!(entries.iter().all(|entry| query.fits(entry)));
    Ok(entries.iter().map(|entry| entry.number).collect())
}

fn every_field(book: &dyn Book) -> Result<()> {
    let any = Query::default;
    let query = |change: fn(&mut Query)| {
        let mut query = any();
        change(&mut query);
        query
    };
    let table: [(Query, &[u64]); 33] = [
        (query(|q| q.acts = vec!["account"]), &[2, 3]),
        (query(|q| q.acts = vec!["restored", "opened"]), &[1, 15]),
        (query(|q| q.account = Some(account("acme"))), &[2, 4]),
        (query(|q| q.account = Some(account("beta"))), &[3, 6]),
        (query(|q| q.account = Some(account("all"))), &[]),
        (query(|q| q.order = Some("SO-1".into())), &[4]),
        (query(|q| q.order = Some("so-1".into())), &[]),
        (query(|q| q.order = Some("SO-_".into())), &[]),
        (query(|q| q.code = Some(code(1))), &[4, 12]),
        (query(|q| q.code = Some(code(2))), &[5, 6, 11]),
        (query(|q| q.code = Some(code(3))), &[7, 13]),
        (query(|q| q.code = Some(code(9))), &[]),
        (query(|q| q.parent = Some(code(1))), &[7]),
        (query(|q| q.parent = Some(code(3))), &[]),
        (query(|q| q.pool = Some(code(1))), &[4, 7, 8]),
        (query(|q| q.pool = Some(code(2))), &[5, 11, 14]),
        (query(|q| q.pool = Some(code(3))), &[7, 13]),
        (query(|q| q.unit = Some(unit(1))), &[8, 9, 14]),
        (query(|q| q.unit = Some(unit(2))), &[10]),
        (query(|q| q.product = Some("call".into())), &[4, 5, 8, 9, 10, 14]),
        (query(|q| q.product = Some("cal".into())), &[]),
        (query(|q| q.request = Some(document(22))), &[9]),
        (query(|q| q.end_user = Some("Town".into())), &[8]),
        (query(|q| q.end_user = Some(String::new())), &[]),
        (query(|q| q.hardware = Some(hardware(1))), &[8, 9, 14]),
        (query(|q| q.hardware = Some(hardware(2))), &[]),
        (query(|q| q.from = Some(hour(12))), &[13, 14, 15]),
        (query(|q| q.until = Some(hour(4))), &[1, 2, 3, 4]),
        (Query { from: Some(hour(4)), until: Some(hour(4).plus_seconds(1)), ..any() }, &[5, 6]),
        (query(|q| q.after = 13), &[14, 15]),
        (query(|q| q.after = u64::MAX), &[]),
        (Query { acts: vec!["activated"], pool: Some(code(2)), unit: Some(unit(1)), ..any() }, &[14]),
        (Query { code: Some(code(2)), account: Some(account("acme")), ..any() }, &[]),
    ];
    for (query, expected) in table {
        assert_eq!(found(book, query.clone())?, expected, "{query:?}");
    }
    assert_eq!(found(book, any())?, (1..=15).collect::<Vec<_>>());
    Ok(())
}

fn every_act(book: &dyn Book) -> Result<()> {
    let any = Query::default;
    // The others have a story of their own.
    let corrections = ["reversed", "corrected", "noted", "clock-override"];
    for word in Act::WORDS.into_iter().filter(|word| !corrections.contains(word)) {
        assert!(!found(book, Query { acts: vec![word], ..any() })?.is_empty(), "{word}");
    }
    assert_eq!(found(book, Query { acts: vec!["released"], ..any() })?, [16, 18]);
    assert_eq!(found(book, Query { unit: Some(unit(1)), after: 14, ..any() })?, [16, 17, 19]);
    assert_eq!(found(book, Query { product: Some("call".into()), after: 14, ..any() })?, [16, 17, 18, 19]);
    assert_eq!(found(book, Query { request: Some(document(31)), ..any() })?, [17]);
    assert_eq!(found(book, Query { pool: Some(code(1)), after: 14, ..any() })?, [16]);
    assert_eq!(
        found(book, Query { pool: Some(code(2)), acts: vec!["overdrawn", "released"], ..any() })?,
        [11, 16]
    );
    assert!(found(book, Query { pool: Some(code(3)), acts: vec!["released"], ..any() })?.is_empty());
    Ok(())
}

fn order_and_limit(book: &dyn Book) -> Result<()> {
    let any = Query::default;
    assert_eq!(found(book, Query { limit: 2, ..any() })?, [1, 2]);
    assert_eq!(found(book, Query { limit: 2, after: 5, ..any() })?, [6, 7]);
    assert_eq!(found(book, Query { limit: 99, after: 13, ..any() })?, [14, 15]);
    assert_eq!(found(book, Query { limit: 2, backwards: true, ..any() })?, [15, 14]);
    assert_eq!(found(book, Query { backwards: true, after: 12, ..any() })?, [15, 14, 13]);
    let calls = Query { product: Some("call".into()), backwards: true, limit: 2, ..any() };
    assert_eq!(found(book, calls)?, [14, 10]);
    Ok(())
}

fn balances(book: &dyn Book) -> Result<()> {
    let of = |of| book.balances(of).map(sorted);
    let at = |holder, name: &str, quantity| Balance { holder, article: article(name), quantity };
    let (one, two) = (Holder::Pool(code(1)), Holder::Pool(code(2)));
    let from = |seed| Holder::Unit(unit(1), code(seed));
    let all = vec![
        at(Holder::Source, "PBX#15", -2),
        at(Holder::Source, "voice", -111),
        at(one, "PBX#15", 2),
        at(one, "voice", 50),
        at(two, "voice", 6),
        at(from(1), "voice", 20),
        at(from(2), "voice", 5),
        at(Holder::Returned, "voice", 30),
    ];
    assert_eq!(of(BalanceFilter::All)?, sorted(all));
    assert_eq!(of(BalanceFilter::Pool(code(1)))?, [at(one, "PBX#15", 2), at(one, "voice", 50)]);
    assert_eq!(of(BalanceFilter::Pool(code(3)))?, []);
    assert_eq!(
        of(BalanceFilter::Unit(unit(1)))?,
        sorted(vec![at(from(1), "voice", 20), at(from(2), "voice", 5)])
    );
    assert_eq!(of(BalanceFilter::Unit(unit(2)))?, []);
    Ok(())
}

/// The order of balances is not promised.
pub fn sorted(mut balances: Vec<Balance>) -> Vec<Balance> {
    balances.sort_by(|one, other| (one.holder, &one.article).cmp(&(other.holder, &other.article)));
    balances
}
