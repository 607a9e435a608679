//! Fills the ledger of a desk home with activations as the desk does: planned, signed and posted, 1,000 per transaction.
//!
//! `cargo bench --bench million -- HOME [COUNT]`; create HOME with `airlatch desk init HOME --no-passphrase`, with
//! `benches/catalog.toml` as its catalog. Each order is for 10,000 units, and every tenth unit asks for more later.

#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use airlatch_desk::catalog;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use airlatch_core::crypto::{self, KeyFile, PrivateKey, TrustedSet};
use airlatch_core::model::{FeatureName, Features, Mac, OrderCode, Quantity, Result, Time};
use airlatch_desk::catalog::{GrantEnd, GrantTerm};
use airlatch_desk::charge::{Applicant, Wanted};
use airlatch_desk::desk::{
    self, Activated, ActivationNotes, ActivationPlan, ActivationRequest, ModelInput, Operator,
    PlannedLicense, Pools,
};
use airlatch_desk::ledger::{Book, Ledger, Witness};
use airlatch_desk::orders::Order;
use airlatch_desk::store::Store;

/// Activations in one transaction.
const GROUP: u64 = 1_000;
/// Units of one order.
const ORDER: u64 = 10_000;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> std::result::Result<(), Failure> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    // `cargo bench` runs every bench, this one without arguments.
    let Some(home) = words.next().map(PathBuf::from) else {
        println!("million: no desk home named; see benches/README.md");
        return Ok(());
    };
    let count: u64 = words.next().map_or(Ok(1_000_000), |word| word.parse())?;
    fill(&home, count)
}

fn fill(home: &Path, count: u64) -> std::result::Result<(), Failure> {
    let catalog = catalog::read_catalog(&std::fs::read(home.join("catalog.toml"))?)
        .map_err(|faults| format!("the catalog can't be used: {faults:?}"))?;
    let KeyFile::Private(key) = crypto::read_key(&std::fs::read(home.join("keys/desk.key"))?)? else {
        return Err("keys/desk.key has a passphrase".into());
    };
    let trusted = TrustedSet::new([key.public()]);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Time::from_seconds(i64::try_from(seconds)?);
    let operator = Operator {
        catalog: &catalog,
        now,
        trusted: &trusted,
        actor: "bench",
        clock: desk::ClockPolicy::default(),
    };
    let mut store = Store::open(&home.join("ledger.db"))?;
    let mut spent = Spent::default();
    let began = Instant::now();
    let mut code = None;
    for start in (0..count).step_by(usize::try_from(GROUP)?) {
        if start % ORDER == 0 {
            code = Some(store.transact(|book| book_order(&operator, book, start / ORDER))?);
        }
        let Some(code) = code else { continue };
        let numbers = start..count.min(start + GROUP);
        store.transact(|book| group(&operator, book, numbers, code, &key, &mut spent))?;
    }
    let witness = store.transact(|book| Witness::of(book))?;
    std::fs::write(home.join("witness.toml"), witness.to_string())?;
    drop(store);
    let wall = began.elapsed();
    println!("{count} activations in {:.1} s, {:.0} a second", wall.as_secs_f64(), rate(count, wall));
    println!("planning {:.1} s, signing {:.1} s, posting {:.1} s", spent.plan, spent.sign, spent.post);
    println!("the last unit is {}", mac(count - 1));
    Ok(())
}

/// Times of the phases, in seconds.
#[derive(Default)]
struct Spent {
    plan: f64,
    sign: f64,
    post: f64,
}

fn rate(count: u64, wall: Duration) -> f64 {
    count as f64 / wall.as_secs_f64()
}

fn book_order(operator: &Operator<'_>, book: &mut dyn Book, number: u64) -> Result<OrderCode> {
    let code = OrderCode::from_digest(&crypto::digest("bench order", &[&number.to_be_bytes()]));
    let order = Order {
        number: format!("B-{number}"),
        reference: None,
        customer: Some(format!("Customer {number}")),
        product: "phone".into(),
        version: None,
        term: GrantTerm { from: None, end: GrantEnd::Permanent },
        lines: [("video".parse()?, 2 * ORDER), ("lines".parse()?, 100 * ORDER)].into(),
        overdraft: 0,
    };
    Ok(desk::book_order(operator, book, order, None, code)?.pool.code)
}

/// Plans, signs on all processors, and posts.
fn group(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    numbers: std::ops::Range<u64>,
    code: OrderCode,
    key: &PrivateKey,
    spent: &mut Spent,
) -> Result<()> {
    let (ledger, head) = (book.id()?, book.head()?);
    let began = Instant::now();
    let mut pools = Pools::default();
    let mut plans = Vec::new();
    for number in numbers {
        let features = features(number)?;
        let requested = requested(number, code, &features);
        if let ActivationPlan::New(planned) = desk::plan_activation(operator, book, &requested, &mut pools)? {
            plans.push((planned, requested.notes));
        }
    }
    spent.plan += began.elapsed().as_secs_f64();
    let began = Instant::now();
    let sign = |planned: &PlannedLicense| Activated::sign(operator, planned, ledger, &head, key);
    let signed = in_two(&plans, &|(planned, _)| sign(planned))?;
    spent.sign += began.elapsed().as_secs_f64();
    let began = Instant::now();
    for ((planned, notes), signed) in plans.iter().zip(&signed) {
        signed.post(operator, book, planned, &[code], notes, key)?;
    }
    spent.post += began.elapsed().as_secs_f64();
    Ok(())
}

/// Maps all items, in two halves on two threads.
fn in_two<T: Sync, U: Send>(items: &[T], one: &(dyn Fn(&T) -> Result<U> + Sync)) -> Result<Vec<U>> {
    let (first, second) = items.split_at(items.len() / 2);
    let all = |part: &[T]| part.iter().map(one).collect::<Result<Vec<U>>>();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| all(second));
        let mut done = all(first)?;
        done.extend(second.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause))?);
        Ok(done)
    })
}

/// MACs in no sorted order, without the highest bit of their last three bytes; every tenth unit comes again.
fn mac(number: u64) -> Mac {
    let unit = if number % 10 == 9 { number - 9 } else { number };
    let scattered = (unit.wrapping_mul(0x001e_3779) & 0x007f_ffff) as u32;
    let [_, a, b, c] = scattered.to_be_bytes();
    Mac([0x00, 0x04, 0xf2, a, b, c])
}

fn features(number: u64) -> Result<Features> {
    let mut features = Features::default();
    let name = |name: &str| name.parse::<FeatureName>();
    features.add(name("video")?, Quantity::On)?;
    features.add(name("lines")?, Quantity::count(if number % 10 == 9 { 4 } else { 2 })?)?;
    Ok(features)
}

fn requested(number: u64, code: OrderCode, features: &Features) -> ActivationRequest<'_> {
    ActivationRequest {
        applicant: Applicant::Mac(mac(number)),
        product: None,
        codes: vec![code],
        wanted: Wanted::Features(features),
        model: ModelInput::default(),
        may_overdraw: false,
        other_hardware: false,
        clock_ahead: false,
        weak_lock: false,
        notes: ActivationNotes {
            number: Some(format!("N{number}")),
            end_user: number.is_multiple_of(100).then(|| format!("Clinic {}", number / 100)),
            ..ActivationNotes::default()
        },
    }
}
