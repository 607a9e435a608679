//! Which steps of a level the unit holds: for as long as the named codes would license them, or only when these begin.

use crate::catalog::{Article, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Term};

use super::inventory::{ActiveCode, Inventory, count, end_or_max};
use super::level;

/// The steps of a level that the unit holds at the beginning of a charge.
pub(super) struct HeldSteps<'a> {
    /// Those that end no earlier than what is charged: like a switch, these are not charged again.
    pub(super) lasting: Vec<Article<'a>>,
    /// All that are in force; some of them end earlier.
    pub(super) in_force: Vec<Article<'a>>,
}

impl<'a> HeldSteps<'a> {
    /// The steps held, and those in `added`.
    pub(super) fn of(inventory: &Inventory<'a>, rule: &FeatureRule, added: &Lines) -> Self {
        let charged = charged_term(inventory, rule);
        let begin = charged.map_or(inventory.today, |term| term.from.max(inventory.today));
        let lasts = |active: &ActiveCode<'_>| {
            charged.is_none_or(|charged| end_or_max(active.term) >= end_or_max(charged))
        };
        let has = |name: &FeatureName, covers: &dyn Fn(&ActiveCode<'_>) -> bool| {
            let held = |active: &ActiveCode<'_>| {
                active.held(name) > 0 && (active.named || (active.term.contains(begin) && covers(active)))
            };
            count(added, name) > 0 || inventory.active_codes.iter().any(held)
        };
        Self {
            lasting: inventory.steps_where(rule, |name| has(name, &lasts)),
            in_force: inventory.steps_where(rule, |name| has(name, &|_| true)),
        }
    }

    /// The level for as long as the named codes last.
    pub(super) fn lasting_level(&self) -> u64 {
        level::reached(&self.lasting)
    }

    /// The level when the charge begins.
    pub(super) fn level(&self) -> u64 {
        level::reached(&self.in_force)
    }

    /// The cheapest path to a level that lasts as long as the named codes, from the first set of steps that has one. An upgrade
    /// that the unit holds without its base may lift it higher than wanted.
    pub(super) fn lasting_path(
        &self,
        wanted: u64,
        available: &[Vec<Article<'a>>],
    ) -> Option<Vec<Article<'a>>> {
        let standing = level::standing(&self.lasting);
        let mut ways = [&self.lasting, &standing]
            .into_iter()
            .flat_map(|held| available.iter().map(move |it| (held, it)));
        ways.find_map(|(held, available)| level::paths(held, available).remove(&wanted))
    }

    /// The cheapest path to a level on steps that may end earlier.
    pub(super) fn path_now(&self, wanted: u64, available: &[Vec<Article<'a>>]) -> Option<Vec<Article<'a>>> {
        available.iter().find_map(|available| level::paths(&self.in_force, available).remove(&wanted))
    }

    /// The path to the highest level up to `cap`; of two to the same level, the one that lasts.
    pub(super) fn path_to_highest(&self, cap: u64, available: &[Article<'a>]) -> Vec<Article<'a>> {
        let highest = |held: &[Article<'a>]| {
            level::paths(held, available).into_iter().rev().find(|(level, _)| *level <= cap)
        };
        let (lasting, now) = (highest(&self.lasting), highest(&self.in_force));
        let level = |found: &Option<(u64, Vec<Article<'a>>)>| found.as_ref().map_or(0, |(level, _)| *level);
        let found = if level(&now) > level(&lasting) { now } else { lasting };
        found.map(|(_, path)| path).unwrap_or_default()
    }
}

/// The term of the first named code that has a step of this level for the unit, or gave it one: the same before and after
/// the charge. `None` if no named code has one.
fn charged_term(inventory: &Inventory<'_>, rule: &FeatureRule) -> Option<Term> {
    let has = |active: &&ActiveCode<'_>| {
        inventory.sold_of(rule).any(|(name, _)| {
            let overdraft = inventory.may_overdraw && active.overdraft(name) > 0;
            active.left(name) > 0 || active.held(name) > 0 || overdraft
        })
    };
    inventory.named().find(has).map(|active| active.term)
}
