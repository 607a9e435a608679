//! Codes, units, acts and a story of fifteen entries that the contract asks about.

use airlatch_core::model::{
    DocumentId, FeatureName, KeyId, LockingId, Mac, OrderCode, Reason, Result, Time, Unit,
};
use airlatch_desk::catalog::{GrantEnd, GrantTerm};
use airlatch_desk::ledger::{
    Act, Activation, Balance, BalanceFilter, Book, Customer, Draft, Entry, Head, Holder, Ledger, Query,
    StoredLicense, Transfer,
};
use airlatch_desk::orders::{AccountName, Lines, Order};

pub fn code(seed: u8) -> OrderCode {
    OrderCode::from_digest(&[seed; 32])
}

pub fn document(seed: u8) -> DocumentId {
    DocumentId::from_digest(&[seed; 32])
}

pub fn unit(seed: u8) -> Unit {
    Unit::Device(Mac([0, 4, 0xf1, 0x14, 0x4b, seed]))
}

pub fn article(name: &str) -> FeatureName {
    name.parse().unwrap()
}

pub fn account(name: &str) -> AccountName {
    name.parse().unwrap()
}

/// So many hours after the story begins.
pub fn hour(hour: i64) -> Time {
    Time::from_seconds(1_800_000_000).plus_seconds(hour * 3_600)
}

pub fn until(hours: i64) -> GrantTerm {
    GrantTerm { from: None, end: GrantEnd::Until(hour(hours)) }
}

pub fn lines(text: &[(&str, u64)]) -> Lines {
    text.iter().map(|(name, quantity)| (article(name), *quantity)).collect()
}

pub fn moves(lines: &[(&str, u64)], from: Holder, to: Holder) -> Vec<Transfer> {
    let it =
        |(name, quantity): &(&str, u64)| Transfer { article: article(name), quantity: *quantity, from, to };
    lines.iter().map(it).collect()
}

pub fn draft(at: i64, act: Act, transfers: Vec<Transfer>) -> Draft {
    Draft { time: hour(at), actor: "ann".into(), act, transfers, sealed: None }
}

pub fn opened(at: i64) -> Draft {
    draft(at, Act::Opened { nonce: [7; 16], vendor: Some("ACME".into()) }, vec![])
}

pub fn stated(at: i64, name: &str, title: &str, group: Option<&str>) -> Draft {
    let (title, group) = (Some(title.into()), group.map(account));
    draft(at, Act::Account(Customer { name: account(name), title, group }), vec![])
}

pub fn order(number: &str, bought: &[(&str, u64)]) -> Order {
    Order {
        number: number.into(),
        reference: Some("PO 7".into()),
        customer: Some("City of X".into()),
        product: "call".into(),
        version: Some("5".into()),
        term: until(1_000),
        lines: lines(bought),
        overdraft: 10,
    }
}

pub fn ordered(at: i64, seed: u8, number: &str, bought: &[(&str, u64)], owner: Option<&str>) -> Draft {
    let act = Act::Ordered { code: code(seed), order: order(number, bought), account: owner.map(account) };
    draft(at, act, moves(bought, Holder::Source, Holder::Pool(code(seed))))
}

pub fn passed(at: i64, from: u8, to: u8, part: &[(&str, u64)]) -> Draft {
    let (from, to) = (code(from), code(to));
    let act = Act::Passed { from, to, recipient: "shop".into(), reference: None, note: None };
    draft(at, act, moves(part, Holder::Pool(from), Holder::Pool(to)))
}

pub fn overdrawn(at: i64, seed: u8, more: &[(&str, u64)]) -> Draft {
    let act = Act::Overdrawn { code: code(seed) };
    draft(at, act, moves(more, Holder::Source, Holder::Pool(code(seed))))
}

pub fn cancelled(at: i64, seed: u8, rest: &[(&str, u64)]) -> Draft {
    let act = Act::Cancelled { code: code(seed), note: None };
    draft(at, act, moves(rest, Holder::Pool(code(seed)), Holder::Returned))
}

/// An activation of product `call`; what is taken comes from the first of the codes.
pub fn activated(at: i64, seed: u8, codes: &[u8], taken: &[(&str, u64)]) -> Draft {
    let codes: Vec<_> = codes.iter().map(|seed| code(*seed)).collect();
    let transfers = codes
        .first()
        .map_or_else(Vec::new, |code| moves(taken, Holder::Pool(*code), Holder::Unit(unit(seed), *code)));
    draft(at, Act::Activated(activation(seed, codes)), transfers)
}

/// What the unit gives back of product `call` to each code.
pub fn released(at: i64, seed: u8, given: &[(u8, &[(&str, u64)])]) -> Draft {
    let act = Act::Released {
        unit: unit(seed),
        product: "call".into(),
        license: document(12),
        receipt: document(14),
        note: None,
    };
    let back = |(from, lines): &(u8, &[(&str, u64)])| {
        let code = code(*from);
        moves(lines, Holder::Unit(unit(seed), code), Holder::Pool(code))
    };
    draft(at, act, given.iter().flat_map(back).collect())
}

pub fn clock_reset(at: i64, seed: u8, answers: u8) -> Draft {
    let (unit, key) = (unit(seed), KeyId::from_digest(&[5; 32]));
    draft(at, Act::ClockReset { unit, product: "call".into(), request: document(answers), key }, vec![])
}

pub fn hardware(seed: u8) -> LockingId {
    LockingId::from_groups([u32::from(seed); 5])
}

pub fn activation(seed: u8, codes: Vec<OrderCode>) -> Activation {
    Activation {
        unit: unit(seed),
        product: "call".into(),
        model: None,
        evaluation: codes.is_empty(),
        codes,
        request: None,
        hardware: (seed % 2 == 1).then(|| hardware(seed)),
        weak_lock: false,
        number: None,
        end_user: None,
        location: None,
        comment: None,
        key: KeyId::from_digest(&[5; 32]),
    }
}

/// The same with a license, which answers a request where one is named.
pub fn sealed(mut draft: Draft, license: u8, answers: Option<u8>, end_user: Option<&str>) -> Draft {
    if let Act::Activated(activation) = &mut draft.act {
        activation.request = answers.map(document);
        activation.end_user = end_user.map(str::to_owned);
    }
    Draft { sealed: Some((document(license), vec![license; 100])), ..draft }
}

/// Entries 1 to 15; entry N is made at hour N - 1, but 6 at the same time as 5.
pub fn story() -> Vec<Draft> {
    vec![
        opened(0),
        stated(1, "acme", "ACME", Some("all")),
        stated(2, "beta", "Beta", Some("all")),
        ordered(3, 1, "SO-1", &[("PBX#15", 2), ("voice", 100)], Some("acme")),
        ordered(4, 2, "SO-2", &[("voice", 10)], None),
        draft(4, Act::Added { code: code(2), account: account("beta") }, vec![]),
        passed(6, 1, 3, &[("voice", 30)]),
        sealed(activated(7, 1, &[1], &[("voice", 20)]), 11, Some(21), Some("Town")),
        sealed(activated(8, 1, &[1, 2], &[]), 12, Some(22), None),
        sealed(activated(9, 2, &[], &[]), 13, None, None),
        overdrawn(10, 2, &[("voice", 1)]),
        draft(11, Act::Renewed { code: code(1), term: until(2_000) }, vec![]),
        cancelled(12, 3, &[("voice", 30)]),
        activated(13, 1, &[2], &[("voice", 5)]),
        draft(14, Act::Restored { number: 9, hash: [3; 32], note: None }, vec![]),
    ]
}

/// The story, and then unit 1 gives back what it has, takes again, and a reset is signed for it; unit 2 had nothing.
pub fn long_story() -> Vec<Draft> {
    let mut drafts = story();
    let back: [(u8, &[(&str, u64)]); 2] = [(1, &[("voice", 20)]), (2, &[("voice", 5)])];
    drafts.extend([
        sealed(released(20, 1, &back), 14, None, None),
        sealed(clock_reset(21, 1, 31), 15, None, None),
        released(22, 2, &[]),
        sealed(activated(23, 1, &[2], &[("voice", 3)]), 16, Some(24), None),
    ]);
    drafts
}

/// Posts in one transaction.
pub fn post_all(ledger: &mut impl Ledger, drafts: Vec<Draft>) -> Result<Vec<Entry>> {
    ledger.transact(|book| drafts.into_iter().map(|draft| book.post(draft)).collect())
}

/// A ledger in which these were posted, each in a transaction of its own.
pub fn with<L: Ledger>(make: &impl Fn() -> L, drafts: Vec<Draft>) -> L {
    let mut ledger = make();
    for draft in drafts {
        post_all(&mut ledger, vec![draft]).unwrap();
    }
    ledger
}

/// Why posting this is refused; nothing may change by it.
#[track_caller]
pub fn refused(ledger: &mut impl Ledger, draft: Draft) -> Reason {
    let before = state(ledger);
    let reason = post_all(ledger, vec![draft]).unwrap_err().reason();
    assert!(state(ledger) == before, "something was left of a refused act");
    reason
}

/// Everything that can be seen of a ledger.
#[derive(Debug, PartialEq)]
pub struct State {
    id: [u8; 16],
    head: Head,
    entries: Vec<Entry>,
    balances: Vec<Balance>,
    licenses: Vec<Option<StoredLicense>>,
    inconsistencies: Vec<String>,
}

pub fn state(ledger: &impl Ledger) -> State {
    let look = |book: &dyn Book| {
        Ok(State {
            id: book.id()?,
            head: book.head()?,
            entries: book.entries(&Query::default())?,
            balances: book.balances(BalanceFilter::All)?,
            licenses: (11..19).map(|seed| book.license(document(seed))).collect::<Result<_>>()?,
            inconsistencies: book.inconsistencies()?,
        })
    };
    ledger.read(look).unwrap()
}
