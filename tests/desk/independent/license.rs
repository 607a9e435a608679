//! The licenses of the model: what is licensed in each period.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::midnight;
use super::catalog::{Kind, Product};
use super::model::{Code, Unit};

/// Features with their number; a switch has none.
pub type Features = BTreeMap<String, Option<u64>>;

/// From when until when something is licensed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub from: i64,
    pub until: Option<i64>,
    pub features: Features,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// One after the other, without a gap; one without features is a gap between two terms.
    pub periods: Vec<Period>,
    pub grace_days: i64,
    pub model: Option<String>,
}

impl License {
    /// The same without these features.
    pub fn without(&self, open: &BTreeSet<String>) -> Self {
        let mut rest = self.clone();
        rest.periods.iter_mut().for_each(|period| period.features.retain(|name, _| !open.contains(name)));
        rest
    }

    /// What it allows from this time on. Neighbours with the same features are one period.
    pub fn from(&self, time: i64) -> Vec<Period> {
        let mut rest: Vec<Period> = Vec::new();
        for period in self.periods.iter().filter(|period| period.until.is_none_or(|end| end > time)) {
            match rest.last_mut() {
                Some(last) if last.features == period.features => last.until = period.until,
                None if period.features.is_empty() => {}
                _ => rest.push(Period { from: period.from.max(time), ..period.clone() }),
            }
        }
        rest.pop_if(|last| last.features.is_empty());
        rest
    }
}

/// A unit with its codes, to see what it has at a time.
pub struct View<'a> {
    pub product: &'a Product,
    pub model: Option<&'a str>,
    pub codes: &'a BTreeMap<u8, Code>,
    pub unit: &'a Unit,
    /// The codes for whose terms features that are free are licensed if the unit took nothing.
    pub named: &'a [u8],
    pub now: i64,
}

impl View<'_> {
    /// When the term of a code begins and ends for the unit.
    pub fn term(&self, code: u8) -> (i64, Option<i64>) {
        self.codes[&code].term_since(self.unit.since.get(&code).copied().unwrap_or(self.now))
    }

    /// The codes from which the unit has something, or else those that are named.
    fn giving(&self) -> Vec<u8> {
        let lasts = |code: &u8| self.term(*code).1.is_none_or(|end| end > self.now);
        let held: Vec<u8> = self.unit.held.keys().copied().filter(lasts).collect();
        if held.is_empty() { self.named.to_vec() } else { held }
    }

    pub fn is_in_term(&self, code: u8, time: i64) -> bool {
        let (begin, end) = self.term(code);
        begin <= time && end.is_none_or(|end| time < end)
    }

    /// What the unit holds of an article at that time.
    pub fn held(&self, article: &str, time: i64, counts: impl Fn(u8) -> bool) -> u64 {
        let in_term =
            self.unit.held.iter().filter(|(code, _)| counts(**code) && self.is_in_term(**code, time));
        in_term.filter_map(|(_, held)| held.get(article)).sum()
    }

    /// The same of a count, as far as it is licensed.
    pub fn used(&self, article: &str, time: i64) -> u64 {
        let Some((codes, most)) = self.unit.stated.get(article) else {
            return self.held(article, time, |_| true);
        };
        let named = self.held(article, time, |code| codes.contains(&code));
        named.min(*most) + self.held(article, time, |code| !codes.contains(&code))
    }

    /// All times from now on at which something begins or ends, and now.
    pub fn times(&self, now: i64) -> BTreeSet<i64> {
        let terms = self.giving().into_iter().map(|code| self.term(code));
        let times = terms.flat_map(|(begin, end)| [Some(begin), end]).flatten();
        times.filter(|time| *time > now).chain([now]).collect()
    }

    /// What the unit has at that time, without the rules between features.
    pub fn raw(&self, time: i64) -> Features {
        let mut features = Features::new();
        // What is free comes with a code in its term.
        let is_free = self.giving().iter().any(|code| self.is_in_term(*code, time));
        for feature in self.product.features.iter().chain(&self.product.gone) {
            let name = &feature.name;
            match &feature.kind {
                Kind::Level { .. } if super::level::level_at(self, feature, time) > 0 => {
                    features.insert(name.clone(), Some(super::level::level_at(self, feature, time)));
                }
                Kind::Switch
                    if self.held(name, time, |_| true) > 0 || is_free && feature.is_free(self.model) =>
                {
                    features.insert(name.clone(), None);
                }
                Kind::Count if self.used(name, time) > 0 => {
                    features.insert(name.clone(), Some(self.used(name, time)));
                }
                _ => {}
            }
        }
        features
    }

    /// What is licensed at that time: cut to what bounds it, and only with what it requires.
    pub fn licensed(&self, time: i64) -> Features {
        let mut features = self.raw(time);
        loop {
            let before = features.clone();
            for feature in self.product.features.iter().filter(|feature| !feature.is_free(self.model)) {
                let name = &feature.name;
                let requires = &feature.requires;
                if !requires.is_empty() && !requires.iter().any(|needed| before.contains_key(needed)) {
                    features.remove(name);
                }
                let Some(bound) = &feature.bounded_by else { continue };
                let most = before.get(bound).copied().flatten().unwrap_or(0);
                match features.get(name).copied().flatten() {
                    Some(_) if most == 0 => drop(features.remove(name)),
                    Some(many) => drop(features.insert(name.clone(), Some(many.min(most)))),
                    None => {}
                }
            }
            if features == before {
                return features;
            }
        }
    }

    /// Counts that the unit has from several codes and of which less was stated, with what depends on them.
    pub fn open(&self) -> BTreeSet<String> {
        let codes = |name: &str| self.unit.held.iter().filter(|(_, held)| held.contains_key(name)).count();
        let held = |name: &str, codes: &[u8]| -> u64 {
            codes.iter().filter_map(|code| self.unit.held.get(code)?.get(name)).sum()
        };
        let stated = self.unit.stated.iter();
        let less = stated.filter(|(name, (of, many))| codes(name) > 1 && *many < held(name, of));
        let mut open: BTreeSet<String> = less.map(|(name, _)| name.clone()).collect();
        // What left the catalog before it began.
        let begins_later = |article: &String| {
            self.unit
                .held
                .iter()
                .any(|(code, held)| held.contains_key(article) && self.term(*code).0 > self.now)
        };
        let gone = self.product.gone.iter().filter(|it| it.articles().iter().any(begins_later));
        open.extend(gone.map(|it| it.name.clone()));
        for _ in &self.product.features {
            let depends = |it: &&super::catalog::Feature| {
                it.requires.iter().chain(&it.bounded_by).any(|other| open.contains(other))
            };
            let more: Vec<_> =
                self.product.features.iter().filter(depends).map(|it| it.name.clone()).collect();
            open.extend(more);
        }
        open
    }

    /// The license from the day of this time on.
    pub fn license(&self, now: i64) -> License {
        let times: Vec<_> = self.times(now).into_iter().collect();
        let mut periods: Vec<Period> = Vec::new();
        for (at, time) in times.iter().enumerate() {
            let (from, until) = (if at == 0 { midnight(now) } else { *time }, times.get(at + 1).copied());
            periods.push(Period { from, until, features: self.licensed(*time) });
        }
        let model = self.model.map(str::to_owned);
        let whole = License { periods, grace_days: self.product.grace_days, model };
        License { periods: whole.from(0), ..whole }
    }
}
