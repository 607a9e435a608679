//! From what was asked for, word by word, to what is taken: nothing is guessed, and what can't be had is refused.

use crate::catalog::{Article, FeatureKind, FeatureRule, Product};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, Features, Quantity, Reason, Result};

use super::inventory::{Inventory, add};
use super::not_charged::{NotCharged, already};
use super::plan::ChargePlan;
use super::say::facts;
use super::{charged, level, limits, offer, step};

/// One thing that was asked for.
pub(super) struct RequestedItem<'a> {
    name: FeatureName,
    pub(super) rule: &'a FeatureRule,
    /// The step, where an article of a level was named.
    step: Option<Article<'a>>,
    quantity: Quantity,
}

/// What the names mean in this product.
pub(super) fn read<'a>(product: &'a Product, features: &Features) -> Result<Vec<RequestedItem<'a>>> {
    let mut asked = Vec::new();
    for (name, quantity) in features.iter() {
        let (rule, step) = match product.feature(name) {
            Some(rule) => (rule, None),
            None => match product.article(name)? {
                Article::Whole(rule) => (rule, None),
                step => (step.rule(), Some(step)),
            },
        };
        asked.push(RequestedItem { name: name.clone(), rule, step, quantity });
    }
    Ok(asked)
}

/// So many of each count on the named codes, and one of everything else.
pub(super) fn each<'a>(inventory: &Inventory<'a>, number: u64) -> Result<Vec<RequestedItem<'a>>> {
    let count = Quantity::count(number).map_err(|error| Error::new(Reason::BadValue, error.message()))?;
    let mut rules = inventory.on_codes().map(|(_, article)| article.rule());
    if number > 1 && rules.all(|rule| rule.kind != FeatureKind::Count) {
        let what = format!("{number} of it are wanted, but a unit takes one of what is on the code");
        return Err(Error::new(Reason::OverLimit, what)
            .detail(format!("wanted  {number}"))
            .detail("limit   1"));
    }
    let asked = inventory.on_codes().map(|(name, article)| {
        let rule = article.rule();
        let step = rule.kind.is_level().then_some(article);
        let quantity = if rule.kind == FeatureKind::Count { count } else { Quantity::On };
        RequestedItem { name: name.clone(), rule, step, quantity }
    });
    Ok(asked.collect())
}

/// Exactly what was asked for.
pub(super) fn these(inventory: &Inventory<'_>, asked: &[RequestedItem<'_>]) -> Result<ChargePlan> {
    let mut plan = whole(inventory, asked)?;
    for rule in levels(inventory) {
        let of_it: Vec<&RequestedItem<'_>> =
            asked.iter().filter(|asked| asked.rule.name == rule.name).collect();
        name_steps(inventory, rule, &of_it, &mut plan.more)?;
        for asked in of_it.iter().filter(|asked| asked.step.is_none()) {
            reach(inventory, asked, &mut plan)?;
        }
    }
    limits::check(inventory, &plan.more)?;
    Ok(plan)
}

/// The same for each of many units: all of it, or a refusal.
pub(super) fn alike(inventory: &Inventory<'_>, asked: &[RequestedItem<'_>]) -> Result<ChargePlan> {
    let mut plan = whole(inventory, asked)?;
    for rule in levels(inventory) {
        let of_it: Vec<&RequestedItem<'_>> =
            asked.iter().filter(|asked| asked.rule.name == rule.name).collect();
        let gone = |asked: &&&RequestedItem<'_>| {
            inventory.held_here(&asked.name) == 0 && inventory.there(&asked.name) == 0
        };
        if let Some(asked) = of_it.iter().find(gone) {
            return Err(charged::short(inventory, &asked.name, 1));
        }
        let way =
            step::highest(inventory, rule, limits::limit(inventory, rule), |name| inventory.there(name) > 0);
        if way.is_empty() && step::now(inventory, rule) == 0 {
            let why = |asked: &&RequestedItem<'_>| step::impossible(inventory, asked.step?, &plan.more);
            of_it.iter().find_map(why).map_or(Ok(()), Err)?;
        }
        step::put(inventory, &way, &mut plan.more);
        for asked in of_it.iter().filter(|asked| inventory.held_here(&asked.name) == 0) {
            if !plan.more.contains_key(&asked.name) {
                plan.notes.push(format!("`{}` can't be used by this unit and stays on the code", asked.name));
            }
        }
    }
    limits::check(inventory, &plan.more)?;
    Ok(plan)
}

fn levels<'a>(inventory: &Inventory<'a>) -> impl Iterator<Item = &'a FeatureRule> + use<'a> {
    inventory.product.features.iter().filter(|rule| rule.kind.is_level())
}

/// Switches and counts.
fn whole(inventory: &Inventory<'_>, asked: &[RequestedItem<'_>]) -> Result<ChargePlan> {
    let mut plan = ChargePlan::default();
    for asked in asked {
        match asked.rule.kind {
            FeatureKind::Switch => switch(inventory, asked, &mut plan)?,
            FeatureKind::Count => count(inventory, asked, &mut plan)?,
            FeatureKind::Level { .. } => {}
        }
    }
    Ok(plan)
}

fn switch(inventory: &Inventory<'_>, asked: &RequestedItem<'_>, plan: &mut ChargePlan) -> Result<()> {
    if let Quantity::Count(number @ 2..) = asked.quantity {
        let what = format!("more `{}` than one: it is on or off", asked.name);
        let rows = [("limit", "1".into()), ("wanted", number.to_string())];
        return Err(facts(Error::new(Reason::OverLimit, what).at(inventory.unit), &rows));
    }
    match already(inventory, asked.rule) {
        Some(NotCharged::Free(note) | NotCharged::Elsewhere(note)) => plan.notes.push(note),
        Some(NotCharged::Here) => {}
        Some(NotCharged::Twice(error)) => return Err(error),
        None => add(&mut plan.more, &asked.name, 1),
    }
    Ok(())
}

/// Only what goes beyond the amount held from the named codes is taken (row A5).
fn count(inventory: &Inventory<'_>, asked: &RequestedItem<'_>, plan: &mut ChargePlan) -> Result<()> {
    let Quantity::Count(wanted) = asked.quantity else {
        return Err(offer::quantity_needed(inventory, &[asked.rule]));
    };
    let held = inventory.held_here(&asked.name);
    if wanted < held {
        plan.shown.insert(asked.name.clone(), wanted);
    } else if wanted > held {
        if let Some(NotCharged::Twice(error)) = already(inventory, asked.rule) {
            return Err(error);
        }
        add(&mut plan.more, &asked.name, wanted - held);
    }
    Ok(())
}

/// Steps that were named: each is taken once, from the level where it begins.
fn name_steps(
    inventory: &Inventory<'_>,
    rule: &FeatureRule,
    asked: &[&RequestedItem<'_>],
    more: &mut Lines,
) -> Result<()> {
    let mut open = Vec::new();
    for asked in asked {
        let Some(step) = asked.step else { continue };
        if let Quantity::Count(number @ 2..) = asked.quantity {
            let what = format!("a unit takes `{}` once", asked.name);
            let rows = [("wanted", number.to_string()), ("held", inventory.held(&asked.name).to_string())];
            return Err(facts(Error::new(Reason::AlreadyHeld, what).at(inventory.unit), &rows));
        }
        if inventory.held_here(&asked.name) == 0 {
            open.push(step);
        }
    }
    // Lower ones first: so a list of steps is taken in the order in which it makes sense.
    open.sort_by_key(|step| step::target(*step));
    while !open.is_empty() {
        let level = level::reached(&inventory.steps(rule, more));
        let Some(next) = open.iter().position(|step| level::fits(*step, level)) else {
            return open.iter().find_map(|step| step::refused(inventory, *step, level)).map_or(Ok(()), Err);
        };
        step::put(inventory, &[open.remove(next)], more);
    }
    Ok(())
}

/// A level that was named by its number: the steps to exactly that, out of those on the codes.
fn reach(inventory: &Inventory<'_>, asked: &RequestedItem<'_>, plan: &mut ChargePlan) -> Result<()> {
    let (rule, name) = (asked.rule, &asked.name);
    let Quantity::Count(wanted) = asked.quantity else {
        return Err(offer::quantity_needed(inventory, &[rule]));
    };
    let held = inventory.steps(rule, &plan.more);
    let level = level::reached(&held);
    if wanted <= level {
        if wanted < level {
            plan.notes.push(format!("`{name}` stays at {level}: a level never falls"));
        }
        return Ok(());
    }
    let ways = |so: &dyn Fn(&FeatureName) -> bool| level::ways(&held, &inventory.steps_where(rule, so));
    let mut way = ways(&|name| inventory.left(name) > 0);
    if !way.contains_key(&wanted) {
        way = ways(&|name| inventory.there(name) > 0);
    }
    if let Some(way) = way.get(&wanted) {
        step::put(inventory, way, &mut plan.more);
        return Ok(());
    }
    limits::over_limit(inventory, rule, &plan.more, wanted).map_or(Ok(()), Err)?;
    Err(no_way(inventory, rule, wanted, level))
}

/// Why there is no way to a level: it isn't sold, its step begins elsewhere, or the step is not on the codes.
fn no_way(inventory: &Inventory<'_>, rule: &FeatureRule, wanted: u64, level: u64) -> Error {
    let leads_there = |step: Article<'_>| step::target(step) == Some(wanted);
    let mut sold = inventory.sold_of(rule).filter(|(_, step)| leads_there(*step)).peekable();
    let name = &rule.name;
    if sold.peek().is_none() {
        let what = format!("`{name}` is not sold up to exactly {wanted}");
        let steps: Vec<&str> = inventory.sold_of(rule).map(|(name, _)| name.as_str()).collect();
        return facts(Error::new(Reason::NotSold, what), &[("steps", steps.join(", "))]);
    }
    let on_codes = sold.filter(|(name, _)| inventory.there(name) > 0);
    if let Some(error) = on_codes.into_iter().find_map(|(_, step)| step::refused(inventory, *step, level)) {
        return error;
    }
    let what = format!("the steps of `{name}` on the named codes don't lead there");
    let left = inventory.sold_of(rule).filter(|(name, _)| inventory.left(name) > 0).map(|(name, _)| name);
    let rows = [
        ("level wanted", wanted.to_string()),
        ("level held", level.to_string()),
        ("left", super::say::list(left)),
    ];
    facts(Error::new(Reason::ShortPool, what), &rows)
}
