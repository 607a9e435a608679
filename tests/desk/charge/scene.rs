//! A desk without a ledger: codes, what one unit holds from them, and charges that are booked.

use airlatch_core::model::{Error, Features, Mac, OrderCode, Result, Term, Time, Unit};
use airlatch_desk::catalog::{
    FeatureKind, FeatureRule, GrantEnd, GrantTerm, Limit, LockPolicy, Model, Product,
};
use airlatch_desk::charge;
use airlatch_desk::charge::{Charge, ChargeContext, ChargeSource, Offer, PreviousLicense, Wanted};
use airlatch_desk::orders::{Lines, Order, Pool};

pub use crate::scene::{features, lines, name, time};
use crate::scene::{product, rule};

/// A telephone system with every kind of rule.
pub fn pbx() -> Product {
    use FeatureKind::{Count, Switch};
    let level = FeatureKind::Level { bases: [15, 30].into(), upgrades: [(15, 30), (30, 60)].into() };
    let model = |id: &str| Model { id: id.into(), name: None, prefixes: Vec::new() };
    let on_ip24 = |limit: Limit| [("IP24".to_owned(), limit)].into();
    let rules = vec![
        FeatureRule { on_model: on_ip24(Limit::AtMost(30)), ..rule("PBX", level) },
        FeatureRule { bounded_by: Some(name("PBX")), ..rule("registrations", Count) },
        FeatureRule { limit: Limit::AtMost(200), ..rule("sessions", Count) },
        rule("voicemail", Switch),
        FeatureRule { requires: vec![name("uc"), name("groupware")], ..rule("fax", Switch) },
        FeatureRule { on_model: on_ip24(Limit::Never), ..rule("uc", Switch) },
        rule("groupware", Switch),
        FeatureRule { free_on: ["IP800".to_owned()].into(), ..rule("video", Switch) },
        FeatureRule { not_twice: true, ..rule("conference", Switch) },
    ];
    Product {
        versions: Vec::new(),
        models: vec![model("IP24"), model("IP800")],
        lock: LockPolicy::default(),
        ..product("pbx", rules)
    }
}

/// Codes are numbered from 0; `sources[n]` is what the unit holds from code n.
pub struct Desk {
    pub product: Product,
    pub model: Option<&'static str>,
    pub now: Time,
    pub may_overdraw: bool,
    pub sources: Vec<ChargeSource>,
    /// What the last license gives.
    pub signed: Features,
    /// Its periods.
    pub previous: Option<PreviousLicense>,
    /// How often a code was renewed.
    pub renewals: u64,
}

impl Desk {
    pub fn new() -> Self {
        Self {
            product: pbx(),
            model: Some("IP800"),
            now: time("2026-11-21T12:00:00Z"),
            may_overdraw: false,
            sources: Vec::new(),
            signed: Features::default(),
            previous: None,
            renewals: 0,
        }
    }

    /// A desk with one permanent code.
    pub fn with(list: &[(&str, u64)]) -> Self {
        let mut desk = Self::new();
        desk.book(list, GrantEnd::Permanent);
        desk
    }

    /// Books a code and returns its number.
    pub fn book(&mut self, list: &[(&str, u64)], end: GrantEnd) -> usize {
        let number = self.sources.len();
        let order = Order {
            number: number.to_string(),
            reference: None,
            customer: None,
            product: "pbx".into(),
            version: None,
            term: GrantTerm { from: None, end },
            lines: lines(list),
            overdraft: 0,
        };
        let pool = Pool {
            booked: "2026-01-01T00:00:00Z".parse().unwrap(),
            code: code(number),
            left: order.lines.clone(),
            order,
            account: None,
            parent: None,
            cancelled: false,
            reversed: false,
            overdrawn: Lines::new(),
            returned: Lines::new(),
            former_terms: Vec::new(),
            passed: Lines::new(),
        };
        self.sources.push(ChargeSource { pool, held: Lines::new(), since: None });
        number
    }

    pub fn until(&mut self, list: &[(&str, u64)], end: &str) -> usize {
        self.book(list, GrantEnd::Until(time(end)))
    }

    pub fn context(&self, named: &[usize]) -> ChargeContext<'_> {
        let others = (0..self.sources.len()).filter(|number| !named.contains(number));
        ChargeContext {
            product: &self.product,
            unit: Unit::Device(Mac([0, 0x90, 0x33, 1, 2, 3])),
            model: self.model,
            version: None,
            now: self.now,
            signed: self.signed.clone(),
            previous: self.previous.clone(),
            named: named.iter().map(|number| self.sources[*number].clone()).collect(),
            others: others
                .map(|number| self.sources[number].clone())
                .filter(|s| !s.held.is_empty())
                .collect(),
        }
    }

    pub fn offers(&self, named: &[usize]) -> Result<Vec<Offer>> {
        charge::offers(&self.context(named))
    }

    pub fn ask(&self, named: &[usize], wanted: &Wanted<'_>) -> Result<Charge> {
        charge::charge(&self.context(named), wanted, self.may_overdraw)
    }

    /// Renews a code.
    pub fn renew(&mut self, number: usize, term: GrantTerm) {
        self.renewals += 1;
        let pool = &mut self.sources[number].pool;
        let former = std::mem::replace(&mut pool.order.term, term);
        pool.former_terms.push((self.renewals, former));
    }

    /// Charges and books.
    pub fn charge(&mut self, named: &[usize], wanted: &Wanted<'_>) -> Result<Charge> {
        let charge = self.ask(named, wanted)?;
        for take in &charge.charged {
            let source = self.sources.iter_mut().find(|source| source.pool.code == take.code).unwrap();
            *source.held.entry(take.article.clone()).or_default() += take.quantity;
            if take.overdrawn > 0 {
                *source.pool.overdrawn.entry(take.article.clone()).or_default() += take.overdrawn;
            }
            if let Some(left) = source.pool.left.get_mut(&take.article) {
                *left -= take.quantity - take.overdrawn;
            }
            source.pool.left.retain(|_, left| *left > 0);
            source.since.get_or_insert(self.now);
        }
        self.signed = charge.features.clone();
        let mut periods = vec![(charge.term, charge.features.clone())];
        for period in &charge.after {
            let from = periods.last().and_then(|(term, _)| term.until).unwrap();
            periods.push((Term { from, until: period.until }, period.features.clone()));
        }
        // The entry is later than all renewals before.
        self.previous = Some(PreviousLicense { entry: self.renewals, periods });
        Ok(charge)
    }

    /// Charges features written as for [`features`].
    pub fn these(&mut self, named: &[usize], wanted: &str) -> Result<Charge> {
        self.charge(named, &Wanted::Features(&features(wanted)))
    }

    #[track_caller]
    pub fn refused(&self, named: &[usize], wanted: &str) -> Error {
        self.ask(named, &Wanted::Features(&features(wanted))).unwrap_err()
    }
}

pub fn code(number: usize) -> OrderCode {
    OrderCode::from_digest(&[u8::try_from(number).unwrap(); 32])
}

/// `sessions 20 from 0`, and `of them 5 beyond`.
pub fn said(charge: &Charge) -> Vec<String> {
    let number = |of: OrderCode| (0..).find(|number| code(*number) == of).unwrap();
    let words = charge.charged.iter().map(|take| {
        let beyond = if take.overdrawn > 0 { format!(", {} beyond", take.overdrawn) } else { String::new() };
        format!("{} {} from {}{beyond}", take.article, take.quantity, number(take.code))
    });
    words.collect()
}

/// The periods as `2026-11-21 sessions 100 | 2027-01-01 …`, followed by the last end.
pub fn times(charge: &Charge) -> Vec<String> {
    let day = |time: Option<Time>| time.map_or("for ever".into(), |time| time.to_string()[..10].to_owned());
    let mut found = vec![format!("{}: {}", day(Some(charge.term.from)), charge.features)];
    let mut end = charge.term.until;
    for period in &charge.after {
        found.push(format!("{}: {}", day(end), period.features));
        end = period.until;
    }
    found.push(day(end));
    found
}
