//! One random history: acts of several operators whose clocks differ slightly, each compared with the model.

use std::collections::{BTreeMap, BTreeSet};

use airlatch_core::model::{DocumentId, OrderCode, Reason, Result, Time, Unit};
use airlatch_desk::catalog::{Catalog, GrantEnd, GrantTerm};
use airlatch_desk::charge::ChargeLine;
use airlatch_desk::desk::{self, ClockPolicy, LicenseSelector, Operator};
use airlatch_desk::ledger::{BalanceFilter, Customer, Ledger, MemoryLedger};
use airlatch_desk::orders::{AccountName, Lines, Order};

use super::model::Model;
use super::once::once;
use super::releases::Releases;
use super::requests::{Asking, Wanting, Whole};
use crate::common::chance::Chance;
use crate::scene::{self, PBX, PHONE, name, time, trusted};
use crate::seats_desk::shop;

/// How often each act happened, so that a history that does nothing is noticed.
pub type Tally = BTreeMap<String, usize>;

pub struct History {
    pub dice: Chance,
    pub catalog: Catalog,
    pub ledger: MemoryLedger,
    pub model: Model,
    pub now: Time,
    pub orders: BTreeMap<OrderCode, Order>,
    /// What was requested, and whether it was granted.
    pub requests: Vec<(Whole, bool)>,
    pub tally: Tally,
    pub back: Releases,
    pub sealed: BTreeMap<DocumentId, Vec<u8>>,
    answers: BTreeMap<DocumentId, DocumentId>,
    tried: BTreeSet<(Unit, String)>,
    booked: Vec<Order>,
    /// How many more acts happen right after midnight.
    midnight: u8,
    made: u8,
}

impl History {
    pub fn new(seed: u64) -> Self {
        let now = time("2026-11-21T12:00:00Z");
        let mut begun = Self {
            dice: Chance::new(seed),
            catalog: scene::catalog(),
            ledger: scene::opened(now),
            model: Model::default(),
            now,
            orders: BTreeMap::new(),
            requests: Vec::new(),
            tally: Tally::new(),
            back: Releases::default(),
            sealed: BTreeMap::new(),
            answers: BTreeMap::new(),
            tried: BTreeSet::new(),
            booked: Vec::new(),
            midnight: 0,
            made: 0,
        };
        (0..4).for_each(|_| begun.book());
        begun
    }

    /// One random act.
    pub fn act(&mut self) {
        // Around midnight, clocks that differ slightly have different days.
        self.midnight = self.midnight.saturating_sub(1);
        self.now = self.now.plus_seconds(match self.dice.below(12) {
            _ if self.midnight > 0 => 1,
            0..6 => self.dice.below(3_600) as i64,
            6..8 => 0,
            8..10 => self.dice.below(30 * 86_400) as i64,
            10 => self.dice.below(300 * 86_400) as i64,
            _ => {
                self.midnight = 6;
                self.now.start_of_day().plus_seconds(86_400 + 30).seconds() - self.now.seconds()
            }
        });
        match self.dice.below(32) {
            0..4 => self.book(),
            4 => self.account(),
            5 => {
                self.account();
                self.add();
            }
            6..8 => self.pass(),
            8 => self.renew(),
            9 if self.dice.one_in(3) => self.cancel(),
            27..31 => self.reverse(),
            31 => self.correct(),
            24..27 if !self.sealed.is_empty() => self.release(),
            10..13 if !self.requests.is_empty() => {
                let (requested, done) = self.dice.pick(&self.requests);
                self.issue(&requested, Some(done));
            }
            _ => {
                let requested = self.requested();
                let done = self.issue(&requested, None);
                self.requests.push((requested, done));
            }
        }
        self.sums();
    }

    /// Runs an act as a random operator; an act that is refused changes nothing.
    pub fn work<T>(
        &mut self,
        what: &str,
        work: impl FnOnce(&Operator<'_>, &mut dyn airlatch_desk::ledger::Book) -> Result<T>,
    ) -> Result<T> {
        let late = match self.dice.below(60) {
            0..36 => 0,
            36..58 => self.dice.below(600),
            _ => 100_000,
        };
        let now = self.now.plus_seconds(-late.cast_signed());
        let actor = self.dice.pick(&["ann", "bob", "nightly job"]);
        let (catalog, trusted) = (self.catalog.clone(), trusted());
        let clock = ClockPolicy { is_right: true, ..ClockPolicy::default() };
        let operator = Operator { catalog: &catalog, now, trusted: &trusted, actor, clock };
        let before = self.ledger.clone();
        let done = self.ledger.transact(|book| work(&operator, book));
        let word = done.as_ref().err().map_or("done", |error| error.reason().word());
        *self.tally.entry(format!("{what} {word}")).or_default() += 1;
        if let Err(error) = &done {
            assert!(self.ledger == before, "what was refused left something: {error}");
            let honest = ![Reason::Internal, Reason::DamagedLedger].contains(&error.reason());
            assert!(honest, "{what}: {error} {:?}", error.details());
        }
        done
    }

    fn code(&mut self) -> OrderCode {
        self.made += 1;
        OrderCode::from_digest(&[self.made; 32])
    }

    pub fn any_code(&mut self) -> OrderCode {
        let codes: Vec<_> = self.orders.keys().copied().collect();
        match codes.is_empty() || self.dice.one_in(40) {
            true => OrderCode::from_digest(&[255; 32]),
            false => self.dice.pick(&codes),
        }
    }

    fn term(&mut self) -> GrantTerm {
        let from = self.dice.one_in(8).then(|| self.now.plus_seconds(self.dice.below(40 * 86_400) as i64));
        let end = match self.dice.below(8) {
            0..4 => GrantEnd::Permanent,
            4 => GrantEnd::For("1 year".into()),
            5 => GrantEnd::For("90 days".into()),
            _ => GrantEnd::Until(self.now.plus_seconds(self.dice.below(500 * 86_400) as i64 - 20 * 86_400)),
        };
        GrantTerm { from, end }
    }

    fn lines(&mut self, product: &str) -> Lines {
        let articles = if product == "pbx" { &PBX[..] } else { &PHONE[..] };
        let mut lines = Lines::new();
        for article in articles {
            let many = match article.contains('s') {
                true if self.dice.one_in(2) => 1 + self.dice.below(120),
                true => 2 + self.dice.below(12),
                false => 1 + self.dice.below(3),
            };
            if !self.dice.one_in(3) {
                lines.insert(name(article), many);
            }
        }
        lines
    }

    fn book(&mut self) {
        if !self.booked.is_empty() && self.dice.one_in(4) {
            // The same order again, or the same number with other content.
            let mut order = self.dice.pick(&self.booked);
            let other = self.dice.one_in(2);
            order.overdraft += u8::from(other);
            let (code, before) = (self.code(), self.ledger.clone());
            let done = self
                .work("order again", |operator, book| desk::book_order(operator, book, order, None, code));
            assert_eq!(done.is_err(), other);
            assert!(done.map_or(true, |booked| booked.already) && self.ledger == before);
            return;
        }
        let product = if self.dice.one_in(4) { "phone" } else { "pbx" };
        let version = self.dice.pick(&[None, None, None, None, Some("1"), Some("1"), Some("2"), Some("3")]);
        let order = Order {
            number: format!("SO-{}", self.made),
            reference: None,
            customer: Some("Town".into()),
            product: product.into(),
            version: version.map(str::to_owned),
            term: self.term(),
            lines: self.lines(product),
            overdraft: self.dice.pick(&[0, 10, 50, 100]),
        };
        let account = self.dice.one_in(4).then(|| self.name());
        let code = self.code();
        let same = order.clone();
        let done =
            self.work("order", |operator, book| desk::book_order(operator, book, order, account, code));
        if done.is_ok() {
            self.model.ordered(code, &same.lines);
            self.orders.insert(code, same.clone());
            self.booked.push(same);
        }
    }

    fn name(&mut self) -> AccountName {
        self.dice.pick(&["acme", "beta", "all", "corner"]).parse().unwrap()
    }

    fn account(&mut self) {
        let group = self.dice.one_in(2).then(|| self.name());
        let customer = Customer { name: self.name(), title: None, group };
        let _ = self.work("account", |operator, book| desk::open_account(operator, book, customer));
    }

    fn add(&mut self) {
        let (code, account) = (self.any_code(), self.name());
        let _ = self.work("add", |operator, book| desk::add_code(operator, book, code, &account));
    }

    fn pass(&mut self) {
        let from = self.any_code();
        let mut lines = Model::of(&self.model.left, from);
        for many in lines.values_mut() {
            *many = self.dice.below(*many + 1) + u64::from(self.dice.one_in(30));
        }
        lines.retain(|_, _| self.dice.one_in(2));
        let (to, moved) = (self.code(), lines.clone());
        let done =
            self.work("pass", |operator, book| desk::pass_on(operator, book, from, to, &lines, &shop()));
        if let Ok(pool) = done {
            self.model.passed(from, to, &moved);
            let giver = &self.orders[&from];
            let order = Order { lines: moved, overdraft: 0, ..giver.clone() };
            assert_eq!((&pool.order.product, &pool.order.version), (&order.product, &order.version));
            self.orders.insert(to, order);
        }
    }

    fn renew(&mut self) {
        let (code, term) = (self.any_code(), self.term());
        let same = term.clone();
        if self.work("renew", |operator, book| desk::renew(operator, book, code, same)).is_ok() {
            self.orders.get_mut(&code).unwrap().term = term;
        }
    }

    fn cancel(&mut self) {
        let code = self.any_code();
        if let Ok(lines) = self.work("cancel", |operator, book| desk::cancel(operator, book, code, None)) {
            self.model.cancelled(code, &lines);
        }
    }

    /// Issues what is requested; repeating it gives the same bytes without a charge.
    pub fn issue(&mut self, whole: &Whole, again: Option<bool>) -> bool {
        let before = self.ledger.clone();
        let requested = whole.requested();
        let what = if again.is_some() { "again" } else { "issue" };
        let done = self.work(what, |operator, book| {
            let (new, bytes) = once(operator, book, &requested)?;
            let copy = (book.head()?, book.balances(BalanceFilter::All)?);
            let again = once(operator, book, &requested);
            let (more, same) = again.unwrap_or_else(|why| panic!("{why} {:?}: {requested:?}", why.details()));
            assert!(more.is_none(), "the same once more is another license: {requested:?} {more:?}");
            assert_eq!(same, bytes, "the same once more");
            assert_eq!((book.head()?, book.balances(BalanceFilter::All)?), copy);
            Ok((new, bytes))
        });
        let Ok((new, (id, bytes))) = done else { return false };
        let Some((unit, charged, license)) = new else {
            assert!(self.ledger == before, "what was found changed the ledger");
            assert_eq!(self.sealed.get(&id), Some(&bytes), "found, but never issued");
            *self.tally.entry(format!("{what} found")).or_default() += 1;
            return true;
        };
        assert!(self.sealed.insert(id, bytes).is_none(), "issued twice: {id}");
        if let Asking::Request(request) = &whole.ask {
            let before = self.answers.insert(request.document_id(), id);
            assert_eq!(before, None, "a request has two licenses");
        }
        self.back.issued(id, unit, &license.product);
        if again == Some(true) && matches!(whole.wanted, Wanting::These(_)) {
            let counts =
                |take: &&ChargeLine| ["sessions", "registrations", "lines"].contains(&take.article.as_str());
            assert_eq!(charged.iter().find(counts), None, "asked before, charged again");
        }
        // By the time of the ledger, because the clock of the operator may be slightly behind.
        let booked = self.ledger.read(|book| book.head()).unwrap().time.unwrap();
        for take in &charged {
            let order = &self.orders[&take.code];
            let moved = [take.quantity, take.overdrawn];
            let old = self.model.taken(unit, take.code, &take.article, moved, booked);
            if old > 0 && matches!(order.term.end, GrantEnd::For(_)) {
                *self.tally.entry("taken again".into()).or_default() += 1;
            }
            let ordered = order.lines.get(&take.article).copied().unwrap_or_default();
            let beyond = self.model.overdrawn[&(take.code, take.article.clone())];
            assert!(
                beyond <= ordered * u64::from(order.overdraft) / 100,
                "too far beyond the order: {take:?}"
            );
            assert!(take.overdrawn == 0 || requested.may_overdraw);
            if take.overdrawn > 0 {
                *self.tally.entry("overdrawn".into()).or_default() += 1;
            }
        }
        if requested.codes.is_empty() {
            assert!(self.tried.insert((unit, license.product.clone())), "tried out twice: {unit}");
        }
        self.held(unit, &license, requested.codes.is_empty());
        true
    }

    /// All balances add up to zero, none is negative, and all are those of the model.
    fn sums(&mut self) {
        let balances = self.ledger.read(|book| book.balances(BalanceFilter::All)).unwrap();
        let mut sums: BTreeMap<_, i64> = BTreeMap::new();
        for it in &balances {
            *sums.entry(&it.article).or_default() += it.quantity;
            assert!(it.quantity >= 0 || it.holder.to_string() == "source", "{it:?}");
        }
        assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
        let text = balances.iter().map(|it| (it.holder.to_string(), it.article.to_string(), it.quantity));
        let found: BTreeSet<_> = text.collect();
        assert_eq!(found, self.model.balances().into_iter().collect());
        let some = self.dice.below(5);
        self.codes(some);
    }

    /// Compares a sample of the codes with the model.
    fn codes(&self, from: u64) {
        for code in self.orders.keys().skip(from as usize).step_by(5) {
            let pool = self.ledger.read(|book| desk::pool(book, *code)).unwrap();
            let some = |lines: &Lines| -> Lines {
                lines.iter().filter(|(_, many)| **many > 0).map(|(a, many)| (a.clone(), *many)).collect()
            };
            assert_eq!(pool.order.lines, Model::of(&self.model.ordered, *code));
            assert_eq!(some(&pool.left), Model::of(&self.model.left, *code));
            assert_eq!(some(&pool.passed), Model::of(&self.model.passed, *code));
            assert_eq!(some(&pool.overdrawn), Model::of(&self.model.overdrawn, *code));
            let mut returned = Model::of(&self.model.returned, *code);
            returned.append(&mut Model::of(&self.model.given_back, *code));
            assert_eq!(some(&pool.returned), returned);
        }
    }

    /// The audit finds no error, and every license that was not released can be reprinted byte for byte.
    pub fn ends_well(&self) {
        (0..5).for_each(|from| self.codes(from));
        let (catalog, trusted) = (Catalog::default(), trusted());
        let operator = Operator {
            catalog: &catalog,
            now: self.now,
            trusted: &trusted,
            actor: "auditor",
            clock: ClockPolicy::default(),
        };
        let audit = self
            .ledger
            .read(|book| desk::audit(&operator, book, &desk::check_sequentially, &mut |_| {}))
            .unwrap();
        assert_eq!(audit.errors, []);
        assert_eq!(audit.licenses, self.sealed.len() as u64);
        let printed = |which: &LicenseSelector| {
            let (_, sealed) = self.ledger.read(|book| desk::reprint(&operator, book, which)).unwrap();
            sealed.bytes().to_vec()
        };
        let refused = |which: &LicenseSelector| {
            let again = self.ledger.read(|book| desk::reprint(&operator, book, which));
            assert_eq!(again.unwrap_err().reason(), Reason::Released);
        };
        for (id, bytes) in &self.sealed {
            match self.back.is_gone(*id) {
                true => refused(&LicenseSelector::License(*id)),
                false => assert_eq!(printed(&LicenseSelector::License(*id)), *bytes),
            }
        }
        for (request, id) in &self.answers {
            match self.back.is_gone(*id) {
                true => refused(&LicenseSelector::Request(*request)),
                false => assert_eq!(printed(&LicenseSelector::Request(*request)), self.sealed[id]),
            }
        }
    }
}
