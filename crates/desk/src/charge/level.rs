//! Levels that are reached by steps: how high a unit stands, and which steps lead where.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::catalog::Article;

/// The highest level that these articles reach: a base stands on its own, an upgrade only on the level it begins at.
pub(super) fn reached(articles: &[Article<'_>]) -> u64 {
    let mut levels: BTreeSet<u64> = BTreeSet::new();
    loop {
        let next = articles.iter().filter_map(|article| match article {
            Article::Base(_, level) => Some(*level),
            Article::Upgrade { from, to, .. } if levels.contains(from) => Some(*to),
            _ => None,
        });
        let more: Vec<u64> = next.filter(|level| !levels.contains(level)).collect();
        if more.is_empty() {
            return levels.last().copied().unwrap_or_default();
        }
        levels.extend(more);
    }
}

/// Whether a unit at `level` can take this step (rows I5, I16).
pub(super) fn fits(step: Article<'_>, level: u64) -> bool {
    match step {
        Article::Base(_, base) => base > level,
        Article::Upgrade { from, .. } => from == level,
        Article::Whole(_) => false,
    }
}

/// Every level that a unit holding `held` can come to with one each of `there`, and the steps to it.
///
/// Of several ways the one with fewest bases is taken, then the one with fewest steps: who has a level pays for the step up.
pub(super) fn ways<'a>(held: &[Article<'a>], there: &[Article<'a>]) -> BTreeMap<u64, Vec<Article<'a>>> {
    let start = reached(held);
    let mut ways = BTreeMap::from([(start, Vec::new())]);
    let mut todo = VecDeque::from([start]);
    while let Some(level) = todo.pop_front() {
        let way = ways.get(&level).cloned().unwrap_or_default();
        for step in there.iter().filter(|step| fits(**step, level)) {
            let mut longer = way.clone();
            longer.push(*step);
            let all: Vec<Article<'a>> = held.iter().chain(&longer).copied().collect();
            let level = reached(&all);
            if ways.get(&level).is_none_or(|known| cost(&longer) < cost(known)) {
                ways.insert(level, longer);
                todo.push_back(level);
            }
        }
    }
    ways
}

fn cost(way: &[Article<'_>]) -> (usize, usize) {
    (way.iter().filter(|step| matches!(step, Article::Base(..))).count(), way.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{FeatureKind, FeatureRule, Limit};

    fn rule() -> FeatureRule {
        FeatureRule {
            name: "PBX".parse().unwrap(),
            kind: FeatureKind::Level {
                bases: [15, 30, 100].into(),
                upgrades: [(15, 30), (30, 60), (60, 100)].into(),
            },
            limit: Limit::Any,
            on_model: BTreeMap::new(),
            free_on: BTreeSet::new(),
            requires: Vec::new(),
            bounded_by: None,
            not_twice: false,
        }
    }

    fn steps<'a>(rule: &'a FeatureRule, names: &[&str]) -> Vec<Article<'a>> {
        let all = rule.articles();
        names.iter().map(|name| *all.iter().find(|a| a.to_string() == *name).unwrap()).collect()
    }

    #[test]
    fn an_upgrade_stands_on_the_level_below_it() {
        let rule = rule();
        for (held, level) in [
            (&[][..], 0),
            (&["PBX#15"], 15),
            (&["PBX#30@15"], 0),
            (&["PBX#30@15", "PBX#15"], 30),
            (&["PBX#60@30", "PBX#30@15", "PBX#15"], 60),
            (&["PBX#100@60", "PBX#15"], 15),
            (&["PBX#15", "PBX#30"], 30),
        ] {
            assert_eq!(reached(&steps(&rule, held)), level, "{held:?}");
        }
    }

    #[test]
    fn who_has_a_level_pays_for_the_steps_and_who_has_none_for_one_base() {
        let rule = rule();
        let all = rule.articles();
        let way = |held: &[&str], to: u64| {
            let ways = ways(&steps(&rule, held), &all);
            ways.get(&to).map(|way| way.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(way(&[], 15).as_deref(), Some("PBX#15"));
        assert_eq!(way(&[], 30).as_deref(), Some("PBX#30"));
        assert_eq!(way(&[], 60).as_deref(), Some("PBX#30 PBX#60@30"));
        assert_eq!(way(&[], 100).as_deref(), Some("PBX#100"));
        assert_eq!(way(&["PBX#15"], 100).as_deref(), Some("PBX#30@15 PBX#60@30 PBX#100@60"));
        assert_eq!(way(&["PBX#15"], 15).as_deref(), Some(""));
        assert_eq!(way(&["PBX#30"], 15), None);
        assert_eq!(way(&["PBX#30@15"], 15), None);
        assert_eq!(way(&["PBX#30@15"], 30).as_deref(), Some("PBX#15"));
    }
}
