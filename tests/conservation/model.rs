//! The independent model: maps of what was said to have moved, and nothing of how that was decided.

use std::collections::BTreeMap;

use airlatch::model::{FeatureName, Lines, OrderCode, Unit};

/// A code and an article.
type Line = (OrderCode, FeatureName);

/// All that was sold, and where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    pub ordered: BTreeMap<Line, u64>,
    pub passed: BTreeMap<Line, u64>,
    pub overdrawn: BTreeMap<Line, u64>,
    pub returned: BTreeMap<Line, u64>,
    pub left: BTreeMap<Line, u64>,
    pub held: BTreeMap<(Unit, OrderCode, FeatureName), u64>,
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
            self.give(from, article, *many);
            *self.passed.entry((from, article.clone())).or_default() += many;
        }
        self.ordered(to, lines);
    }

    pub fn cancelled(&mut self, code: OrderCode, lines: &Lines) {
        for (article, many) in lines {
            self.give(code, article, *many);
            *self.returned.entry((code, article.clone())).or_default() += many;
        }
        assert!(
            self.left.iter().all(|((of, _), many)| *of != code || *many == 0),
            "something stays on {code}"
        );
    }

    pub fn taken(&mut self, unit: Unit, code: OrderCode, article: &FeatureName, many: u64, beyond: u64) {
        *self.overdrawn.entry((code, article.clone())).or_default() += beyond;
        *self.left.entry((code, article.clone())).or_default() += beyond;
        self.give(code, article, many);
        *self.held.entry((unit, code, article.clone())).or_default() += many;
    }

    /// All that a unit holds from these codes goes back to them.
    pub fn given_back(&mut self, unit: Unit, counts: impl Fn(OrderCode) -> bool) {
        for ((holder, code, article), many) in &mut self.held {
            if *holder == unit && counts(*code) {
                *self.left.entry((*code, article.clone())).or_default() += std::mem::take(many);
            }
        }
    }

    fn give(&mut self, code: OrderCode, article: &FeatureName, many: u64) {
        let left = self.left.entry((code, article.clone())).or_default();
        *left = left.checked_sub(many).unwrap_or_else(|| panic!("{many} {article} were never on {code}"));
    }

    /// What a unit holds of an article from the codes that count.
    pub fn held(&self, unit: Unit, article: &FeatureName, counts: impl Fn(OrderCode) -> bool) -> u64 {
        let of = self
            .held
            .iter()
            .filter(|((holder, code, what), _)| (*holder, what) == (unit, article) && counts(*code));
        of.map(|(_, many)| many).sum()
    }

    /// Who has how much, but for nothing: as text, sorted.
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

    /// What these lines say of one code, but for nothing.
    pub fn of(lines: &BTreeMap<Line, u64>, code: OrderCode) -> Lines {
        let of = lines.iter().filter(|((of, _), many)| *of == code && **many > 0);
        of.map(|((_, article), many)| (article.clone(), *many)).collect()
    }
}
