//! The licenses of the model: periods, each with its features.

use std::collections::{BTreeMap, BTreeSet};

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
