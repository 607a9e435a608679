//! What can be had of all that is left on the named codes.

use std::collections::BTreeMap;

use crate::catalog::{Article, FeatureKind, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, MAX_QUANTITY, Reason, Result};

use super::inventory::{Inventory, add, count};
use super::not_charged::{NotCharged, already};
use super::plan::{ChargePlan, Offer};
use super::say::facts;
use super::{charged, limits, step};

/// All that can be had at once, and why the rest can't.
pub(super) struct FullOffer {
    /// What can be had, by article.
    more: Lines,
    /// Why nothing can be had of an article.
    why_not: BTreeMap<FeatureName, Error>,
    /// Why less than what is left can be had of a feature.
    cut: BTreeMap<FeatureName, Error>,
    /// Notes on what the unit has without a charge.
    spared: Vec<(FeatureName, String)>,
}

/// Finds all that can be had: everything, less what a rule forbids, until no rule forbids any of it.
pub(super) fn everything(inventory: &Inventory<'_>) -> FullOffer {
    let mut every = requested(inventory);
    every.trim(inventory);
    every
}

/// The offers, in the order of the catalog.
pub(super) fn offers(inventory: &Inventory<'_>, every: &FullOffer) -> Vec<Offer> {
    let none = Lines::new();
    let offer = |(name, article): (&FeatureName, Article<'_>)| {
        let rule = article.rule();
        let counted = rule.kind == FeatureKind::Count;
        let why_not = every.why_not.get(name).cloned();
        let limit = if counted {
            Some(limits::cap(inventory, rule, &every.more)).filter(|limit| *limit < MAX_QUANTITY)
        } else {
            Some(limits::limit(inventory, rule).min(1))
        };
        let held = match article {
            Article::Whole(_) => limits::amount(inventory, rule, &none),
            _ => inventory.held(name),
        };
        let rest = match article {
            Article::Whole(_) => count(&every.more, name),
            _ => u64::from(why_not.is_none()),
        };
        Offer { feature: name.clone(), limit, held, left: inventory.left(name), rest, why_not }
    };
    inventory.on_codes().map(offer).collect()
}

/// Everything on offer.
pub(super) fn all(inventory: &Inventory<'_>) -> Result<ChargePlan> {
    let every = everything(inventory);
    let mut notes = Vec::new();
    for (name, _) in inventory.on_codes() {
        let stays = inventory.left(name) - count(&every.more, name);
        if let Some(why) = every.cut.get(name).filter(|_| stays > 0 && every.more.contains_key(name)) {
            notes.push(format!("{stays} of `{name}` stay on the code: {}", why.message()));
        }
    }
    every.plan(inventory, notes)
}

/// What is meant where nothing was said; counts that can't be guessed are asked for.
pub(super) fn unsaid(inventory: &Inventory<'_>) -> Result<ChargePlan> {
    let mut every = everything(inventory);
    let counts = inventory.on_codes().filter(|(_, article)| article.rule().kind == FeatureKind::Count);
    let mut open = Vec::new();
    for (name, article) in counts {
        if inventory.held_here(name) > 0 {
            every.more.remove(name);
        } else if count(&every.more, name) > 1 {
            open.push(article.rule());
        }
    }
    if !open.is_empty() {
        return Err(quantity_needed(inventory, &open));
    }
    // A count that stays as it is may be what a switch hangs on, or what bounds another count.
    every.trim(inventory);
    every.plan(inventory, Vec::new())
}

/// It wasn't said how much is wanted of these: a line for each that can be had.
pub(super) fn quantity_needed(inventory: &Inventory<'_>, rules: &[&FeatureRule]) -> Error {
    let offers = offers(inventory, &everything(inventory));
    let mut rows = Vec::new();
    for (rule, offer) in rules.iter().flat_map(|rule| offers.iter().map(move |offer| (rule, offer))) {
        if inventory.sold_of(rule).any(|(name, _)| *name == offer.feature) {
            rows.push((offer.feature.as_str(), offer.to_string()));
        }
    }
    let names: Vec<String> = rules.iter().map(|rule| format!("`{}`", rule.name)).collect();
    let what = format!("it was not said how much of {} is wanted", names.join(", "));
    facts(Error::new(Reason::QuantityNeeded, what), &rows)
}

/// What would be taken if no rule forbade it.
fn requested(inventory: &Inventory<'_>) -> FullOffer {
    let (more, why_not, cut) = (Lines::new(), BTreeMap::new(), BTreeMap::new());
    let mut every = FullOffer { more, why_not, cut, spared: Vec::new() };
    for (name, article) in inventory.on_codes() {
        let Article::Whole(rule) = article else { continue };
        let here = |what: String| Error::new(Reason::AlreadyHeld, what).at(inventory.unit);
        let why = match already(inventory, rule) {
            Some(NotCharged::Free(note) | NotCharged::Elsewhere(note)) => {
                every.spared.push((name.clone(), note.clone()));
                here(note)
            }
            Some(NotCharged::Here) => here(format!("the unit has `{name}` from this code already")),
            Some(NotCharged::Twice(error)) => error,
            None if inventory.left(name) == 0 => {
                charged::short(inventory, name, inventory.held_here(name) + 1)
            }
            None => {
                let left = inventory.left(name);
                add(&mut every.more, name, if rule.kind == FeatureKind::Count { left } else { 1 });
                continue;
            }
        };
        every.why_not.insert(name.clone(), why);
    }
    for rule in inventory.product.features.iter().filter(|rule| rule.kind.is_level()) {
        step::set_level(inventory, rule, u64::MAX, &mut every.more);
    }
    every
}

impl FullOffer {
    /// Takes out what a rule forbids, until no rule forbids any of it, and says why each article is left out.
    fn trim(&mut self, inventory: &Inventory<'_>) {
        loop {
            let before = self.more.clone();
            for rule in &inventory.product.features {
                if !limits::takes(inventory, rule, &self.more) {
                    continue;
                }
                if let Some(error) = limits::fault(inventory, rule, &self.more) {
                    self.lessen(inventory, rule);
                    self.cut.insert(rule.name.clone(), error);
                }
            }
            if self.more == before {
                break;
            }
        }
        for (name, article) in inventory.on_codes().filter(|(name, _)| !self.more.contains_key(*name)) {
            let why = match article {
                Article::Whole(rule) => self.cut.get(&rule.name).cloned(),
                step => step::why_not(inventory, step, name, &self.more, self.cut.get(&step.rule().name)),
            };
            if let Some(why) = why {
                self.why_not.entry(name.clone()).or_insert(why);
            }
        }
    }

    /// Leaves as much of a feature as its rules allow.
    fn lessen(&mut self, inventory: &Inventory<'_>, rule: &FeatureRule) {
        let cap = if limits::met(inventory, rule, &self.more) {
            limits::cap(inventory, rule, &self.more)
        } else {
            0
        };
        if rule.kind.is_level() {
            step::set_level(inventory, rule, cap, &mut self.more);
            return;
        }
        self.more.remove(&rule.name);
        if rule.kind == FeatureKind::Count {
            let rest = cap.saturating_sub(inventory.held(&rule.name));
            add(&mut self.more, &rule.name, rest);
        }
    }

    /// The plan to take it, with notes on what stays on the codes.
    fn plan(self, inventory: &Inventory<'_>, mut notes: Vec<String>) -> Result<ChargePlan> {
        let has = |name: &FeatureName| inventory.held_here(name) > 0 || self.more.contains_key(name);
        let nothing = self.spared.is_empty() && !inventory.on_codes().any(|(name, _)| has(name));
        if nothing && inventory.named().next().is_some() {
            let first = inventory.on_codes().find_map(|(name, _)| self.why_not.get(name)).cloned();
            let unsold =
                || inventory.unsold().into_iter().find_map(|name| inventory.product.article(name).err());
            let empty = || Error::new(Reason::ShortPool, "nothing is left on the code");
            return Err(first.or_else(unsold).unwrap_or_else(empty));
        }
        notes.splice(0..0, self.spared.iter().map(|(_, note)| note.clone()));
        let kept = inventory.on_codes().filter(|(name, _)| !has(name));
        for (name, article) in kept {
            match self.why_not.get(name) {
                Some(_) if self.spared.iter().any(|(spared, _)| spared == name) => {}
                Some(why) if inventory.left(name) > 0 => {
                    notes.push(format!("`{name}` stays on the code: {}", why.message()));
                }
                Some(why) => notes.push(why.message().to_owned()),
                None if inventory.left(name) > 0 && article.rule().kind.is_level() => {
                    notes.push(format!("`{name}` stays on the code: another step leads as high"));
                }
                None => {}
            }
        }
        notes.extend(
            inventory.unsold().iter().map(|name| format!("`{name}` is on the code, but not sold any more")),
        );
        Ok(ChargePlan { more: self.more, shown: Lines::new(), notes })
    }
}
