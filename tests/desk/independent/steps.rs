//! The steps of levels in the model: which level they reach, and which of them lead to another.

use std::collections::BTreeSet;

use super::catalog::{Feature, Kind};

/// A step: a base begins at 0.
pub type Step = (u64, u64);

pub fn article(feature: &Feature, (from, to): Step) -> String {
    match from {
        0 => format!("{}#{to}", feature.name),
        _ => format!("{}#{to}@{from}", feature.name),
    }
}

pub fn all(feature: &Feature) -> Vec<Step> {
    match &feature.kind {
        Kind::Level { bases, upgrades } => {
            bases.iter().map(|base| (0, *base)).chain(upgrades.iter().copied()).collect()
        }
        _ => Vec::new(),
    }
}

/// The highest level to which held steps lead, each from exactly the level where it begins.
pub fn reached(held: &[Step]) -> u64 {
    let mut levels = BTreeSet::from([0]);
    loop {
        let more: Vec<_> =
            held.iter().filter(|(from, to)| levels.contains(from) && !levels.contains(to)).collect();
        if more.is_empty() {
            return levels.last().copied().unwrap_or(0);
        }
        levels.extend(more.iter().map(|(_, to)| to));
    }
}

/// The fewest upgrades that lead to a level; a base only if there is none or the unit has no level.
pub fn way(available: &[Step], from: u64, to: u64) -> Option<Vec<Step>> {
    let upgrades: Vec<_> = available.iter().copied().filter(|step| step.0 > 0).collect();
    path(&upgrades, from, to).filter(|_| from > 0).or_else(|| path(available, 0, to))
}

/// The fewest steps from one level to another.
pub fn path(available: &[Step], from: u64, to: u64) -> Option<Vec<Step>> {
    if from == to {
        return Some(Vec::new());
    }
    let next = available.iter().filter(|(begin, end)| *begin == from && *end <= to);
    let ways = next.filter_map(|step| {
        let rest = path(available, step.1, to)?;
        Some([vec![*step], rest].concat())
    });
    ways.min_by_key(Vec::len)
}
