//! Plans a charge for features that were stated: exactly those, or an error.

use crate::catalog::{Article, FeatureKind, FeatureRule, Product};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, Features, Quantity, Reason, Result};

use super::details::with_details;
use super::held_steps::HeldSteps;
use super::inventory::{Inventory, add};
use super::not_charged::{NotCharged, why_not_charged};
use super::plan::ChargePlan;
use super::{charged, feature_limits, level, offer, step};

/// One requested feature or step.
pub(super) struct RequestedItem<'a> {
    name: FeatureName,
    pub(super) rule: &'a FeatureRule,
    /// The step, if an article of a level was named.
    step: Option<Article<'a>>,
    quantity: Quantity,
}

/// Resolves the names to features and steps of this product.
pub(super) fn resolve<'a>(product: &'a Product, features: &Features) -> Result<Vec<RequestedItem<'a>>> {
    let mut items = Vec::new();
    for (name, quantity) in features.iter() {
        let (rule, step) = match product.feature(name) {
            Some(rule) => (rule, None),
            None => match product.article(name)? {
                Article::Feature(rule) => (rule, None),
                step => (step.rule(), Some(step)),
            },
        };
        items.push(RequestedItem { name: name.clone(), rule, step, quantity });
    }
    Ok(items)
}

/// For one of many units: `number` of each count on the named codes, and one of everything else.
pub(super) fn items_per_unit<'a>(inventory: &Inventory<'a>, number: u64) -> Result<Vec<RequestedItem<'a>>> {
    let count = Quantity::count(number).map_err(|error| Error::new(Reason::BadValue, error.message()))?;
    let mut rules = inventory.on_codes().map(|(_, article)| article.rule()).peekable();
    if rules.peek().is_none() {
        return Err(offer::nothing_left(inventory));
    }
    if number > 1 && rules.all(|rule| rule.kind != FeatureKind::Count) {
        let message = format!("{number} are wanted, but the code has no counts: a unit takes one of each");
        return Err(Error::new(Reason::OverLimit, message)
            .detail(format!("wanted  {number}"))
            .detail("limit   1"));
    }
    let items = inventory.on_codes().map(|(name, article)| {
        let rule = article.rule();
        let step = rule.kind.is_level().then_some(article);
        let quantity = if rule.kind == FeatureKind::Count { count } else { Quantity::On };
        RequestedItem { name: name.clone(), rule, step, quantity }
    });
    Ok(items.collect())
}

/// The plan for exactly these items.
pub(super) fn plan_items(inventory: &Inventory<'_>, items: &[RequestedItem<'_>]) -> Result<ChargePlan> {
    let mut plan = plan_switches_and_counts(inventory, items)?;
    for rule in levels(inventory) {
        let of_level: Vec<&RequestedItem<'_>> =
            items.iter().filter(|item| item.rule.name == rule.name).collect();
        plan_steps(inventory, rule, &of_level, &mut plan)?;
        for item in of_level.iter().filter(|item| item.step.is_none()) {
            plan_level(inventory, item, &mut plan)?;
        }
        let taken = inventory.steps_where(rule, |name| plan.added.contains_key(name));
        step::refuse_second_base(inventory, rule, &taken)?;
    }
    feature_limits::check(inventory, &plan.added)?;
    Ok(plan)
}

/// The plan for one of many units: all items, or an error.
pub(super) fn plan_per_unit(inventory: &Inventory<'_>, items: &[RequestedItem<'_>]) -> Result<ChargePlan> {
    let mut plan = plan_switches_and_counts(inventory, items)?;
    for rule in levels(inventory) {
        let of_level: Vec<&RequestedItem<'_>> =
            items.iter().filter(|item| item.rule.name == rule.name).collect();
        // The way is that of all steps the codes were booked with: a unit that goes without a step does so whether any is left.
        let path = step::steps_to_highest(inventory, rule, feature_limits::limit(inventory, rule), |name| {
            of_level.iter().any(|item| item.name == *name)
        });
        let taken = inventory.sold_of(rule).filter(|(_, article)| path.contains(article));
        if let Some((name, _)) = taken.into_iter().find(|(name, _)| inventory.available(name) == 0) {
            return Err(charged::short_pool(inventory, name, 1));
        }
        if path.is_empty() && step::current_level(inventory, rule) == 0 {
            let why = |item: &&RequestedItem<'_>| step::why_impossible(inventory, item.step?, &plan.added);
            of_level.iter().find_map(why).map_or(Ok(()), Err)?;
        }
        step::add_steps(inventory, &path, &mut plan.added);
        for item in of_level.iter().filter(|item| inventory.held_from_named(&item.name) == 0) {
            if !plan.added.contains_key(&item.name) && inventory.left(&item.name) > 0 {
                plan.notes.push(format!("`{}` stays on the code: this unit can't use it", item.name));
            }
        }
    }
    feature_limits::check(inventory, &plan.added)?;
    Ok(plan)
}

fn levels<'a>(inventory: &Inventory<'a>) -> impl Iterator<Item = &'a FeatureRule> + use<'a> {
    inventory.product.features.iter().filter(|rule| rule.kind.is_level())
}

/// The plan for the switches and counts among the items.
fn plan_switches_and_counts(inventory: &Inventory<'_>, items: &[RequestedItem<'_>]) -> Result<ChargePlan> {
    let mut plan = ChargePlan::default();
    for item in items {
        match item.rule.kind {
            FeatureKind::Switch => plan_switch(inventory, item, &mut plan)?,
            FeatureKind::Count => plan_count(inventory, item, &mut plan)?,
            FeatureKind::Level { .. } => {}
        }
    }
    Ok(plan)
}

fn plan_switch(inventory: &Inventory<'_>, item: &RequestedItem<'_>, plan: &mut ChargePlan) -> Result<()> {
    if let Quantity::Count(number @ 2..) = item.quantity {
        let message = format!("`{}` is a switch: a unit can have only one", item.name);
        let rows = [("limit", "1".into()), ("wanted", number.to_string())];
        return Err(with_details(Error::new(Reason::OverLimit, message).at(inventory.unit), &rows));
    }
    match why_not_charged(inventory, item.rule) {
        Some(NotCharged::Free(note) | NotCharged::HeldFromOther(note)) => plan.notes.push(note),
        Some(NotCharged::HeldFromNamed) => {}
        Some(NotCharged::Refused(error)) => return Err(error),
        None => add(&mut plan.added, &item.name, 1),
    }
    Ok(())
}

/// Takes only what exceeds the amount already held from the named codes.
fn plan_count(inventory: &Inventory<'_>, item: &RequestedItem<'_>, plan: &mut ChargePlan) -> Result<()> {
    let Quantity::Count(wanted) = item.quantity else {
        return Err(offer::quantity_needed(inventory, &[item.rule]));
    };
    let held = inventory.held_from_named(&item.name);
    plan.stated.insert(item.name.clone());
    if wanted < held {
        plan.shown.insert(item.name.clone(), wanted);
    } else if wanted > held {
        if let Some(NotCharged::Refused(error)) = why_not_charged(inventory, item.rule) {
            return Err(error);
        }
        add(&mut plan.added, &item.name, wanted - held);
    }
    Ok(())
}

/// Plans steps that were named; each is taken once, from the level it starts from.
fn plan_steps(
    inventory: &Inventory<'_>,
    rule: &FeatureRule,
    items: &[&RequestedItem<'_>],
    plan: &mut ChargePlan,
) -> Result<()> {
    let held = HeldSteps::of(inventory, rule, &Lines::new());
    let mut pending = Vec::new();
    for item in items {
        let Some(step) = item.step else { continue };
        if let Quantity::Count(number @ 2..) = item.quantity {
            let message = format!("a unit can take `{}` only once", item.name);
            let rows = [("wanted", number.to_string()), ("held", inventory.held(&item.name).to_string())];
            return Err(with_details(Error::new(Reason::AlreadyHeld, message).at(inventory.unit), &rows));
        }
        if inventory.held_from_named(&item.name) > 0 {
            continue;
        }
        if step::came_from_named(inventory, step, &held) {
            plan.notes.push(format!("`{}` is not charged: upgrades led to its level already", item.name));
            continue;
        }
        pending.push(step);
    }
    step::refuse_second_base(inventory, rule, &pending)?;
    // Lower steps first, so that steps can be named in any order.
    pending.sort_by_key(|step| step::target(*step));
    while !pending.is_empty() {
        let held = HeldSteps::of(inventory, rule, &plan.added);
        let can_take = |step: &Article<'_>| {
            level::can_take(*step, held.lasting_level())
                || !step::is_base(*step) && level::can_take(*step, held.level())
        };
        let Some(next) = pending.iter().position(can_take) else {
            let why = |step: &Article<'_>| step::why_refused(inventory, *step, held.level());
            return pending.iter().find_map(why).map_or(Ok(()), Err);
        };
        let step = pending.remove(next);
        let path = step::upgrades_instead(inventory, step, &held).unwrap_or_else(|| vec![step]);
        pending.retain(|step| !path.contains(step));
        step::add_steps(inventory, &path, &mut plan.added);
    }
    Ok(())
}

/// Plans the steps to exactly the wanted level, out of those on the codes.
fn plan_level(inventory: &Inventory<'_>, item: &RequestedItem<'_>, plan: &mut ChargePlan) -> Result<()> {
    let (rule, name) = (item.rule, &item.name);
    let Quantity::Count(wanted) = item.quantity else {
        return Err(offer::quantity_needed(inventory, &[rule]));
    };
    let held = HeldSteps::of(inventory, rule, &plan.added);
    let level = held.level();
    if wanted <= held.lasting_level() {
        if wanted < level {
            plan.notes.push(format!("`{name}` stays at {level}: a level can't be lowered"));
        }
        return Ok(());
    }
    let available = [
        inventory.steps_where(rule, |name| inventory.left(name) > 0),
        inventory.steps_where(rule, |name| inventory.available(name) > 0),
    ];
    let path = held.lasting_path(wanted, &available);
    if path.is_none() && wanted <= level {
        plan.notes.push(format!(
            "`{name}` {wanted} is not extended: no steps on the named codes lead there for longer"
        ));
        return Ok(());
    }
    if let Some(path) = path.or_else(|| held.path_now(wanted, &available)) {
        step::add_steps(inventory, &path, &mut plan.added);
        return Ok(());
    }
    feature_limits::over_limit(inventory, rule, &plan.added, wanted).map_or(Ok(()), Err)?;
    Err(unreachable_level(inventory, rule, wanted, level))
}

/// Why a level can't be reached: it isn't sold, its step starts from another level, or the step is not on the codes.
fn unreachable_level(inventory: &Inventory<'_>, rule: &FeatureRule, wanted: u64, level: u64) -> Error {
    let leads_there = |step: Article<'_>| step::target(step) == Some(wanted);
    let mut sold = inventory.sold_of(rule).filter(|(_, step)| leads_there(*step)).peekable();
    let name = &rule.name;
    if sold.peek().is_none() {
        let message = format!("`{name}` has no step to level {wanted}");
        let steps: Vec<&str> = inventory.sold_of(rule).map(|(name, _)| name.as_str()).collect();
        return with_details(Error::new(Reason::NotSold, message), &[("steps", steps.join(", "))]);
    }
    let on_codes = sold.filter(|(name, _)| inventory.available(name) > 0);
    if let Some(error) = on_codes.into_iter().find_map(|(_, step)| step::why_refused(inventory, *step, level))
    {
        return error;
    }
    let message = format!("the steps of `{name}` on the named codes don't lead to level {wanted}");
    let left = inventory.sold_of(rule).filter(|(name, _)| inventory.left(name) > 0).map(|(name, _)| name);
    let rows = [
        ("level wanted", wanted.to_string()),
        ("level held", level.to_string()),
        ("left", super::details::list(left)),
    ];
    with_details(Error::new(Reason::ShortPool, message), &rows)
}
