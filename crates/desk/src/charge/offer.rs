//! What can be had of all that is left on the named codes.

use std::collections::BTreeMap;

use crate::catalog::{Article, FeatureKind, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, MAX_QUANTITY, Reason, Result, Trouble};

use super::already::{Already, already};
use super::plan::{Offer, Plan};
use super::say::facts;
use super::stock::{Stock, add, count};
use super::{limits, step, take};

/// All that can be had at once, and why the rest can't.
pub(super) struct Everything {
    /// What can be had, by article.
    more: Lines,
    /// Why nothing can be had of an article.
    why_not: BTreeMap<FeatureName, Trouble>,
    /// Why less than what is left can be had of a feature.
    cut: BTreeMap<FeatureName, Trouble>,
    /// Notes on what the unit has without a charge.
    spared: Vec<String>,
}

/// Finds all that can be had: everything, less what a rule forbids, until no rule forbids any of it.
pub(super) fn everything(stock: &Stock<'_>) -> Everything {
    let mut every = wish(stock);
    every.trim(stock);
    every
}

/// The offers, in the order of the catalog.
pub(super) fn offers(stock: &Stock<'_>, every: &Everything) -> Vec<Offer> {
    let none = Lines::new();
    let offer = |(name, article): (&FeatureName, Article<'_>)| {
        let rule = article.rule();
        let counted = rule.kind == FeatureKind::Count;
        let why_not = every.why_not.get(name).cloned();
        let limit = if counted {
            Some(limits::cap(stock, rule, &every.more)).filter(|limit| *limit < MAX_QUANTITY)
        } else {
            Some(limits::limit(stock, rule).min(1))
        };
        let held = match article {
            Article::Whole(_) => limits::amount(stock, rule, &none),
            _ => stock.held(name),
        };
        let rest = match article {
            Article::Whole(_) => count(&every.more, name),
            _ => u64::from(why_not.is_none()),
        };
        Offer { feature: name.clone(), limit, held, left: stock.left(name), rest, why_not }
    };
    stock.on_codes().map(offer).collect()
}

/// Everything on offer.
pub(super) fn all(stock: &Stock<'_>) -> Result<Plan> {
    let every = everything(stock);
    let mut notes = Vec::new();
    for (name, _) in stock.on_codes() {
        let stays = stock.left(name) - count(&every.more, name);
        if let Some(why) = every.cut.get(name).filter(|_| stays > 0 && every.more.contains_key(name)) {
            notes.push(format!("{stays} of `{name}` stay on the code: {}", why.what()));
        }
    }
    every.plan(stock, notes)
}

/// What is meant where nothing was said; counts that can't be guessed are asked for.
pub(super) fn unsaid(stock: &Stock<'_>) -> Result<Plan> {
    let mut every = everything(stock);
    let counts = stock.on_codes().filter(|(_, article)| article.rule().kind == FeatureKind::Count);
    let mut open = Vec::new();
    for (name, article) in counts {
        if stock.held_here(name) > 0 {
            every.more.remove(name);
        } else if count(&every.more, name) > 1 {
            open.push(article.rule());
        }
    }
    if !open.is_empty() {
        return Err(quantity_needed(stock, &open));
    }
    // A count that stays as it is may be what a switch hangs on, or what bounds another count.
    every.trim(stock);
    every.plan(stock, Vec::new())
}

/// It wasn't said how much is wanted of these: a line for each that can be had.
pub(super) fn quantity_needed(stock: &Stock<'_>, rules: &[&FeatureRule]) -> Trouble {
    let offers = offers(stock, &everything(stock));
    let mut rows = Vec::new();
    for (rule, offer) in rules.iter().flat_map(|rule| offers.iter().map(move |offer| (rule, offer))) {
        if stock.sold_of(rule).any(|(name, _)| *name == offer.feature) {
            rows.push((offer.feature.as_str(), offer.to_string()));
        }
    }
    let names: Vec<String> = rules.iter().map(|rule| format!("`{}`", rule.name)).collect();
    let what = format!("it was not said how much of {} is wanted", names.join(", "));
    facts(Trouble::new(Reason::QuantityNeeded, what), &rows)
}

/// What would be taken if no rule forbade it.
fn wish(stock: &Stock<'_>) -> Everything {
    let (more, why_not, cut) = (Lines::new(), BTreeMap::new(), BTreeMap::new());
    let mut every = Everything { more, why_not, cut, spared: Vec::new() };
    for (name, article) in stock.on_codes() {
        let Article::Whole(rule) = article else { continue };
        let here = |what: String| Trouble::new(Reason::AlreadyHeld, what).at(stock.unit);
        let why = match already(stock, rule) {
            Some(Already::Free(note) | Already::Elsewhere(note)) => {
                every.spared.push(note.clone());
                here(note)
            }
            Some(Already::Here) => here(format!("the unit has `{name}` from this code already")),
            Some(Already::Twice(trouble)) => trouble,
            None if stock.left(name) == 0 => take::short(stock, name, stock.held_here(name) + 1),
            None => {
                let left = stock.left(name);
                add(&mut every.more, name, if rule.kind == FeatureKind::Count { left } else { 1 });
                continue;
            }
        };
        every.why_not.insert(name.clone(), why);
    }
    for rule in stock.product.features.iter().filter(|rule| rule.kind.is_level()) {
        step::set_level(stock, rule, u64::MAX, &mut every.more);
    }
    every
}

impl Everything {
    /// Takes out what a rule forbids, until no rule forbids any of it, and says why each article is left out.
    fn trim(&mut self, stock: &Stock<'_>) {
        loop {
            let before = self.more.clone();
            for rule in &stock.product.features {
                if !limits::takes(stock, rule, &self.more) {
                    continue;
                }
                if let Some(trouble) = limits::fault(stock, rule, &self.more) {
                    self.lessen(stock, rule);
                    self.cut.insert(rule.name.clone(), trouble);
                }
            }
            if self.more == before {
                break;
            }
        }
        for (name, article) in stock.on_codes().filter(|(name, _)| !self.more.contains_key(*name)) {
            let why = match article {
                Article::Whole(rule) => self.cut.get(&rule.name).cloned(),
                step => step::why_not(stock, step, name, &self.more, self.cut.get(&step.rule().name)),
            };
            if let Some(why) = why {
                self.why_not.entry(name.clone()).or_insert(why);
            }
        }
    }

    /// Leaves as much of a feature as its rules allow.
    fn lessen(&mut self, stock: &Stock<'_>, rule: &FeatureRule) {
        let cap = if limits::met(stock, rule, &self.more) { limits::cap(stock, rule, &self.more) } else { 0 };
        if rule.kind.is_level() {
            step::set_level(stock, rule, cap, &mut self.more);
            return;
        }
        self.more.remove(&rule.name);
        if rule.kind == FeatureKind::Count {
            let rest = cap.saturating_sub(stock.held(&rule.name));
            add(&mut self.more, &rule.name, rest);
        }
    }

    /// The plan to take it, with notes on what stays on the codes.
    fn plan(self, stock: &Stock<'_>, mut notes: Vec<String>) -> Result<Plan> {
        let has = |name: &FeatureName| stock.held_here(name) > 0 || self.more.contains_key(name);
        let nothing = self.spared.is_empty() && !stock.on_codes().any(|(name, _)| has(name));
        if nothing && stock.named().next().is_some() {
            let first = stock.on_codes().find_map(|(name, _)| self.why_not.get(name)).cloned();
            let unsold = || stock.unsold().into_iter().find_map(|name| stock.product.article(name).err());
            let empty = || Trouble::new(Reason::ShortPool, "nothing is left on the code");
            return Err(first.or_else(unsold).unwrap_or_else(empty));
        }
        notes.splice(0..0, self.spared.iter().cloned());
        let kept = stock.on_codes().filter(|(name, _)| !has(name));
        for (name, article) in kept {
            match self.why_not.get(name) {
                Some(why) if self.spared.iter().any(|note| note == why.what()) => {}
                Some(why) if stock.left(name) > 0 => {
                    notes.push(format!("`{name}` stays on the code: {}", why.what()));
                }
                Some(why) => notes.push(why.what().to_owned()),
                None if stock.left(name) > 0 && article.rule().kind.is_level() => {
                    notes.push(format!("`{name}` stays on the code: another step leads as high"));
                }
                None => {}
            }
        }
        notes.extend(
            stock.unsold().iter().map(|name| format!("`{name}` is on the code, but not sold any more")),
        );
        Ok(Plan { more: self.more, shown: Lines::new(), notes })
    }
}
