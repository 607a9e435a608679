//! Measures the speed of a large ledger, on demand.

use std::time::Instant;

use airlatch_core::model::{DocumentId, Mac, OrderCode, Unit};
use airlatch_desk::ledger::{self, Act, BalanceFilter, Book, Draft, Ledger, Query};

use crate::common::chance::Chance;
use crate::common::ledger_contract::{activation, code, document, hour, moves, opened, ordered};
use crate::common::store_room::Room;

const BIG: u64 = 1_000_000;

/// `AIRLATCH_ENTRIES=1000000 cargo test --release --test desk -- --ignored store::speed --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed() {
    let room = Room::new("speed");
    let mut store = room.fresh();
    let many: u64 = std::env::var("AIRLATCH_ENTRIES").map_or(100_000, |text| text.parse().unwrap());
    let start = Instant::now();
    let post = |book: &mut dyn Book| {
        book.post(opened(0))?;
        book.post(ordered(1, 1, "SO-1", &[("voice", BIG * 2)], None))?;
        (0..many).try_for_each(|number| book.post(numbered(number)).map(drop))
    };
    store.transact(post).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!("{many} entries in {seconds:.2} s: {:.0} a second", many as f64 / seconds);
    let timed = |name: &str, work: &dyn Fn(&dyn Book)| {
        let start = Instant::now();
        store
            .read(|book| {
                work(book);
                Ok(())
            })
            .unwrap();
        println!("{name}: {:.2} ms", start.elapsed().as_secs_f64() * 1_000.0);
    };
    let middle = unit(many / 2);
    let all = Query::default();
    timed("head", &|book| assert_eq!(book.head().unwrap().number, many + 2));
    timed("pool", &|book| assert_eq!(book.balances(BalanceFilter::Pool(code(1))).unwrap().len(), 1));
    timed("a code's pool", &|book| assert!(ledger::pool(book, code(1)).unwrap().is_some()));
    timed("unit", &|book| assert_eq!(book.balances(BalanceFilter::Unit(middle)).unwrap().len(), 1));
    timed("unit's entries", &|book| {
        assert_eq!(book.entries(&Query { unit: Some(middle), ..all.clone() }).unwrap().len(), 1);
    });
    timed("no such unit", &|book| assert!(!ledger::evaluated(book, unit(many + 1), "call").unwrap()));
    timed("no such request", &|book| assert!(ledger::answer_to(book, document(9)).unwrap().is_none()));
    timed("accounts", &|book| assert!(ledger::customers(book).unwrap().is_empty()));
    timed("inconsistencies", &|book| assert!(book.inconsistencies().unwrap().is_empty()));
    timed("audit", &|book| assert!(ledger::audit(book, &mut |_| {}).unwrap().is_empty()));
}

fn unit(number: u64) -> Unit {
    let bytes = (Chance::new(number).roll() >> 16).to_be_bytes();
    Unit::Device(Mac([bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]))
}

fn numbered(number: u64) -> Draft {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&Chance::new(number).roll().to_be_bytes());
    let (unit, pool): (Unit, OrderCode) = (unit(number), code(1));
    let mut it = activation(1, vec![pool]);
    it.unit = unit;
    let transfers = moves(&[("voice", 1)], ledger::Holder::Pool(pool), ledger::Holder::Unit(unit, pool));
    let sealed = Some((DocumentId::from_digest(&digest), vec![7; 400]));
    Draft { time: hour(2), actor: "ann".into(), act: Act::Activated(it), transfers, sealed }
}
