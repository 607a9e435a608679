//! Chooses the steps of a level, and says why a step can't be taken.

use crate::catalog::{Article, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, Reason, Result};

use super::details::with_details;
use super::held_steps::HeldSteps;
use super::inventory::{Inventory, add};
use super::{charged, feature_limits, level};

/// The level the unit has when the charge begins, from 0.
pub(super) fn current_level(inventory: &Inventory<'_>, rule: &FeatureRule) -> u64 {
    HeldSteps::of(inventory, rule, &Lines::new()).level()
}

/// The steps to the highest level up to `cap`, out of those that are available.
pub(super) fn steps_to_highest<'a>(
    inventory: &Inventory<'a>,
    rule: &FeatureRule,
    cap: u64,
    is_available: impl Fn(&FeatureName) -> bool,
) -> Vec<Article<'a>> {
    let held = HeldSteps::of(inventory, rule, &Lines::new());
    held.path_to_highest(cap, &inventory.steps_where(rule, is_available))
}

/// Replaces the planned steps of this level by those to the highest level up to `cap`.
pub(super) fn set_level(inventory: &Inventory<'_>, rule: &FeatureRule, cap: u64, added: &mut Lines) {
    for (name, _) in inventory.sold_of(rule) {
        added.remove(name);
    }
    add_steps(inventory, &steps_to_highest(inventory, rule, cap, |name| inventory.left(name) > 0), added);
}

/// Adds these steps to the plan.
pub(super) fn add_steps(inventory: &Inventory<'_>, path: &[Article<'_>], added: &mut Lines) {
    for (name, _) in inventory.sold().filter(|(_, article)| path.contains(article)) {
        add(added, name, 1);
    }
}

/// Why a unit at `level` can't take a step: it has that level already, or the upgrade starts from another one.
pub(super) fn why_refused(inventory: &Inventory<'_>, step: Article<'_>, level: u64) -> Option<Error> {
    let name = &step.rule().name;
    match step {
        Article::Base(_, base) if base <= level => {
            let message = format!("the unit already has that level of `{name}`");
            let error = Error::new(Reason::AlreadyHeld, message).at(inventory.unit);
            Some(with_details(
                error,
                &[("level wanted", base.to_string()), ("level held", level.to_string())],
            ))
        }
        Article::Upgrade { from, .. } if from != level => {
            let message = format!("`{step}` starts from another level than the unit has");
            let error = Error::new(Reason::WrongStep, message).at(inventory.unit);
            Some(with_details(
                error,
                &[("level needed", from.to_string()), ("level held", level.to_string())],
            ))
        }
        _ => None,
    }
}

/// Why a unit can't take a step now: by its level, or by the limit of the feature.
pub(super) fn why_impossible(inventory: &Inventory<'_>, step: Article<'_>, added: &Lines) -> Option<Error> {
    let rule = step.rule();
    let refused = why_refused(inventory, step, current_level(inventory, rule));
    refused.or_else(|| feature_limits::over_limit(inventory, rule, added, target(step)?))
}

/// Why a step that isn't in the plan can't be taken; `reduced` is why the level in the plan was reduced, if it was.
///
/// `None` if the step could be taken, but the plan takes another path.
pub(super) fn why_not(
    inventory: &Inventory<'_>,
    step: Article<'_>,
    name: &FeatureName,
    added: &Lines,
    reduced: Option<&Error>,
) -> Option<Error> {
    let rule = step.rule();
    if inventory.held_from_named(name) > 0 {
        let message = format!("the unit already has `{name}` from this code");
        return Some(Error::new(Reason::AlreadyHeld, message).at(inventory.unit));
    }
    if inventory.left(name) == 0 {
        return Some(charged::short_pool(inventory, name, 1));
    }
    let available = inventory.steps_where(rule, |name| inventory.left(name) > 0);
    let held = HeldSteps::of(inventory, rule, &Lines::new());
    let mut paths = level::paths(&held.in_force, &available);
    paths.extend(level::paths(&held.lasting, &available));
    let cap = feature_limits::cap(inventory, rule, added);
    let target = target(step)?;
    let usable = paths.keys().any(|level| *level <= cap && level::can_take(step, *level));
    if usable && target <= cap && feature_limits::requirements_met(inventory, rule, added) {
        return None;
    }
    if paths.keys().any(|level| level::can_take(step, *level)) {
        return reduced.cloned().or_else(|| feature_limits::over_limit(inventory, rule, added, target));
    }
    why_refused(inventory, step, held.level())
}

/// The level a step leads to; `None` for an article that is no step.
pub(super) fn target(step: Article<'_>) -> Option<u64> {
    match step {
        Article::Base(_, to) | Article::Upgrade { to, .. } => Some(to),
        Article::Feature(_) => None,
    }
}

/// Whether a step is a base.
pub(super) fn is_base(step: Article<'_>) -> bool {
    matches!(step, Article::Base(..))
}

/// Whether the unit has the level of a base for as long as the named codes last, and not without what it holds from them.
pub(super) fn came_from_named(inventory: &Inventory<'_>, step: Article<'_>, held: &HeldSteps<'_>) -> bool {
    let Article::Base(rule, base) = step else { return false };
    let from_named = inventory.steps_where(rule, |name| inventory.held_from_named(name) > 0);
    let others: Vec<_> = held.lasting.iter().filter(|step| !from_named.contains(step)).copied().collect();
    level::levels(&held.lasting).contains(&base) && !level::levels(&others).contains(&base)
}

/// The upgrades left on the named codes that lead a unit with a level to the level of a base: they cost less than the base.
pub(super) fn upgrades_instead<'a>(
    inventory: &Inventory<'a>,
    step: Article<'a>,
    held: &HeldSteps<'a>,
) -> Option<Vec<Article<'a>>> {
    let Article::Base(rule, base) = step else { return None };
    let left = inventory.steps_where(rule, |name| inventory.left(name) > 0);
    let path = level::paths(&held.lasting, &left).remove(&base)?;
    (!path.iter().any(|step| is_base(*step))).then_some(path)
}

/// The error if there are several bases among steps that are to be taken at once: only the highest would count.
pub(super) fn refuse_second_base(
    inventory: &Inventory<'_>,
    rule: &FeatureRule,
    steps: &[Article<'_>],
) -> Result<()> {
    let bases: Vec<String> = steps.iter().filter(|step| is_base(**step)).map(ToString::to_string).collect();
    if bases.len() < 2 {
        return Ok(());
    }
    let message = format!("a unit takes only one base of `{}`: the higher one counts alone", rule.name);
    let rows = [("limit", "1".into()), ("wanted", bases.join(", "))];
    Err(with_details(Error::new(Reason::OverLimit, message).at(inventory.unit), &rows))
}
