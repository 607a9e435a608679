//! The cost of one query or one license does not grow with the ledger: measured in bytes read and written, which do not vary
//! like seconds.

#![allow(clippy::type_complexity, clippy::unit_arg, reason = "a table of closures")]

use airlatch_desk::catalog;
use std::fs;
use std::path::Path;

use airlatch_core::crypto::{PrivateKey, TrustedSet};
use airlatch_core::model::{Features, Mac, OrderCode, Quantity, Time, Unit};
use airlatch_desk::catalog::{Catalog, GrantEnd, GrantTerm};
use airlatch_desk::charge::{Applicant, Wanted};
use airlatch_desk::desk::{
    self, ActivationNotes, ActivationPlan, ActivationRequest, LicenseSelector, ModelInput, Operator, Pools,
    ViewFilter,
};
use airlatch_desk::ledger::{Act, Book, Draft, Ledger, Witness};
use airlatch_desk::orders::Order;
use airlatch_desk::store::Store;
use zeroize::Zeroizing;

use crate::common::slow;
use crate::common::store_room::Room;

/// How many times larger the larger ledger is.
const TIMES: u32 = 10;
/// Activations in the smaller ledger: enough for inner nodes in its B-trees.
const FEW: u32 = 250;
/// The cost allowed in the larger ledger, relative to the smaller one: for one more level in a B-tree.
const MOST: f64 = 2.0;

struct Desk {
    catalog: Catalog,
    key: PrivateKey,
    trusted: TrustedSet,
}

impl Desk {
    fn new() -> Self {
        let catalog = catalog::read_catalog(&fs::read("benches/catalog.toml").unwrap()).unwrap();
        let key = PrivateKey::from_seed(&Zeroizing::new([7; 32])).unwrap();
        let trusted = TrustedSet::new([key.public()]);
        Self { catalog, key, trusted }
    }

    fn operator(&self) -> Operator<'_> {
        let now = Time::from_seconds(1_800_000_000);
        Operator {
            catalog: &self.catalog,
            now,
            trusted: &self.trusted,
            actor: "ann",
            clock: desk::ClockPolicy::default(),
        }
    }

    /// Creates a ledger with this many units licensed from one code.
    fn ledger(&self, path: &Path, units: u32) {
        let mut store = Store::create(path).unwrap();
        let (time, act) = (self.operator().now, Act::Opened { nonce: [7; 16], vendor: None });
        let opened = Draft { time, actor: "ann".into(), act, transfers: vec![], sealed: None };
        store.transact(|book| book.post(opened)).unwrap();
        let order = Order {
            number: "B-1".into(),
            reference: None,
            customer: None,
            product: "phone".into(),
            version: None,
            // A length, since released seats keep their term: looking for them must not cost more in a large ledger.
            term: GrantTerm { from: None, end: GrantEnd::For("5 years".into()) },
            lines: [("lines".parse().unwrap(), 1_000_000)].into(),
            overdraft: 0,
        };
        store.transact(|book| desk::book_order(&self.operator(), book, order, None, code())).unwrap();
        let each = |book: &mut dyn Book| {
            (0..units).for_each(|unit| self.issue(book, mac(unit), 1));
            Ok(())
        };
        store.transact(each).unwrap();
    }

    fn issue(&self, book: &mut dyn Book, mac: Mac, lines: u64) {
        let mut features = Features::default();
        features.add("lines".parse().unwrap(), Quantity::count(lines).unwrap()).unwrap();
        let requested = ActivationRequest {
            applicant: Applicant::Mac(mac),
            product: None,
            codes: vec![code()],
            wanted: Wanted::Features(&features),
            model: ModelInput::default(),
            may_overdraw: false,
            other_hardware: false,
            clock_ahead: false,
            weak_lock: false,
            notes: ActivationNotes::default(),
        };
        let plan = desk::plan_activation(&self.operator(), book, &requested, &mut Pools::default()).unwrap();
        let ActivationPlan::New(planned) = plan else { return };
        desk::activate(&self.operator(), book, &planned, &requested.codes, &requested.notes, &self.key)
            .unwrap();
    }
}

fn code() -> OrderCode {
    OrderCode::from_digest(&[5; 32])
}

/// MACs in no sorted order.
fn mac(number: u32) -> Mac {
    let [_, a, b, c] = (number.wrapping_mul(0x001e_3779) & 0x007f_ffff).to_be_bytes();
    Mac([0x00, 0x04, 0xf2, a, b, c])
}

/// Bytes read and written by this thread so far.
fn counters() -> Option<[u64; 2]> {
    let text = fs::read_to_string("/proc/thread-self/io").ok()?;
    let count = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    Some([count("rchar:")?, count("wchar:")?])
}

/// Work on a ledger that was just opened.
type Work<'a> = &'a dyn Fn(&mut Store);

/// Bytes read and written from opening the ledger to closing it.
fn cost(path: &Path, work: impl Fn(&mut Store)) -> Option<[u64; 2]> {
    let before = counters()?;
    let mut store = Store::open(path).unwrap();
    work(&mut store);
    drop(store);
    let after = counters()?;
    Some([after[0] - before[0], after[1] - before[1]])
}

#[test]
fn a_query_and_a_license_cost_the_same_in_a_large_ledger() {
    let (room, desk) = (Room::new("speed"), Desk::new());
    let (small, large) = (room.path("small.db"), room.path("large.db"));
    desk.ledger(&small, FEW);
    desk.ledger(&large, TIMES * FEW);
    let (new, known) = (mac(TIMES * FEW + 1), mac(17));
    let of_unit = ViewFilter { unit: Some(Unit::Device(known)), ..ViewFilter::default() };
    let which = LicenseSelector::Unit(Unit::Device(known), "phone".into());
    let works: [(&str, Work<'_>); 8] = [
        ("witness", &|store| store.read(|book| Witness::of(book)?.check(book)).unwrap()),
        ("order", &|store| {
            drop(store.read(|book| airlatch_desk::ledger::order(book, "B-1")).unwrap().unwrap())
        }),
        ("balance", &|store| assert_eq!(store.read(|book| desk::pools(book, None)).unwrap().len(), 1)),
        ("activations", &|store| {
            assert_eq!(store.read(|book| desk::activations(book, &of_unit)).unwrap().len(), 1)
        }),
        ("licenses", &|store| {
            let mut licenses = 0;
            let mut count = |part: Vec<desk::LicenseRow>| licenses += part.len();
            store.read(|book| desk::licenses(&desk.operator(), book, &of_unit, &mut count)).unwrap();
            assert_eq!(licenses, 1);
        }),
        ("reprint", &|store| {
            drop(store.read(|book| desk::reprint(&desk.operator(), book, &which)).unwrap());
        }),
        ("a license", &|store| store.transact(|book| Ok(desk.issue(book, new, 1))).unwrap()),
        ("more for a unit", &|store| store.transact(|book| Ok(desk.issue(book, known, 2))).unwrap()),
    ];
    for (name, work) in works {
        let (Some(few), Some(many)) = (cost(&small, work), cost(&large, work)) else {
            println!("skipped: the system does not count what is read");
            return;
        };
        for (what, few, many) in [("read", few[0], many[0]), ("written", few[1], many[1])] {
            assert!(
                many as f64 <= MOST * few as f64 + 4_096.0,
                "{name}: {few} bytes {what} in a ledger of {FEW}, {many} in one {TIMES} times as large"
            );
        }
    }
}

/// More lines than one transaction holds, so that groups are signed, booked and written concurrently.
#[test]
fn a_batch_of_several_groups_is_charged_once_and_written_from_the_ledger() {
    // A group has a thousand lines.
    let lines = slow::or(1_100, 2_300);
    let room = Room::new("groups");
    let airlatch = |words: &[&str]| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_airlatch"))
            .args(words)
            .args(["--desk", "desk"])
            .current_dir(&room.folder)
            .env_remove("AIRLATCH_DESK")
            .output()
            .unwrap();
        (done.status.code().unwrap(), String::from_utf8(done.stdout).unwrap())
    };
    let well = |words: &[&str]| {
        let (code, said) = airlatch(words);
        assert_eq!(code, 0, "{words:?}: {said}");
        said
    };
    let init = std::process::Command::new(env!("CARGO_BIN_EXE_airlatch"))
        .args(["desk", "init", "desk", "--no-passphrase"])
        .current_dir(&room.folder)
        .output();
    assert!(init.unwrap().status.success());
    fs::copy("benches/catalog.toml", room.path("desk/catalog.toml")).unwrap();
    well(&["order", "new", "B-1", "--product", "phone", "--line", "lines=3000", "--permanent", "--yes"]);
    let shown = well(&["order", "show", "B-1"]);
    let code = shown.split(['\t', '\n', ' ']).find(|word| word.parse::<OrderCode>().is_ok()).unwrap();
    let list: String = (0..lines).map(|line| format!("N{line}\t0004f2{line:06x}\n")).collect();
    fs::write(room.path("list.tsv"), list).unwrap();
    let batch = ["batch", "list.tsv", "--code", code, "--out-dir", "out", "--yes"];
    let file = |line: usize| room.path(&format!("out/0004f2{line:06x}-license.cfg"));

    let said = well(&batch);
    assert!(said.contains(&format!("{lines} licenses issued into out, 0 unchanged")), "{said}");
    assert!(said.contains(&format!("leaves {}", 3000 - lines)), "{said}");
    let first: Vec<Vec<u8>> = (0..lines).map(|line| fs::read(file(line)).unwrap()).collect();
    // Remove some files of every group.
    (0..lines).step_by(7).for_each(|line| fs::remove_file(file(line)).unwrap());
    let said = well(&batch);
    assert!(said.contains(&format!("0 licenses issued into out, {lines} unchanged")), "{said}");
    (0..lines).for_each(|line| assert!(fs::read(file(line)).unwrap() == first[line], "line {line}"));
    let said = well(&["ledger", "audit"]);
    assert!(said.contains(&format!("{} entries, {lines} licenses: no faults", lines + 2)), "{said}");
    // An existing file with other content near the end: nothing is charged for the lines before it.
    fs::write(file(lines), "mine").unwrap();
    let longer: String = (0..=lines).map(|line| format!("N{line}\t0004f2{line:06x}\n")).collect();
    fs::write(room.path("list.tsv"), longer).unwrap();
    assert_eq!(airlatch(&batch).0, 2);
    assert!(well(&["ledger", "balance", "--tsv"]).contains(&format!("\t{}\t", 3000 - lines)));
}
