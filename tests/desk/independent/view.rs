//! What a unit has at a time, and what is licensed of it: the rules between features.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::midnight;
use super::catalog::{Feature, Kind, Product};
use super::license::{Features, License, Period};
use super::state::{Code, Unit};
use super::steps::{self, Step};

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

    /// The level of the unit at a time.
    pub fn level(&self, feature: &Feature, time: i64) -> u64 {
        let held = steps::all(feature).into_iter();
        let is_held = |step: &Step| self.held(&steps::article(feature, *step), time, |_| true) > 0;
        steps::reached(&held.filter(is_held).collect::<Vec<_>>())
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
        // Of what left the catalog it keeps what the license before says.
        let gone = self.product.gone.iter().filter(|it| self.is_in_license(&it.name));
        for feature in self.product.features.iter().chain(gone) {
            let name = &feature.name;
            match &feature.kind {
                Kind::Level { .. } if self.level(feature, time) > 0 => {
                    features.insert(name.clone(), Some(self.level(feature, time)));
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

    /// Whether the license before says something of a feature, in a period that is not over, or else in the last.
    fn is_in_license(&self, name: &str) -> bool {
        let Some(license) = &self.unit.license else { return false };
        let lasts = |period: &&Period| period.until.is_none_or(|end| end > self.now);
        let says = |period: &Period| period.features.contains_key(name);
        license.periods.iter().filter(lasts).any(says)
            || license.periods.iter().all(|period| !lasts(&period))
                && license.periods.last().is_some_and(says)
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

    /// Counts of which less was stated than the unit has, where their bound leaves no more of them.
    pub fn hidden(&self) -> Vec<String> {
        let features = self.product.features.iter().filter(|it| it.bounded_by.is_some());
        let is_hidden = |name: &String| {
            let times = self.times(self.now);
            let less = |time: &i64| self.used(name, *time) < self.held(name, *time, |_| true);
            let bound = |time: &i64| {
                let feature = self.product.feature(name)?;
                self.licensed(*time).get(feature.bounded_by.as_ref()?).copied().flatten()
            };
            times.iter().any(|time| less(time) && bound(time).unwrap_or(0) <= self.used(name, *time))
        };
        features.map(|it| it.name.clone()).filter(is_hidden).collect()
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
        open.extend(self.unit.hidden.iter().cloned());
        for _ in &self.product.features {
            let depends =
                |it: &&Feature| it.requires.iter().chain(&it.bounded_by).any(|other| open.contains(other));
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
