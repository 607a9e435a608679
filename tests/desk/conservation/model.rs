//! An independent model: maps of quantities, updated from reported movements without any rules.

use std::collections::BTreeMap;

use airlatch_core::model::{FeatureName, OrderCode, Time, Unit};
use airlatch_desk::orders::Lines;

/// A code and an article.
type Line = (OrderCode, FeatureName);

/// Everything that was sold, and where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    pub ordered: BTreeMap<Line, u64>,
    pub passed: BTreeMap<Line, u64>,
    pub overdrawn: BTreeMap<Line, u64>,
    pub returned: BTreeMap<Line, u64>,
    /// What went back from a code that should not have been passed on.
    pub given_back: BTreeMap<Line, u64>,
    pub left: BTreeMap<Line, u64>,
    pub held: BTreeMap<(Unit, OrderCode, FeatureName), u64>,
    /// When each held article was first activated by any unit.
    pub began: BTreeMap<(Unit, OrderCode, FeatureName), Vec<Time>>,
    /// The same for articles left on codes that were activated before.
    pub back: BTreeMap<Line, Vec<Time>>,
    /// The same for articles that were on a code when it was cancelled.
    cancelled: BTreeMap<Line, Vec<Time>>,
}

impl Model {
    pub fn ordered(&mut self, code: OrderCode, lines: &Lines) {
        for (article, many) in lines {
            *self.ordered.entry((code, article.clone())).or_default() += many;
            *self.left.entry((code, article.clone())).or_default() += many;
        }
    }

    pub fn passed(&mut self, from: OrderCode, to: OrderCode, lines: &Lines) {
        for (article, many) in lines {
            self.give_fresh(from, article, *many);
            *self.passed.entry((from, article.clone())).or_default() += many;
        }
        self.ordered(to, lines);
    }

    pub fn cancelled(&mut self, code: OrderCode, lines: &Lines) {
        for (article, many) in lines {
            self.give(code, article, *many);
            let line = (code, article.clone());
            if let Some(back) = self.back.remove(&line) {
                self.cancelled.insert(line, back);
            }
            *self.returned.entry((code, article.clone())).or_default() += many;
        }
        assert!(
            self.left.iter().all(|((of, _), many)| *of != code || *many == 0),
            "something stays on {code}"
        );
    }

    /// Takes articles and returns how many of them had been activated before.
    pub fn taken(
        &mut self,
        unit: Unit,
        code: OrderCode,
        article: &FeatureName,
        take: [u64; 2],
        now: Time,
    ) -> usize {
        let [many, beyond] = take;
        *self.overdrawn.entry((code, article.clone())).or_default() += beyond;
        *self.left.entry((code, article.clone())).or_default() += beyond;
        self.give(code, article, many);
        *self.held.entry((unit, code, article.clone())).or_default() += many;
        let (left, back) = self.lying(code, article);
        back.sort_unstable();
        // The latest start first, as the best case for the unit.
        let old = back.split_off(left.min(back.len()));
        let count = old.len();
        let began = self.began.entry((unit, code, article.clone())).or_default();
        began.extend(std::iter::repeat_n(now, usize::try_from(many).unwrap() - count));
        began.extend(old);
        count
    }

    /// How many are left on a code, and when the terms of those activated before started.
    fn lying(&mut self, code: OrderCode, article: &FeatureName) -> (usize, &mut Vec<Time>) {
        let line = (code, article.clone());
        let left = self.left.get(&line).copied().unwrap_or_default();
        (usize::try_from(left).unwrap(), self.back.entry(line).or_default())
    }

    /// Returns everything that a unit holds from these codes.
    pub fn given_back(&mut self, unit: Unit, counts: impl Fn(OrderCode) -> bool) {
        for ((holder, code, article), many) in &mut self.held {
            if *holder == unit && counts(*code) {
                *self.left.entry((*code, article.clone())).or_default() += std::mem::take(many);
            }
        }
        for ((holder, code, article), began) in &mut self.began {
            if *holder == unit && counts(*code) {
                self.back.entry((*code, article.clone())).or_default().append(began);
            }
        }
    }

    /// The opposite of [`cancelled`](Self::cancelled).
    pub fn uncancelled(&mut self, code: OrderCode, lines: &Lines) {
        for (article, many) in lines {
            let line = (code, article.clone());
            *self.left.entry(line.clone()).or_default() += many;
            *self.returned.get_mut(&line).unwrap() -= many;
            if let Some(mut back) = self.cancelled.remove(&line) {
                self.back.entry(line).or_default().append(&mut back);
            }
        }
    }

    /// The opposite of [`passed`](Self::passed), for what is left.
    pub fn unpassed(&mut self, from: OrderCode, to: OrderCode, lines: &Lines) {
        for (article, many) in lines {
            self.give(to, article, *many);
            assert_eq!(self.back.get(&(to, article.clone())).map_or(0, Vec::len), 0, "it would begin anew");
            *self.given_back.entry((to, article.clone())).or_default() += many;
            *self.passed.get_mut(&(from, article.clone())).unwrap() -= many;
            *self.left.entry((from, article.clone())).or_default() += many;
        }
    }

    /// Other quantities were ordered than was booked.
    pub fn corrected(&mut self, code: OrderCode, lines: &Lines) {
        for (article, right) in lines {
            let booked = self.ordered.entry((code, article.clone())).or_default();
            let before = std::mem::replace(booked, *right);
            match right.checked_sub(before) {
                Some(more) => *self.left.entry((code, article.clone())).or_default() += more,
                None => self.give_fresh(code, article, before - right),
            }
        }
    }

    /// Returns the last articles that a unit took from a code.
    pub fn untaken(&mut self, unit: Unit, code: OrderCode, article: &FeatureName, many: u64) {
        let held = self.held.get_mut(&(unit, code, article.clone())).unwrap();
        *held = held.checked_sub(many).unwrap();
        *self.left.entry((code, article.clone())).or_default() += many;
        let began = self.began.get_mut(&(unit, code, article.clone())).unwrap();
        let mut last = began.split_off(began.len() - usize::try_from(many).unwrap());
        self.back.entry((code, article.clone())).or_default().append(&mut last);
    }

    /// Takes articles that were never activated, as far as there are any.
    fn give_fresh(&mut self, code: OrderCode, article: &FeatureName, many: u64) {
        self.give(code, article, many);
        let (left, back) = self.lying(code, article);
        // Keeps the latest starts: an upper bound of how long a term may last.
        back.sort_unstable();
        let gone = back.len().saturating_sub(left);
        back.drain(..gone);
    }

    fn give(&mut self, code: OrderCode, article: &FeatureName, many: u64) {
        let left = self.left.entry((code, article.clone())).or_default();
        *left = left.checked_sub(many).unwrap_or_else(|| panic!("{many} {article} were never on {code}"));
    }

    /// What a unit holds of an article, counting those that a predicate on code and start accepts.
    pub fn held(&self, unit: Unit, article: &FeatureName, counts: impl Fn(OrderCode, Time) -> bool) -> u64 {
        let of = self.began.iter().filter(|((holder, _, what), _)| (*holder, what) == (unit, article));
        let seats = of.flat_map(|((_, code, _), began)| began.iter().map(|began| (*code, *began)));
        seats.filter(|(code, began)| counts(*code, *began)).count() as u64
    }

    /// All quantities other than zero as sorted text.
    pub fn balances(&self) -> Vec<(String, String, i64)> {
        let mut all: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut add = |who: String, article: &FeatureName, many: i64| {
            *all.entry((who, article.to_string())).or_default() += many;
        };
        for ((code, article), many) in &self.left {
            add(format!("pool/{code}"), article, many.cast_signed());
            add("source".into(), article, -many.cast_signed());
        }
        for ((unit, code, article), many) in &self.held {
            add(format!("unit/{}/{code}", unit.key()), article, many.cast_signed());
            add("source".into(), article, -many.cast_signed());
        }
        for ((_, article), many) in &self.returned {
            add("returned".into(), article, many.cast_signed());
            add("source".into(), article, -many.cast_signed());
        }
        all.into_iter().filter(|(_, many)| *many != 0).map(|((who, what), many)| (who, what, many)).collect()
    }

    /// The quantities other than zero of one code.
    pub fn of(lines: &BTreeMap<Line, u64>, code: OrderCode) -> Lines {
        let of = lines.iter().filter(|((of, _), many)| *of == code && **many > 0);
        of.map(|((_, article), many)| (article.clone(), *many)).collect()
    }
}
