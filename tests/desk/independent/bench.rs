//! The real desk of a history: the same acts, through the public use cases, with a ledger in memory.

use std::collections::BTreeMap;

use airlatch_core::crypto::{self, Sealed, TrustedSet, Verified};
use airlatch_core::format;
use airlatch_core::host::RequestInput;
use airlatch_core::model::{
    ComponentKind, Components, DocumentId, Features, HostFacts, Kind, License, Mac, OrderCode, Quantity,
    Receipt, Request, Result, Time, Unit,
};
use airlatch_desk::catalog::{self, Catalog, GrantEnd, GrantTerm};
use airlatch_desk::charge::{Applicant, ChargeLine, Wanted};
use airlatch_desk::desk::{
    self, ActivationNotes, ActivationPlan, ActivationRequest, ModelInput, Operator, Pools,
};
use airlatch_desk::ledger::{BalanceFilter, Book, Holder, Ledger, MemoryLedger};
use airlatch_desk::orders::{Lines, Order};

use super::act::{Act, Amounts, End, Issue, Term, Want, letter};
use super::calendar::BEGIN;
use super::catalog as plain;
use crate::scene::{self, key, name, trusted};

/// A license as it was issued or found.
pub struct Seen {
    pub charged: BTreeMap<(u8, String), u64>,
    pub license: Verified<License>,
    pub sealed: Sealed,
    pub is_new: bool,
}

pub struct Bench {
    ledger: MemoryLedger,
    catalog: Catalog,
    trusted: TrustedSet,
    now: i64,
    /// How many requests were made.
    requests: u64,
    /// The latest license of each unit and product.
    latest: BTreeMap<(u8, String), DocumentId>,
}

/// The MAC of a unit. The third unit is a host, the others are devices.
pub fn mac(unit: u8) -> Mac {
    Mac([0, 0x90, 0x32 + unit, 0, 0, unit])
}

pub fn is_host(unit: u8) -> bool {
    unit == 3
}

/// What the unit shows of itself.
pub fn facts(unit: u8) -> HostFacts {
    if is_host(unit) {
        return scene::host(unit, 0);
    }
    let mut components = Components::default();
    components.add(ComponentKind::Nic, mac(unit).bare());
    HostFacts { components, ..HostFacts::unknown() }
}

fn unit_of(unit: u8) -> Unit {
    match is_host(unit) {
        true => Unit::Host(key(10 + unit).public().system_id()),
        false => Unit::Device(mac(unit)),
    }
}

pub fn order_code(code: u8) -> OrderCode {
    OrderCode::from_digest(&[code + 1; 32])
}

fn lines(amounts: &Amounts) -> Lines {
    amounts.iter().map(|(article, many)| (name(article), *many)).collect()
}

fn term(term: Term) -> GrantTerm {
    let end = match term.end {
        End::Permanent => GrantEnd::Permanent,
        End::Until(end) => GrantEnd::Until(Time::from_seconds(end)),
        End::For(length) => GrantEnd::For(length.to_string()),
    };
    GrantTerm { from: term.from.map(Time::from_seconds), end }
}

/// The codes by which what is charged is told apart.
pub fn numbers(charged: &[ChargeLine]) -> BTreeMap<(u8, String), u64> {
    let number = |code| (0..=254).find(|number| order_code(*number) == code).unwrap();
    charged.iter().map(|line| ((number(line.code), line.article.to_string()), line.quantity)).collect()
}

impl Bench {
    pub fn new(catalog: &plain::Catalog) -> Self {
        let ledger = scene::opened(Time::from_seconds(BEGIN));
        let trusted = trusted();
        Self { ledger, catalog: read(catalog), trusted, now: BEGIN, requests: 0, latest: BTreeMap::new() }
    }

    /// The catalog changed.
    pub fn sells(&mut self, catalog: &plain::Catalog) {
        self.catalog = read(catalog);
    }

    fn work<T>(&mut self, work: impl FnOnce(&Operator<'_>, &mut dyn Book) -> Result<T>) -> Result<T> {
        let now = Time::from_seconds(self.now);
        let operator = Operator {
            catalog: &self.catalog,
            now,
            trusted: &self.trusted,
            actor: "ann",
            clock: any_clock(),
        };
        self.ledger.transact(|book| work(&operator, book))
    }

    /// Does an act; what is issued is returned.
    pub fn act(&mut self, act: &Act) -> Result<Vec<Seen>> {
        match act {
            Act::Order { code, product, lines: ordered, term: stated, overdraft } => {
                let order = Order {
                    number: format!("SO-{}", letter(*code)),
                    reference: None,
                    customer: None,
                    product: product.clone(),
                    version: None,
                    term: term(*stated),
                    lines: lines(ordered),
                    overdraft: *overdraft as u8,
                };
                let code = order_code(*code);
                self.work(|operator, book| desk::book_order(operator, book, order, None, code))?;
            }
            Act::Pass { from, to, lines: passed } => {
                let (from, to, passed) = (order_code(*from), order_code(*to), lines(passed));
                self.work(|operator, book| {
                    desk::pass_on(operator, book, from, to, &passed, &crate::seats_desk::shop())
                })?;
            }
            Act::Renew { code, term: stated } => {
                let (code, stated) = (order_code(*code), term(*stated));
                self.work(|operator, book| desk::renew(operator, book, code, stated))?;
            }
            Act::Cancel { code } => {
                let code = order_code(*code);
                self.work(|operator, book| desk::cancel(operator, book, code, None))?;
            }
            Act::Issue(issue) => return Ok(vec![self.issue(issue, None)?]),
            Act::List(lines) => return self.list(lines),
            Act::Release { unit, product } => self.release(*unit, product)?,
            Act::Trial { unit, product, model } => {
                let issue = Issue {
                    unit: *unit,
                    codes: Vec::new(),
                    want: Want::All,
                    model: model.clone(),
                    corrects: false,
                    overdraft: false,
                };
                return Ok(vec![self.issue(&issue, Some(product))?]);
            }
            Act::On(time) => self.now = self.now.max(*time),
            _ => {}
        }
        Ok(Vec::new())
    }

    /// Issues a license: first as a dry run, which says the same; then once more, which finds the same license.
    fn issue(&mut self, issue: &Issue, trial: Option<&str>) -> Result<Seen> {
        let request = self.request(issue, trial)?;
        let features = features(&issue.want);
        let requested = requested(issue, trial, request.as_ref(), &features);
        let now = Time::from_seconds(self.now);
        let operator = Operator {
            catalog: &self.catalog,
            now,
            trusted: &self.trusted,
            actor: "ann",
            clock: any_clock(),
        };
        let plan =
            |book: &dyn Book| desk::plan_activation(&operator, book, &requested, &mut Pools::default());
        let dry = self.ledger.read(plan);
        let done = self.ledger.transact(|book| {
            let planned = plan(book)?;
            seen(&operator, book, planned, &requested)
        });
        let (dry, done) = match (dry, done) {
            (Err(dry), Err(done)) => {
                assert_eq!(dry.reason(), done.reason(), "the dry run is refused for another reason");
                return Err(done);
            }
            (dry, done) => {
                (dry.expect("the dry run is not refused"), done.expect("what is planned is issued"))
            }
        };
        let (charged, license) = match &dry {
            ActivationPlan::New(planned) => (numbers(&planned.charged), planned.license.clone()),
            ActivationPlan::Found(found) => (BTreeMap::new(), found.license.get().clone()),
        };
        let signed = License { issued: license.issued, ledger: license.ledger, ..done.license.get().clone() };
        assert_eq!((charged, license), (done.charged.clone(), signed), "the dry run says something else");
        let balances = |book: &dyn Book| Ok((book.head()?, book.balances(BalanceFilter::All)?));
        let before = self.ledger.read(balances)?;
        let again = self.ledger.transact(|book| {
            let planned = plan(book)?;
            seen(&operator, book, planned, &requested)
        });
        let again = again.expect("the same again is not refused");
        assert!(!again.is_new && again.sealed.bytes() == done.sealed.bytes(), "the same again differs");
        assert_eq!(self.ledger.read(balances)?, before, "the same again changes the ledger");
        let product = done.license.get().product.clone();
        self.latest.insert((issue.unit, product), done.sealed.document_id());
        Ok(done)
    }

    /// Plans all lines of a list as if the lines before were issued, then issues all; the same list again finds them.
    fn list(&mut self, lines: &[Issue]) -> Result<Vec<Seen>> {
        let now = Time::from_seconds(self.now);
        let operator = Operator {
            catalog: &self.catalog,
            now,
            trusted: &self.trusted,
            actor: "ann",
            clock: any_clock(),
        };
        let features: Vec<_> = lines.iter().map(|line| features(&line.want)).collect();
        let lines = lines.iter().zip(&features);
        let lines: Vec<_> = lines.map(|(line, features)| requested(line, None, None, features)).collect();
        let plan = |book: &dyn Book| -> Result<Vec<_>> {
            let mut pools = Pools::default();
            lines.iter().map(|line| desk::plan_activation(&operator, book, line, &mut pools)).collect()
        };
        let issue = |book: &mut dyn Book| -> Result<Vec<_>> {
            let plans = plan(book)?;
            let lines = plans.into_iter().zip(&lines);
            lines.map(|(plan, line)| seen(&operator, book, plan, line)).collect()
        };
        let done = self.ledger.transact(issue)?;
        let again = self.ledger.transact(issue).expect("the same list again is not refused");
        for (done, again) in done.iter().zip(&again) {
            let same = !again.is_new && again.sealed.bytes() == done.sealed.bytes();
            assert!(same, "the same list again differs");
        }
        Ok(done)
    }

    /// A host releases its latest license.
    fn release(&mut self, unit: u8, product: &str) -> Result<()> {
        let Some(license) = self.latest.remove(&(unit, product.to_owned())) else { return Ok(()) };
        let seed = 10 + unit;
        let system_id = key(seed).public().system_id();
        let made = Time::from_seconds(self.now);
        let receipt = Receipt { made, system_id, product: product.to_owned(), license, note: None };
        let sealed = crypto::seal(Kind::ReleaseReceipt, &format::write_receipt(&receipt)?, &key(seed));
        self.work(|operator, book| desk::release(operator, book, &sealed, None)).map(drop)
    }

    /// A new request of a host.
    fn request(&mut self, issue: &Issue, trial: Option<&str>) -> Result<Option<Verified<Request>>> {
        if !is_host(issue.unit) {
            return Ok(None);
        }
        self.requests += 1;
        let first = issue.codes.first().copied().map(order_code);
        let pool = first.and_then(|code| self.ledger.read(|book| desk::pool(book, code)).ok());
        let product = trial.map(str::to_owned).or(pool.map(|pool| pool.order.product));
        let input = RequestInput {
            product: product.unwrap_or_else(|| "pbx".into()),
            model: issue.model.clone(),
            ..RequestInput::default()
        };
        let now = Time::from_seconds(self.now);
        Ok(Some(scene::request(issue.unit, 0, input, self.requests, now)))
    }

    /// What is left on each code, and what each of these units holds.
    pub fn balances(&self) -> BTreeMap<String, u64> {
        let balances = self.ledger.read(|book| book.balances(BalanceFilter::All)).unwrap();
        let code = |code| letter((0..=254).find(|number| order_code(*number) == code).unwrap());
        let unit = |unit| (1..=4).find(|number| unit_of(*number) == unit).unwrap();
        let mut found = BTreeMap::new();
        for it in balances.into_iter().filter(|it| it.quantity > 0) {
            let holder = match it.holder {
                Holder::Pool(of) => format!("left {}", code(of)),
                Holder::Unit(who, of) => format!("unit {} from {}", unit(who), code(of)),
                _ => continue,
            };
            found.insert(format!("{holder} {}", it.article), it.quantity.cast_unsigned());
        }
        found
    }
}

fn read(catalog: &plain::Catalog) -> Catalog {
    let toml = catalog.toml();
    catalog::read_catalog(toml.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}\n{toml}"))
}

fn features(want: &Want) -> Features {
    let mut features = Features::default();
    if let Want::These(these) = want {
        for (feature, many) in these {
            let quantity = many.map_or(Quantity::On, Quantity::Count);
            features.add(name(feature), quantity).unwrap();
        }
    }
    features
}

fn requested<'a>(
    issue: &'a Issue,
    trial: Option<&'a str>,
    request: Option<&'a Verified<Request>>,
    features: &'a Features,
) -> ActivationRequest<'a> {
    ActivationRequest {
        applicant: request.map_or(Applicant::Mac(mac(issue.unit)), Applicant::Request),
        product: trial,
        codes: issue.codes.iter().map(|code| order_code(*code)).collect(),
        wanted: match issue.want {
            _ if trial.is_some() => Wanted::Unspecified,
            Want::These(_) => Wanted::Features(features),
            Want::All => Wanted::All,
            Want::Each(many) => Wanted::PerUnit(many),
        },
        model: ModelInput {
            named: issue.model.as_deref().filter(|_| request.is_none()),
            otherwise: None,
            corrects: issue.corrects,
        },
        may_overdraw: issue.overdraft,
        other_hardware: false,
        clock_ahead: false,
        weak_lock: false,
        notes: ActivationNotes::default(),
    }
}

/// Activates what was planned.
fn seen(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    plan: ActivationPlan,
    requested: &ActivationRequest<'_>,
) -> Result<Seen> {
    match plan {
        ActivationPlan::Found(found) => Ok(Seen {
            charged: BTreeMap::new(),
            license: found.license.clone(),
            sealed: found.sealed.clone(),
            is_new: false,
        }),
        ActivationPlan::New(planned) => {
            let done = desk::activate(operator, book, &planned, &requested.codes, &requested.notes, &key(1))?;
            let license = format::read_license(&done.sealed, operator.trusted)?;
            Ok(Seen { charged: numbers(&planned.charged), license, sealed: done.sealed, is_new: true })
        }
    }
}

/// The clock moves by up to a year at once: that it is right is said each time.
fn any_clock() -> desk::ClockPolicy<'static> {
    desk::ClockPolicy { is_right: true, ..desk::ClockPolicy::default() }
}
