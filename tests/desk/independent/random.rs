//! Random histories: acts as plain data, chosen without knowing what comes of them.

use std::collections::BTreeMap;

use super::act::{Act, Amounts, End, Issue, Term, Want};
use super::calendar::{BEGIN, DAY, Length, Step, midnight};
use super::catalog::{Catalog, Feature, Kind};
use crate::common::chance::Chance;

pub struct Random {
    dice: Chance,
    catalog: Catalog,
    /// What was ordered, by code.
    codes: BTreeMap<u8, (String, Amounts)>,
    now: i64,
    /// When the terms of the orders end.
    ends: Vec<i64>,
    acts: Vec<Act>,
}

/// A catalog and a history.
pub fn history(seed: u64) -> (Catalog, Vec<Act>) {
    let mut dice = Chance::new(seed);
    let catalog = super::random_catalog::catalog(&mut dice);
    let many = 15 + dice.below(26);
    let (codes, ends, acts) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut random = Random { dice, catalog, codes, now: BEGIN, ends, acts };
    random.order();
    random.order();
    while (random.acts.len() as u64) < many {
        random.act();
    }
    (random.catalog, random.acts)
}

impl Random {
    fn act(&mut self) {
        let unit = 1 + self.dice.small(4);
        let product = self.dice.pick(&self.catalog.0).id;
        let act = match self.dice.below(48) {
            0..3 => return self.order(),
            3..9 => self.later(),
            9..11 => Act::Renew { code: self.code(), term: self.term() },
            11 => self.pass(),
            12 if self.dice.one_in(2) => Act::Cancel { code: self.code() },
            13..15 => Act::Trial { unit, model: self.model(&product), product },
            15..17 => Act::Release { unit: 3, product },
            17..20 => self.list(),
            20 if self.dice.one_in(2) => self.catalog_changes(),
            _ => Act::Issue(self.issue()),
        };
        self.acts.push(act);
    }

    fn later(&mut self) -> Act {
        let ends: Vec<_> = self.ends.iter().copied().filter(|end| *end > self.now + 1).collect();
        let to = match self.dice.below(10) {
            0..2 => self.now + self.dice.below(7_200) as i64,
            2..4 if !ends.is_empty() => self.dice.pick(&ends) - 1 + self.dice.below(3) as i64,
            9 => self.now + self.dice.below(366) as i64 * DAY,
            _ => self.now + self.dice.below(60) as i64 * DAY,
        };
        self.now = to;
        Act::On(to)
    }

    fn term(&mut self) -> Term {
        let today = midnight(self.now);
        let from = self.dice.one_in(6).then(|| today + self.dice.below(60) as i64 * DAY);
        let end = match self.dice.below(6) {
            0..2 => End::Permanent,
            2..4 => End::Until(today + 1_000 + self.dice.below(200) as i64 * DAY),
            _ => {
                let step = self.dice.pick(&[Step::Day, Step::Week, Step::Month, Step::Year]);
                End::For(Length(1 + self.dice.below(4) as i64, step))
            }
        };
        let end = if let End::Until(end) = end { End::Until(midnight(end) + DAY) } else { end };
        let last = match end {
            End::Permanent => None,
            End::Until(end) => Some(end),
            End::For(length) => Some(length.end(from.unwrap_or(self.now))),
        };
        self.ends.extend(last);
        Term { from, end }
    }

    fn pass(&mut self) -> Act {
        let (from, to) = (self.code(), self.codes.len() as u8);
        let Some((product, ordered)) = self.codes.get(&from).cloned() else {
            return Act::Cancel { code: 201 };
        };
        let mut lines = Amounts::new();
        for (article, many) in &ordered {
            if lines.is_empty() || self.dice.one_in(2) {
                lines.insert(article.clone(), 1 + self.dice.below(*many));
            }
        }
        self.codes.insert(to, (product, lines.clone()));
        Act::Pass { from, to, lines }
    }

    fn order(&mut self) {
        let code = self.codes.len() as u8;
        let product = self.dice.pick(&self.catalog.0);
        let mut lines = Amounts::new();
        for feature in &product.features {
            for article in feature.articles() {
                if self.dice.one_in(3) {
                    continue;
                }
                let many = match feature.kind {
                    Kind::Count => 1 + self.dice.below(60),
                    _ => 1 + self.dice.below(3),
                };
                lines.insert(article, many);
            }
        }
        if lines.is_empty() {
            lines.insert(product.features[0].articles()[0].clone(), 1);
        }
        let term = self.term();
        let overdraft = self.dice.pick(&[0, 0, 10, 50]);
        self.codes.insert(code, (product.id.clone(), lines.clone()));
        self.acts.push(Act::Order { code, product: product.id, lines, term, overdraft });
    }

    fn code(&mut self) -> u8 {
        let codes: Vec<_> = self.codes.keys().copied().collect();
        if self.dice.one_in(40) { 200 } else { self.dice.pick(&codes) }
    }

    fn model(&mut self, product: &str) -> Option<String> {
        let models = &self.catalog.product(product)?.models;
        if models.is_empty() || self.dice.one_in(3) {
            return None;
        }
        // Nearly always the same one for a unit.
        Some(models[usize::from(self.dice.one_in(4))].0.clone())
    }

    fn catalog_changes(&mut self) -> Act {
        let product = self.dice.pick(&self.catalog.0);
        let feature = self.dice.pick(&product.features);
        match feature.kind {
            Kind::Count if self.dice.one_in(2) => Act::Lower(feature.name, 1 + self.dice.below(30)),
            _ => Act::Without(feature.name),
        }
    }

    /// Several devices, each with the same.
    fn list(&mut self) -> Act {
        let first = self.issue();
        let mut lines = Vec::new();
        for unit in [1, 2, 4] {
            if lines.is_empty() || !self.dice.one_in(3) {
                lines.push(Issue { unit, ..first.clone() });
            }
        }
        Act::List(lines)
    }

    fn issue(&mut self) -> Issue {
        let mut codes = vec![self.code()];
        let want = match self.dice.below(10) {
            0 => Want::All,
            1 => Want::Each(1 + self.dice.below(10)),
            _ => self.want(codes[0]),
        };
        // The manual does not say for which of several codes a step has to last, and which of them gives what depends on others
        // if everything is taken.
        let product = self.codes.get(&codes[0]).map_or("pbx", |(product, _)| product.as_str()).to_owned();
        let depends = |it: &Feature| !it.requires.is_empty() || it.bounded_by.is_some() || it.not_twice;
        let is_open = |it: &Feature| it.is_level() || want == Want::All && depends(it);
        let is_open = self.catalog.product(&product).is_some_and(|it| it.features.iter().any(is_open));
        for _ in 0..self.dice.below(6).saturating_sub(3) {
            let more = self.code();
            if !is_open && (!codes.contains(&more) || self.dice.one_in(20)) {
                codes.push(more);
            }
        }
        let corrects = self.dice.one_in(10);
        let (unit, model, overdraft) = (1 + self.dice.small(4), self.model(&product), self.dice.one_in(3));
        Issue { unit, codes, want, model, corrects, overdraft }
    }

    fn want(&mut self, code: u8) -> Want {
        let (product, lines) =
            self.codes.get(&code).cloned().unwrap_or_else(|| ("pbx".into(), Amounts::new()));
        let product = self.catalog.product(&product).unwrap().clone();
        let mut these: Vec<(String, Option<u64>)> = Vec::new();
        for feature in &product.features {
            let ordered = lines.get(&feature.name).copied().unwrap_or(0);
            let is_there =
                ordered > 0 || feature.articles().iter().any(|article| lines.contains_key(article));
            if !self.dice.one_in(if is_there { 2 } else { 8 }) {
                continue;
            }
            match feature.kind {
                Kind::Switch => these.push((feature.name.clone(), None)),
                Kind::Count => these.push((feature.name.clone(), Some(1 + self.dice.below(ordered + 3)))),
                Kind::Level { .. } if self.dice.one_in(2) => {
                    these.push((feature.name.clone(), Some(self.dice.pick(&[15, 30, 60]))));
                }
                Kind::Level { .. } => {
                    let articles = feature.articles();
                    these.push((self.dice.pick(&articles), None));
                    let other = (self.dice.pick(&articles), None);
                    if self.dice.one_in(3) && !these.contains(&other) {
                        these.push(other);
                    }
                }
            }
        }
        if these.is_empty() {
            these.push(("voicemail".into(), None));
        }
        Want::These(these)
    }
}
