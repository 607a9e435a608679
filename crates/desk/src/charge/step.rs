//! Which step of a level a unit takes, and why it can't take another.

use crate::catalog::{Article, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Reason, Trouble};

use super::say::facts;
use super::stock::{Stock, add};
use super::{level, limits, take};

/// The level the unit has now.
pub(super) fn now(stock: &Stock<'_>, rule: &FeatureRule) -> u64 {
    level::reached(&stock.steps(rule, &Lines::new()))
}

/// The steps to the highest level up to `cap`, out of those that are there.
pub(super) fn highest<'a>(
    stock: &Stock<'a>,
    rule: &FeatureRule,
    cap: u64,
    there: impl Fn(&FeatureName) -> bool,
) -> Vec<Article<'a>> {
    let ways = level::ways(&stock.steps(rule, &Lines::new()), &stock.steps_where(rule, there));
    ways.into_iter().rev().find(|(level, _)| *level <= cap).map(|(_, way)| way).unwrap_or_default()
}

/// Puts the way to the highest level up to `cap` in place of what was planned of this level.
pub(super) fn set_level(stock: &Stock<'_>, rule: &FeatureRule, cap: u64, more: &mut Lines) {
    for (name, _) in stock.sold_of(rule) {
        more.remove(name);
    }
    put(stock, &highest(stock, rule, cap, |name| stock.left(name) > 0), more);
}

/// Plans these steps.
pub(super) fn put(stock: &Stock<'_>, way: &[Article<'_>], more: &mut Lines) {
    for (name, _) in stock.sold().filter(|(_, article)| way.contains(article)) {
        add(more, name, 1);
    }
}

/// Why a unit at `level` can't take a step, by the step alone (rows I5, I16).
pub(super) fn refused(stock: &Stock<'_>, step: Article<'_>, level: u64) -> Option<Trouble> {
    let name = &step.rule().name;
    match step {
        Article::Base(_, base) if base <= level => {
            let what = format!("the unit has that level of `{name}` already");
            let trouble = Trouble::new(Reason::AlreadyHeld, what).at(stock.unit);
            Some(facts(trouble, &[("level wanted", base.to_string()), ("level held", level.to_string())]))
        }
        Article::Upgrade { from, .. } if from != level => {
            let what = format!("`{step}` begins at another level than the unit has");
            let trouble = Trouble::new(Reason::WrongStep, what).at(stock.unit);
            Some(facts(trouble, &[("level needed", from.to_string()), ("level held", level.to_string())]))
        }
        _ => None,
    }
}

/// Why a unit can't take a step now, by the step alone or by the limit of the level.
pub(super) fn impossible(stock: &Stock<'_>, step: Article<'_>, more: &Lines) -> Option<Trouble> {
    let rule = step.rule();
    let refused = refused(stock, step, now(stock, rule));
    refused.or_else(|| limits::over_limit(stock, rule, more, target(step)?))
}

/// Why a step that isn't planned can't be had; `cut` is why less of its level is planned than there is.
///
/// There is no reason where it could be had, but the plan goes another way.
pub(super) fn why_not(
    stock: &Stock<'_>,
    step: Article<'_>,
    name: &FeatureName,
    more: &Lines,
    cut: Option<&Trouble>,
) -> Option<Trouble> {
    let rule = step.rule();
    if stock.held_here(name) > 0 {
        let what = format!("the unit has `{name}` from this code already");
        return Some(Trouble::new(Reason::AlreadyHeld, what).at(stock.unit));
    }
    if stock.left(name) == 0 {
        return Some(take::short(stock, name, 1));
    }
    let there = stock.steps_where(rule, |name| stock.left(name) > 0);
    let ways = level::ways(&stock.steps(rule, &Lines::new()), &there);
    let cap = limits::cap(stock, rule, more);
    let target = target(step)?;
    let usable = ways.keys().any(|level| *level <= cap && level::fits(step, *level));
    if usable && target <= cap && limits::met(stock, rule, more) {
        return None;
    }
    if ways.keys().any(|level| level::fits(step, *level)) {
        return cut.cloned().or_else(|| limits::over_limit(stock, rule, more, target));
    }
    refused(stock, step, now(stock, rule))
}

/// The level a step leads to.
pub(super) fn target(step: Article<'_>) -> Option<u64> {
    match step {
        Article::Base(_, to) | Article::Upgrade { to, .. } => Some(to),
        Article::Whole(_) => None,
    }
}
