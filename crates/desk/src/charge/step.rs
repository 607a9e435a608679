//! Which step of a level a unit takes, and why it can't take another.

use crate::catalog::{Article, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, Reason};

use super::inventory::{Inventory, add};
use super::say::facts;
use super::{charged, level, limits};

/// The level the unit has now.
pub(super) fn now(inventory: &Inventory<'_>, rule: &FeatureRule) -> u64 {
    level::reached(&inventory.steps(rule, &Lines::new()))
}

/// The steps to the highest level up to `cap`, out of those that are there.
pub(super) fn highest<'a>(
    inventory: &Inventory<'a>,
    rule: &FeatureRule,
    cap: u64,
    there: impl Fn(&FeatureName) -> bool,
) -> Vec<Article<'a>> {
    let ways = level::ways(&inventory.steps(rule, &Lines::new()), &inventory.steps_where(rule, there));
    ways.into_iter().rev().find(|(level, _)| *level <= cap).map(|(_, way)| way).unwrap_or_default()
}

/// Puts the way to the highest level up to `cap` in place of what was planned of this level.
pub(super) fn set_level(inventory: &Inventory<'_>, rule: &FeatureRule, cap: u64, more: &mut Lines) {
    for (name, _) in inventory.sold_of(rule) {
        more.remove(name);
    }
    put(inventory, &highest(inventory, rule, cap, |name| inventory.left(name) > 0), more);
}

/// Plans these steps.
pub(super) fn put(inventory: &Inventory<'_>, way: &[Article<'_>], more: &mut Lines) {
    for (name, _) in inventory.sold().filter(|(_, article)| way.contains(article)) {
        add(more, name, 1);
    }
}

/// Why a unit at `level` can't take a step, by the step alone (rows I5, I16).
pub(super) fn refused(inventory: &Inventory<'_>, step: Article<'_>, level: u64) -> Option<Error> {
    let name = &step.rule().name;
    match step {
        Article::Base(_, base) if base <= level => {
            let what = format!("the unit has that level of `{name}` already");
            let error = Error::new(Reason::AlreadyHeld, what).at(inventory.unit);
            Some(facts(error, &[("level wanted", base.to_string()), ("level held", level.to_string())]))
        }
        Article::Upgrade { from, .. } if from != level => {
            let what = format!("`{step}` begins at another level than the unit has");
            let error = Error::new(Reason::WrongStep, what).at(inventory.unit);
            Some(facts(error, &[("level needed", from.to_string()), ("level held", level.to_string())]))
        }
        _ => None,
    }
}

/// Why a unit can't take a step now, by the step alone or by the limit of the level.
pub(super) fn impossible(inventory: &Inventory<'_>, step: Article<'_>, more: &Lines) -> Option<Error> {
    let rule = step.rule();
    let refused = refused(inventory, step, now(inventory, rule));
    refused.or_else(|| limits::over_limit(inventory, rule, more, target(step)?))
}

/// Why a step that isn't planned can't be had; `cut` is why less of its level is planned than there is.
///
/// There is no reason where it could be had, but the plan goes another way.
pub(super) fn why_not(
    inventory: &Inventory<'_>,
    step: Article<'_>,
    name: &FeatureName,
    more: &Lines,
    cut: Option<&Error>,
) -> Option<Error> {
    let rule = step.rule();
    if inventory.held_here(name) > 0 {
        let what = format!("the unit has `{name}` from this code already");
        return Some(Error::new(Reason::AlreadyHeld, what).at(inventory.unit));
    }
    if inventory.left(name) == 0 {
        return Some(charged::short(inventory, name, 1));
    }
    let there = inventory.steps_where(rule, |name| inventory.left(name) > 0);
    let ways = level::ways(&inventory.steps(rule, &Lines::new()), &there);
    let cap = limits::cap(inventory, rule, more);
    let target = target(step)?;
    let usable = ways.keys().any(|level| *level <= cap && level::fits(step, *level));
    if usable && target <= cap && limits::met(inventory, rule, more) {
        return None;
    }
    if ways.keys().any(|level| level::fits(step, *level)) {
        return cut.cloned().or_else(|| limits::over_limit(inventory, rule, more, target));
    }
    refused(inventory, step, now(inventory, rule))
}

/// The level a step leads to.
pub(super) fn target(step: Article<'_>) -> Option<u64> {
    match step {
        Article::Base(_, to) | Article::Upgrade { to, .. } => Some(to),
        Article::Whole(_) => None,
    }
}
