//! From what was asked for, word by word, to what is taken: nothing is guessed, and what can't be had is refused.

use crate::catalog::{Article, FeatureKind, FeatureRule, Product};
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, Features, Quantity, Reason, Result, Trouble};

use super::already::{Already, already};
use super::plan::Plan;
use super::say::facts;
use super::stock::{Stock, add};
use super::{level, limits, offer, step, take};

/// One thing that was asked for.
pub(super) struct Asked<'a> {
    name: FeatureName,
    pub(super) rule: &'a FeatureRule,
    /// The step, where an article of a level was named.
    step: Option<Article<'a>>,
    quantity: Quantity,
}

/// What the names mean in this product.
pub(super) fn read<'a>(product: &'a Product, features: &Features) -> Result<Vec<Asked<'a>>> {
    let mut asked = Vec::new();
    for (name, quantity) in features.iter() {
        let (rule, step) = match product.feature(name) {
            Some(rule) => (rule, None),
            None => match product.article(name)? {
                Article::Whole(rule) => (rule, None),
                step => (step.rule(), Some(step)),
            },
        };
        asked.push(Asked { name: name.clone(), rule, step, quantity });
    }
    Ok(asked)
}

/// So many of each count on the named codes, and one of everything else.
pub(super) fn each<'a>(stock: &Stock<'a>, number: u64) -> Result<Vec<Asked<'a>>> {
    let count = Quantity::count(number).map_err(|trouble| Trouble::new(Reason::BadValue, trouble.what()))?;
    let mut rules = stock.on_codes().map(|(_, article)| article.rule());
    if number > 1 && rules.all(|rule| rule.kind != FeatureKind::Count) {
        let what = format!("{number} of it are wanted, but a unit takes one of what is on the code");
        return Err(Trouble::new(Reason::OverLimit, what)
            .detail(format!("wanted  {number}"))
            .detail("limit   1"));
    }
    let asked = stock.on_codes().map(|(name, article)| {
        let rule = article.rule();
        let step = rule.kind.is_level().then_some(article);
        let quantity = if rule.kind == FeatureKind::Count { count } else { Quantity::On };
        Asked { name: name.clone(), rule, step, quantity }
    });
    Ok(asked.collect())
}

/// Exactly what was asked for.
pub(super) fn these(stock: &Stock<'_>, asked: &[Asked<'_>]) -> Result<Plan> {
    let mut plan = whole(stock, asked)?;
    for rule in levels(stock) {
        let of_it: Vec<&Asked<'_>> = asked.iter().filter(|asked| asked.rule.name == rule.name).collect();
        name_steps(stock, rule, &of_it, &mut plan.more)?;
        for asked in of_it.iter().filter(|asked| asked.step.is_none()) {
            reach(stock, asked, &mut plan)?;
        }
    }
    limits::check(stock, &plan.more)?;
    Ok(plan)
}

/// The same for each of many units: all of it, or a refusal.
pub(super) fn alike(stock: &Stock<'_>, asked: &[Asked<'_>]) -> Result<Plan> {
    let mut plan = whole(stock, asked)?;
    for rule in levels(stock) {
        let of_it: Vec<&Asked<'_>> = asked.iter().filter(|asked| asked.rule.name == rule.name).collect();
        let gone = |asked: &&&Asked<'_>| stock.held_here(&asked.name) == 0 && stock.there(&asked.name) == 0;
        if let Some(asked) = of_it.iter().find(gone) {
            return Err(take::short(stock, &asked.name, 1));
        }
        let way = step::highest(stock, rule, limits::limit(stock, rule), |name| stock.there(name) > 0);
        if way.is_empty() && step::now(stock, rule) == 0 {
            let why = |asked: &&Asked<'_>| step::impossible(stock, asked.step?, &plan.more);
            of_it.iter().find_map(why).map_or(Ok(()), Err)?;
        }
        step::put(stock, &way, &mut plan.more);
        for asked in of_it.iter().filter(|asked| stock.held_here(&asked.name) == 0) {
            if !plan.more.contains_key(&asked.name) {
                plan.notes.push(format!("`{}` can't be used by this unit and stays on the code", asked.name));
            }
        }
    }
    limits::check(stock, &plan.more)?;
    Ok(plan)
}

fn levels<'a>(stock: &Stock<'a>) -> impl Iterator<Item = &'a FeatureRule> + use<'a> {
    stock.product.features.iter().filter(|rule| rule.kind.is_level())
}

/// Switches and counts.
fn whole(stock: &Stock<'_>, asked: &[Asked<'_>]) -> Result<Plan> {
    let mut plan = Plan::default();
    for asked in asked {
        match asked.rule.kind {
            FeatureKind::Switch => switch(stock, asked, &mut plan)?,
            FeatureKind::Count => count(stock, asked, &mut plan)?,
            FeatureKind::Level { .. } => {}
        }
    }
    Ok(plan)
}

fn switch(stock: &Stock<'_>, asked: &Asked<'_>, plan: &mut Plan) -> Result<()> {
    if let Quantity::Count(number @ 2..) = asked.quantity {
        let what = format!("more `{}` than one: it is on or off", asked.name);
        let rows = [("limit", "1".into()), ("wanted", number.to_string())];
        return Err(facts(Trouble::new(Reason::OverLimit, what).at(stock.unit), &rows));
    }
    match already(stock, asked.rule) {
        Some(Already::Free(note) | Already::Elsewhere(note)) => plan.notes.push(note),
        Some(Already::Here) => {}
        Some(Already::Twice(trouble)) => return Err(trouble),
        None => add(&mut plan.more, &asked.name, 1),
    }
    Ok(())
}

/// Only what goes beyond the amount held from the named codes is taken (row A5).
fn count(stock: &Stock<'_>, asked: &Asked<'_>, plan: &mut Plan) -> Result<()> {
    let Quantity::Count(wanted) = asked.quantity else {
        return Err(offer::quantity_needed(stock, &[asked.rule]));
    };
    let held = stock.held_here(&asked.name);
    if wanted < held {
        plan.shown.insert(asked.name.clone(), wanted);
    } else if wanted > held {
        if let Some(Already::Twice(trouble)) = already(stock, asked.rule) {
            return Err(trouble);
        }
        add(&mut plan.more, &asked.name, wanted - held);
    }
    Ok(())
}

/// Steps that were named: each is taken once, from the level where it begins.
fn name_steps(stock: &Stock<'_>, rule: &FeatureRule, asked: &[&Asked<'_>], more: &mut Lines) -> Result<()> {
    let mut open = Vec::new();
    for asked in asked {
        let Some(step) = asked.step else { continue };
        if let Quantity::Count(number @ 2..) = asked.quantity {
            let what = format!("a unit takes `{}` once", asked.name);
            let rows = [("wanted", number.to_string()), ("held", stock.held(&asked.name).to_string())];
            return Err(facts(Trouble::new(Reason::AlreadyHeld, what).at(stock.unit), &rows));
        }
        if stock.held_here(&asked.name) == 0 {
            open.push(step);
        }
    }
    // Lower ones first: so a list of steps is taken in the order in which it makes sense.
    open.sort_by_key(|step| step::target(*step));
    while !open.is_empty() {
        let level = level::reached(&stock.steps(rule, more));
        let Some(next) = open.iter().position(|step| level::fits(*step, level)) else {
            return open.iter().find_map(|step| step::refused(stock, *step, level)).map_or(Ok(()), Err);
        };
        step::put(stock, &[open.remove(next)], more);
    }
    Ok(())
}

/// A level that was named by its number: the steps to exactly that, out of those on the codes.
fn reach(stock: &Stock<'_>, asked: &Asked<'_>, plan: &mut Plan) -> Result<()> {
    let (rule, name) = (asked.rule, &asked.name);
    let Quantity::Count(wanted) = asked.quantity else {
        return Err(offer::quantity_needed(stock, &[rule]));
    };
    let held = stock.steps(rule, &plan.more);
    let level = level::reached(&held);
    if wanted <= level {
        if wanted < level {
            plan.notes.push(format!("`{name}` stays at {level}: a level never falls"));
        }
        return Ok(());
    }
    let ways = |so: &dyn Fn(&FeatureName) -> bool| level::ways(&held, &stock.steps_where(rule, so));
    let mut way = ways(&|name| stock.left(name) > 0);
    if !way.contains_key(&wanted) {
        way = ways(&|name| stock.there(name) > 0);
    }
    if let Some(way) = way.get(&wanted) {
        step::put(stock, way, &mut plan.more);
        return Ok(());
    }
    limits::over_limit(stock, rule, &plan.more, wanted).map_or(Ok(()), Err)?;
    Err(no_way(stock, rule, wanted, level))
}

/// Why there is no way to a level: it isn't sold, its step begins elsewhere, or the step is not on the codes.
fn no_way(stock: &Stock<'_>, rule: &FeatureRule, wanted: u64, level: u64) -> Trouble {
    let leads_there = |step: Article<'_>| step::target(step) == Some(wanted);
    let mut sold = stock.sold_of(rule).filter(|(_, step)| leads_there(*step)).peekable();
    let name = &rule.name;
    if sold.peek().is_none() {
        let what = format!("`{name}` is not sold up to exactly {wanted}");
        let steps: Vec<&str> = stock.sold_of(rule).map(|(name, _)| name.as_str()).collect();
        return facts(Trouble::new(Reason::NotSold, what), &[("steps", steps.join(", "))]);
    }
    let on_codes = sold.filter(|(name, _)| stock.there(name) > 0);
    if let Some(trouble) = on_codes.into_iter().find_map(|(_, step)| step::refused(stock, *step, level)) {
        return trouble;
    }
    let what = format!("the steps of `{name}` on the named codes don't lead there");
    let left = stock.sold_of(rule).filter(|(name, _)| stock.left(name) > 0).map(|(name, _)| name);
    let rows = [
        ("level wanted", wanted.to_string()),
        ("level held", level.to_string()),
        ("left", super::say::list(left)),
    ];
    facts(Trouble::new(Reason::ShortPool, what), &rows)
}
