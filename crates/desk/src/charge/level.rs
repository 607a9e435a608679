//! Levels and their steps: the level a unit has reached, and the steps from there to higher ones.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::catalog::Article;

/// The highest level these articles reach: a base reaches its level alone, an upgrade needs the level it starts from.
///
/// Levels of several codes are never added: the highest counts.
pub(super) fn reached(articles: &[Article<'_>]) -> u64 {
    levels(articles).last().copied().unwrap_or_default()
}

/// The articles without the upgrades that start from a level which isn't there.
pub(super) fn standing<'a>(articles: &[Article<'a>]) -> Vec<Article<'a>> {
    let levels = levels(articles);
    articles.iter().filter(|article| stands_on(**article, &levels)).copied().collect()
}

/// Whether a step counts beside these levels: a base always does.
pub(super) fn stands_on(step: Article<'_>, levels: &BTreeSet<u64>) -> bool {
    match step {
        Article::Upgrade { from, .. } => levels.contains(&from),
        _ => true,
    }
}

/// All levels that these articles reach.
pub(super) fn levels(articles: &[Article<'_>]) -> BTreeSet<u64> {
    let mut levels: BTreeSet<u64> = BTreeSet::new();
    loop {
        let next = articles.iter().filter_map(|article| match article {
            Article::Base(_, level) => Some(*level),
            Article::Upgrade { from, to, .. } if levels.contains(from) => Some(*to),
            _ => None,
        });
        let new: Vec<u64> = next.filter(|level| !levels.contains(level)).collect();
        if new.is_empty() {
            return levels;
        }
        levels.extend(new);
    }
}

/// Whether a unit at `level` can take this step: a higher base, or an upgrade from exactly that level.
pub(super) fn can_take(step: Article<'_>, level: u64) -> bool {
    match step {
        Article::Base(_, base) => base > level,
        Article::Upgrade { from, .. } => from == level,
        Article::Feature(_) => false,
    }
}

/// All levels that a unit with the steps `held` can reach with the steps `available`, each at most once, and the path to each.
///
/// Among several paths, the one with the fewest bases, then with the fewest steps: a unit with a level pays only for upgrades.
pub(super) fn paths<'a>(held: &[Article<'a>], available: &[Article<'a>]) -> BTreeMap<u64, Vec<Article<'a>>> {
    let start = reached(held);
    let mut paths = BTreeMap::from([(start, Vec::new())]);
    let mut queue = VecDeque::from([start]);
    while let Some(level) = queue.pop_front() {
        let path = paths.get(&level).cloned().unwrap_or_default();
        for step in available.iter().filter(|step| can_take(**step, level)) {
            let mut longer = path.clone();
            longer.push(*step);
            let all: Vec<Article<'a>> = held.iter().chain(&longer).copied().collect();
            let level = reached(&all);
            if paths.get(&level).is_none_or(|known| cost(&longer) < cost(known)) {
                paths.insert(level, longer);
                queue.push_back(level);
            }
        }
    }
    paths
}

fn cost(path: &[Article<'_>]) -> (usize, usize) {
    (path.iter().filter(|step| matches!(step, Article::Base(..))).count(), path.len())
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
        let path = |held: &[&str], to: u64| {
            let paths = paths(&steps(&rule, held), &all);
            paths.get(&to).map(|path| path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(path(&[], 15).as_deref(), Some("PBX#15"));
        assert_eq!(path(&[], 30).as_deref(), Some("PBX#30"));
        assert_eq!(path(&[], 60).as_deref(), Some("PBX#30 PBX#60@30"));
        assert_eq!(path(&[], 100).as_deref(), Some("PBX#100"));
        assert_eq!(path(&["PBX#15"], 100).as_deref(), Some("PBX#30@15 PBX#60@30 PBX#100@60"));
        assert_eq!(path(&["PBX#15"], 15).as_deref(), Some(""));
        assert_eq!(path(&["PBX#30"], 15), None);
        assert_eq!(path(&["PBX#30@15"], 15), None);
        assert_eq!(path(&["PBX#30@15"], 30).as_deref(), Some("PBX#15"));
    }
}
