//! The rules of airlatch-rules(7) for one license: what is charged from which code, or why it is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::act::{Amounts, Issue, Want};
use super::catalog::{Feature, Kind, Product};
use super::state::{Code, Done, Model, Said, Unit, refused};
use super::view::View;

/// A license in the making: copies of the codes and the unit, which replace the old ones if nothing is wrong.
pub struct Attempt<'a> {
    pub now: i64,
    pub product: &'a Product,
    pub model: Option<String>,
    pub named: Vec<u8>,
    pub may_overdraw: bool,
    pub codes: BTreeMap<u8, Code>,
    pub unit: Unit,
    pub charged: BTreeMap<(u8, String), u64>,
    /// What is wanted beyond what the unit has.
    pub raised: BTreeSet<String>,
    pub wrong: BTreeSet<&'static str>,
    /// Reasons for which it may be refused too: the manual leaves it open.
    pub maybe: BTreeSet<&'static str>,
}

pub fn issue(model: &mut Model, wanted: &Issue) -> Said<Done> {
    let id = product_of(model, wanted)?;
    let key = (wanted.unit, id.clone());
    let unit = model.units.get(&key).cloned().unwrap_or_default();
    let catalog = model.catalog.clone();
    let Some(product) = catalog.product(&id) else { return refused("not-sold") };
    let mut attempt = Attempt {
        now: model.now,
        product,
        model: super::models::model_of(
            model,
            wanted.unit,
            product,
            wanted.model.as_deref(),
            wanted.corrects,
        )?,
        named: wanted.codes.clone(),
        may_overdraw: wanted.overdraft,
        codes: model.codes.clone(),
        unit,
        charged: BTreeMap::new(),
        raised: BTreeSet::new(),
        wrong: BTreeSet::new(),
        maybe: BTreeSet::new(),
    };
    attempt.refuse_unusable();
    if !attempt.wrong.is_empty() {
        return Err(attempt.wrong);
    }
    match &wanted.want {
        Want::These(these) => attempt.take_these(these),
        Want::All => {
            attempt.take_all();
            attempt.maybe.extend(NOTHING);
        }
        Want::Each(many) => {
            let these = attempt.each(*many);
            if these.is_empty() {
                attempt.wrong.extend(["short-pool", "not-sold"]);
            } else if *many > 1 && these.iter().all(|(_, many)| many.is_none()) {
                attempt.wrong.insert("over-limit");
            }
            let is_step = |(name, _): &&(String, Option<u64>)| name.contains('#');
            let steps = these.iter().filter(is_step).map(|(name, _)| name.clone());
            attempt.take_each_step(&steps.collect::<Vec<_>>());
            let others: Vec<_> = these.into_iter().filter(|it| !is_step(&it)).collect();
            attempt.take_these(&others);
        }
    }
    attempt.check_model(&wanted.want);
    let license = attempt.view().license(model.now);
    let hidden = attempt.view().hidden();
    attempt.unit.hidden.extend(hidden);
    let open = attempt.view().open();
    if license.periods.is_empty() {
        attempt.wrong.extend(NOTHING);
    }
    if !attempt.wrong.is_empty() {
        attempt.wrong.extend(attempt.maybe);
        return Err(attempt.wrong);
    }
    attempt.unit.was_charged |= !attempt.charged.is_empty();
    attempt.unit.license = Some(license.clone());
    attempt.unit.is_trial = false;
    let (codes, unit, charged, maybe) = (attempt.codes, attempt.unit, attempt.charged, attempt.maybe);
    model.codes = codes;
    model.units.insert(key, unit);
    Ok(Done { charged, license, open, maybe })
}

/// Why nothing is licensed, where nothing can be taken.
const NOTHING: [&str; 9] = [
    "expired",
    "not-booked",
    "short-pool",
    "over-limit",
    "not-on-model",
    "needs-feature",
    "already-held",
    "not-sold",
    "wrong-step",
];

/// The product of the codes named.
fn product_of(model: &Model, wanted: &Issue) -> Said<String> {
    let distinct: BTreeSet<_> = wanted.codes.iter().collect();
    if distinct.len() < wanted.codes.len() {
        return refused("duplicate");
    }
    let mut products = Vec::new();
    for code in &wanted.codes {
        let Some(code) = model.codes.get(code) else { return refused("not-booked") };
        products.push(&code.product);
    }
    match products.iter().any(|product| *product != products[0]) {
        // A refusal may name any of the things that are wrong.
        true => Err(["wrong-product", "expired", "cancelled", "unknown-model", "not-sold"].into()),
        false => Ok(products[0].clone()),
    }
}

impl Attempt<'_> {
    pub fn view(&self) -> View<'_> {
        let (product, model) = (self.product, self.model.as_deref());
        View { product, model, codes: &self.codes, unit: &self.unit, named: &self.named, now: self.now }
    }

    /// Whether the term of a code is not over for the unit.
    pub fn is_alive(&self, code: u8) -> bool {
        let since = self.unit.since.get(&code).copied().unwrap_or(self.now);
        self.codes[&code].term_since(since).1.is_none_or(|end| end > self.now)
    }

    /// The model has to be known for features with a rule for models.
    fn check_model(&mut self, want: &Want) {
        if self.model.is_some() || self.product.models.is_empty() {
            return;
        }
        let is_wanted = |feature: &Feature| match want {
            Want::These(these) => these.iter().any(|(name, _)| {
                self.product.feature_of(name).is_some_and(|wanted| wanted.name == feature.name)
            }),
            _ => self
                .named
                .iter()
                .any(|code| feature.articles().iter().any(|article| self.is_on(*code, article))),
        };
        let is_held = |feature: &Feature| {
            self.unit.held.values().any(|held| feature.articles().iter().any(|it| held.contains_key(it)))
        };
        let features = &self.product.features;
        let mut depending: BTreeSet<&str> = features
            .iter()
            .filter(|it| !it.models.is_empty() || !it.free_on.is_empty())
            .map(|it| it.name.as_str())
            .collect();
        for _ in features {
            let more = features.iter().filter(|it| {
                it.requires.iter().chain(&it.bounded_by).any(|other| depending.contains(other.as_str()))
            });
            let more: Vec<_> = more.map(|it| it.name.as_str()).collect();
            depending.extend(more);
        }
        let depends = |it: &&Feature| depending.contains(it.name.as_str());
        if features.iter().filter(depends).any(|it| is_wanted(it) || is_held(it)) {
            self.wrong.insert("unknown-model");
        }
    }

    fn take_these(&mut self, these: &[(String, Option<u64>)]) {
        let product = self.product;
        for (name, many) in
            these.iter().filter(|(name, _)| product.feature(name).is_some_and(|it| !it.is_level()))
        {
            self.take(name, many.unwrap_or(1));
        }
        for feature in product.features.iter().filter(|feature| feature.is_level()) {
            let articles = feature.articles();
            let named = these.iter().map(|(name, _)| name.clone()).filter(|name| articles.contains(name));
            let named: Vec<_> = named.collect();
            if !named.is_empty() {
                self.take_named_steps(feature, &named);
            }
            for (_, wanted) in these.iter().filter(|(name, _)| *name == feature.name) {
                self.take_level(feature, wanted.unwrap_or(0));
            }
        }
        for (name, many) in these {
            match product.feature_of(name) {
                None => drop(self.wrong.insert("not-sold")),
                Some(feature) if feature.is_level() => {}
                Some(_) => self.check(name, many.unwrap_or(1)),
            }
        }
    }

    /// One of everything that was booked on the codes, and as many of each count.
    fn each(&self, many: u64) -> Vec<(String, Option<u64>)> {
        let booked = |article: &String| self.named.iter().any(|code| self.is_on(*code, article));
        let articles = self.product.features.iter().flat_map(|feature| {
            let number = (feature.kind == Kind::Count).then_some(many);
            feature.articles().into_iter().map(move |article| (article, number))
        });
        articles.filter(|(article, _)| booked(article)).collect()
    }

    /// Whether a code was booked with an article and has not passed on all of it.
    pub fn is_on(&self, code: u8, article: &str) -> bool {
        let of = |amounts: &Amounts| amounts.get(article).copied().unwrap_or(0);
        let it = &self.codes[&code];
        of(&it.lines) > of(&it.passed) || of(&it.left) + self.has(code, article) > 0
    }

    /// What the unit took of an article from a named code whose term is not over.
    pub fn has(&self, code: u8, article: &str) -> u64 {
        let held = self.unit.held.get(&code).filter(|_| self.is_alive(code));
        held.and_then(|held| held.get(article)).copied().unwrap_or(0)
    }

    /// What the unit has of an article from all codes whose term is not over, also if they follow one another.
    pub fn held_in_all(&self, article: &str, counts: impl Fn(u8) -> bool) -> u64 {
        self.unit.held.keys().filter(|code| counts(**code)).map(|code| self.has(*code, article)).sum()
    }

    /// Takes what is missing of a switch or count.
    fn take(&mut self, name: &str, many: u64) {
        let Some(feature) = self.product.feature(name).cloned() else {
            self.wrong.insert("not-sold");
            return;
        };
        let named = self.named.clone();
        let is_elsewhere = feature.kind == Kind::Switch && !feature.not_twice && self.lasts(name);
        if is_elsewhere || feature.is_free(self.model.as_deref()) {
            return;
        }
        let held: u64 = named.iter().map(|code| self.has(*code, name)).sum();
        let mut missing = many.saturating_sub(held);
        if missing > 0 {
            self.raised.insert(name.to_owned());
        }
        for overdraft in [false, true] {
            for code in &named {
                let many = missing.min(self.available(*code, name, overdraft));
                missing -= many;
                self.charge(*code, name, many);
            }
        }
        if missing > 0 {
            self.wrong.insert("short-pool");
            if named.iter().any(|code| self.has_only_ended(*code, name)) {
                self.wrong.insert("expired");
            }
            if feature.not_twice {
                self.wrong.insert("already-held");
            }
            // As if it had it, for the other rules: any of them may be the reason.
            let (code, now) = (named[0], self.now);
            *self.unit.held.entry(code).or_default().entry(name.to_owned()).or_default() += missing;
            self.unit.since.entry(code).or_insert(now);
        }
        if feature.kind == Kind::Count {
            self.unit.state(name, &self.named, many);
        }
    }

    /// Whether the unit has a switch anyway, for at least as long as the first named code that could give it, if one could.
    pub fn lasts(&self, name: &str) -> bool {
        let view = self.view();
        let gives = |code: &&u8| self.available(**code, name, false) > 0;
        let Some(code) = self.named.iter().find(gives) else {
            return view.times(self.now).into_iter().any(|time| view.held(name, time, |_| true) > 0);
        };
        let since = self.unit.since.get(code).copied().unwrap_or(self.now);
        let (begin, end) = self.codes[code].term_since(since);
        let times = view.times(self.now.max(begin));
        let in_term = times.into_iter().filter(|time| end.is_none_or(|end| *time < end));
        in_term.into_iter().all(|time| view.held(name, time, |_| true) > 0)
    }

    /// A code that was cancelled, or whose term is over, can't be named.
    fn refuse_unusable(&mut self) {
        for code in self.named.clone() {
            if self.codes[&code].cancelled {
                self.wrong.insert("cancelled");
            }
            if !self.is_alive(code) {
                self.wrong.insert("expired");
            }
        }
    }

    /// How much a code can give. What was released to it has the term that began then.
    pub fn available(&self, code: u8, article: &str, overdraft: bool) -> u64 {
        let of = &self.codes[&code];
        let amount = |amounts: &Amounts| amounts.get(article).copied().unwrap_or(0);
        let is_over = self.has_only_ended(code, article);
        match () {
            () if of.cancelled => 0,
            () if overdraft && self.may_overdraw => of.overdraft(article),
            () if overdraft => 0,
            () if is_over => amount(&of.left).min(amount(&of.fresh)),
            () => amount(&of.left),
        }
    }

    /// Whether the term of what was released to a code is over.
    pub fn has_only_ended(&self, code: u8, article: &str) -> bool {
        let of = &self.codes[&code];
        let began = of.released.get(article).copied().unwrap_or(self.now);
        of.term_since(began).1.is_some_and(|end| end <= self.now)
    }

    pub fn charge(&mut self, code: u8, article: &str, many: u64) {
        if many == 0 {
            return;
        }
        let (now, beyond) = (self.now, many.saturating_sub(self.available(code, article, false)));
        let Some(of) = self.codes.get_mut(&code) else { return };
        *of.left.entry(article.to_owned()).or_default() -= many - beyond;
        *of.overdrawn.entry(article.to_owned()).or_default() += beyond;
        let fresh = of.fresh.entry(article.to_owned()).or_default();
        let used_before = (many - beyond).saturating_sub(*fresh);
        *fresh -= many - beyond - used_before;
        let began = of.released.get(article).copied().filter(|_| used_before > 0).unwrap_or(now);
        *self.charged.entry((code, article.to_owned())).or_default() += many;
        *self.unit.held.entry(code).or_default().entry(article.to_owned()).or_default() += many;
        let since = self.unit.since.entry(code).or_insert(now);
        *since = began.min(*since);
    }

    /// The rules between features, for one that is wanted.
    fn check(&mut self, name: &str, many: u64) {
        let Some(feature) = self.product.feature(name).cloned() else { return };
        if feature.is_free(self.model.as_deref()) {
            return;
        }
        let view = self.view();
        let times = view.times(self.now);
        let mut wrong = Vec::new();
        if let Some(most) = feature.limit(self.model.as_deref())
            && self.raised.contains(name)
            && self.held_in_all(name, |code| !self.named.contains(&code)) + many > most
        {
            wrong.extend(["over-limit", "not-on-model"]);
        }
        if let Some(bound) = feature.bounded_by.as_ref().filter(|_| self.raised.contains(name)) {
            let most = |time: &i64| view.licensed(*time).get(bound).copied().flatten().unwrap_or(0);
            let most = times.iter().map(most).max().unwrap_or(0).max(self.held_in_all(bound, |_| true));
            if self.held_in_all(name, |code| !self.named.contains(&code)) + many > most {
                wrong.push("over-limit");
            }
        }
        let charged: Vec<_> = self.charged.keys().filter(|(_, article)| article == name).collect();
        // What is short might have come from any named code.
        let short = self.named.iter().filter(|_| self.wrong.contains("short-pool"));
        let paying: BTreeSet<u8> = charged.iter().map(|(code, _)| *code).chain(short.copied()).collect();
        let paid = |time: &&i64| paying.iter().any(|code| view.is_in_term(*code, **time));
        let paid: Vec<_> = times.iter().filter(paid).copied().collect();
        if !paid.is_empty() {
            wrong.extend(unmet(&feature, &view, &paid));
        }
        if feature.not_twice
            && times.iter().any(|time| {
                let holds = |code: u8| view.held(name, *time, |other| other == code) > 0;
                charged.iter().any(|(code, _)| {
                    holds(*code) && self.unit.held.keys().any(|other| other != code && holds(*other))
                })
            })
        {
            wrong.push("already-held");
        }
        self.wrong.extend(wrong);
    }
}

/// Why a feature can't be licensed in full in any of these periods.
fn unmet(feature: &Feature, view: &View<'_>, times: &[i64]) -> Vec<&'static str> {
    let licensed = |time: &i64| {
        let raw = view.raw(*time);
        raw.contains_key(&feature.name) && view.licensed(*time).get(&feature.name) == raw.get(&feature.name)
    };
    if times.iter().any(licensed) {
        return Vec::new();
    }
    let bound = feature.bounded_by.iter().map(|_| "over-limit");
    bound.chain(feature.requires.iter().map(|_| "needs-feature")).collect()
}
