//! How much the unit can take of everything left on the named codes.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Article, FeatureKind, FeatureRule};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, MAX_QUANTITY, Reason, Result};

use super::details::with_details;
use super::inventory::{Inventory, add, count};
use super::not_charged::{NotCharged, why_not_charged};
use super::plan::{ChargePlan, Offer, Unavailable};
use super::{charged, feature_limits, periods, step};

/// Everything that can be taken at once, and why the rest can't.
pub(super) struct FullOffer {
    /// The quantities that can be taken.
    added: Lines,
    /// Why an article can't be taken at all.
    why_not: BTreeMap<FeatureName, Error>,
    /// Why less of a feature can be taken than is left.
    reduced: BTreeMap<FeatureName, Error>,
    /// Notes on features that the unit has without a charge.
    not_charged: Vec<(FeatureName, String)>,
}

/// Everything left on the named codes, reduced until it breaks no rule.
pub(super) fn full_offer(inventory: &Inventory<'_>) -> FullOffer {
    let mut full = unlimited_offer(inventory);
    full.apply_rules(inventory);
    full.fit_periods(inventory, &counts(inventory).map(|rule| rule.name.clone()).collect());
    full
}

/// The counts on the named codes.
fn counts<'a>(inventory: &Inventory<'a>) -> impl Iterator<Item = &'a FeatureRule> {
    inventory.on_codes().map(|(_, article)| article.rule()).filter(|rule| rule.kind == FeatureKind::Count)
}

/// The offers, in the order of the catalog.
pub(super) fn offers(inventory: &Inventory<'_>, full: &FullOffer) -> Vec<Offer> {
    let none = Lines::new();
    let offer = |(name, article): (&FeatureName, Article<'_>)| {
        let rule = article.rule();
        let counted = rule.kind == FeatureKind::Count;
        let why_not = full.why_not.get(name).cloned();
        let limit = if counted {
            Some(feature_limits::cap(inventory, rule, &full.added)).filter(|limit| *limit < MAX_QUANTITY)
        } else {
            Some(feature_limits::limit(inventory, rule).min(1))
        };
        let held = match article {
            Article::Feature(_) => feature_limits::amount(inventory, rule, &none),
            _ => inventory.held(name),
        };
        let rest = match article {
            Article::Feature(_) => count(&full.added, name),
            _ => u64::from(why_not.is_none()),
        };
        let elsewhere = match article {
            Article::Feature(_) if !counted => 0,
            _ => held.saturating_sub(inventory.held_from_named(name)),
        };
        Offer { feature: name.clone(), limit, held, elsewhere, left: inventory.left(name), rest, why_not }
    };
    inventory.on_codes().map(offer).collect()
}

/// The plan to take everything that is available.
pub(super) fn plan_all(inventory: &Inventory<'_>) -> Result<ChargePlan> {
    let full = full_offer(inventory);
    let (mut notes, mut unavailable) = (Vec::new(), Vec::new());
    for (name, article) in inventory.on_codes().filter(|(name, _)| full.has(inventory, name)) {
        let counted = article.rule().kind == FeatureKind::Count;
        if let Some(no_more) = full.unavailable(inventory, name, article).filter(|_| counted) {
            unavailable.push(no_more);
        } else if let (Some(why), true) = (full.reduced.get(name), full.added.contains_key(name)) {
            let stays = full.stays(inventory, name);
            notes.extend(
                (stays > 0).then(|| format!("{stays} of `{name}` stay on the code: {}", why.message())),
            );
        }
    }
    let mut plan = full.plan(inventory, notes)?;
    plan.unavailable.splice(0..0, unavailable);
    plan.stated.extend(counts(inventory).map(|rule| rule.name.clone()));
    Ok(plan)
}

/// The plan if no quantities were stated; an error if a count would have to be guessed.
pub(super) fn plan_default(inventory: &Inventory<'_>) -> Result<ChargePlan> {
    let mut full = full_offer(inventory);
    let mut unclear = Vec::new();
    for rule in counts(inventory) {
        if inventory.held_from_named(&rule.name) > 0 {
            full.added.remove(&rule.name);
        } else if count(&full.added, &rule.name) > 1 {
            unclear.push(rule);
        }
    }
    if !unclear.is_empty() {
        return Err(quantity_needed(inventory, &unclear));
    }
    // A count that was removed may be required by a switch, or bound another count.
    full.apply_rules(inventory);
    full.fit_periods(inventory, &BTreeSet::new());
    full.plan(inventory, Vec::new())
}

/// The error that these features need a quantity, with a line for each article on offer.
pub(super) fn quantity_needed(inventory: &Inventory<'_>, rules: &[&FeatureRule]) -> Error {
    let offers = offers(inventory, &full_offer(inventory));
    let mut rows = Vec::new();
    for (rule, offer) in rules.iter().flat_map(|rule| offers.iter().map(move |offer| (rule, offer))) {
        if inventory.sold_of(rule).any(|(name, _)| *name == offer.feature) {
            rows.push((offer.feature.as_str(), offer.to_string()));
        }
    }
    let names: Vec<String> = rules.iter().map(|rule| format!("`{}`", rule.name)).collect();
    let message = format!("the quantity of {} is missing", names.join(", "));
    with_details(Error::new(Reason::QuantityNeeded, message), &rows)
}

/// The error if the named codes have no article that is sold: the order was passed on, or the catalog has dropped it.
pub(super) fn nothing_left(inventory: &Inventory<'_>) -> Error {
    let discontinued = inventory.discontinued().into_iter();
    let not_sold = discontinued.filter_map(|name| inventory.product.article(name).err()).next();
    not_sold.unwrap_or_else(|| Error::new(Reason::ShortPool, "nothing is left on the code"))
}

/// What could be taken if there were no limits between features or by model.
fn unlimited_offer(inventory: &Inventory<'_>) -> FullOffer {
    let (added, why_not, reduced) = (Lines::new(), BTreeMap::new(), BTreeMap::new());
    let mut full = FullOffer { added, why_not, reduced, not_charged: Vec::new() };
    for (name, article) in inventory.on_codes() {
        let Article::Feature(rule) = article else { continue };
        let held = |message: String| Error::new(Reason::AlreadyHeld, message).at(inventory.unit);
        let why = match why_not_charged(inventory, rule) {
            Some(NotCharged::Free(note) | NotCharged::HeldFromOther(note)) => {
                full.not_charged.push((name.clone(), note.clone()));
                held(note)
            }
            Some(NotCharged::HeldFromNamed) => held(format!("the unit already has `{name}` from this code")),
            Some(NotCharged::Refused(error)) => error,
            None if inventory.left(name) == 0 => {
                charged::short_pool(inventory, name, inventory.held_from_named(name) + 1)
            }
            None => {
                let left = inventory.left(name);
                add(&mut full.added, name, if rule.kind == FeatureKind::Count { left } else { 1 });
                continue;
            }
        };
        full.why_not.insert(name.clone(), why);
    }
    for rule in inventory.product.features.iter().filter(|rule| rule.kind.is_level()) {
        step::set_level(inventory, rule, u64::MAX, &mut full.added);
    }
    full
}

impl FullOffer {
    /// Reduces the quantities until they break no rule, and records why each missing article can't be taken.
    fn apply_rules(&mut self, inventory: &Inventory<'_>) {
        loop {
            let before = self.added.clone();
            for rule in &inventory.product.features {
                if !feature_limits::is_planned(inventory, rule, &self.added) {
                    continue;
                }
                if let Some(error) = feature_limits::broken_rule(inventory, rule, &self.added) {
                    self.reduce(inventory, rule);
                    self.reduced.insert(rule.name.clone(), error);
                }
            }
            if self.added == before {
                break;
            }
        }
        for (name, article) in inventory.on_codes().filter(|(name, _)| !self.added.contains_key(*name)) {
            let why = match article {
                Article::Feature(rule) => self.reduced.get(&rule.name).cloned(),
                step => {
                    step::why_not(inventory, step, name, &self.added, self.reduced.get(&step.rule().name))
                }
            };
            if let Some(why) = why {
                self.why_not.entry(name.clone()).or_insert(why);
            }
        }
    }

    /// Reduces what breaks a rule in every period of its code, although not if all codes are taken together; `stated` are the
    /// counts of which the license shows all that the unit has.
    fn fit_periods(&mut self, inventory: &Inventory<'_>, stated: &BTreeSet<FeatureName>) {
        while let Some(unfit) = periods::unfit(inventory, &self.added, stated) {
            let fits = count(&self.added, &unfit.rule.name).saturating_sub(unfit.excess);
            for (name, _) in inventory.sold_of(unfit.rule) {
                if self.added.remove(name).is_some() {
                    self.why_not.insert(name.clone(), unfit.why.clone());
                }
            }
            if unfit.rule.kind == FeatureKind::Count && fits > 0 {
                self.why_not.remove(&unfit.rule.name);
                add(&mut self.added, &unfit.rule.name, fits);
            }
            self.reduced.insert(unfit.rule.name.clone(), unfit.why);
            self.apply_rules(inventory);
        }
    }

    /// Reduces a feature to what its rules allow.
    fn reduce(&mut self, inventory: &Inventory<'_>, rule: &FeatureRule) {
        let cap = if feature_limits::requirements_met(inventory, rule, &self.added) {
            feature_limits::cap(inventory, rule, &self.added)
        } else {
            0
        };
        if rule.kind.is_level() {
            step::set_level(inventory, rule, cap, &mut self.added);
            return;
        }
        self.added.remove(&rule.name);
        if rule.kind == FeatureKind::Count {
            let rest = cap.saturating_sub(inventory.held(&rule.name));
            add(&mut self.added, &rule.name, rest);
        }
    }

    /// Whether the unit has some of an article from the named codes after the charge.
    fn has(&self, inventory: &Inventory<'_>, name: &FeatureName) -> bool {
        inventory.held_from_named(name) > 0 || self.added.contains_key(name)
    }

    /// How much of an article is left on the named codes after the charge.
    fn stays(&self, inventory: &Inventory<'_>, name: &FeatureName) -> u64 {
        inventory.left(name) - count(&self.added, name)
    }

    /// What is left of an article that the unit can't have by the limit of its model.
    fn unavailable(
        &self,
        inventory: &Inventory<'_>,
        name: &FeatureName,
        article: Article<'_>,
    ) -> Option<Unavailable> {
        let rule = article.rule();
        let limit = feature_limits::limit(inventory, rule);
        let is_beyond = match step::target(article) {
            Some(target) => target > limit,
            None => feature_limits::amount(inventory, rule, &self.added) >= limit,
        };
        let stays = self.stays(inventory, name);
        (is_beyond && stays > 0).then(|| Unavailable {
            article: name.clone(),
            model: inventory.model.map(ToOwned::to_owned),
            limit,
            counted: rule.kind == FeatureKind::Count,
            stays,
        })
    }

    /// The plan to take it, with notes on articles that stay on the codes.
    fn plan(self, inventory: &Inventory<'_>, mut notes: Vec<String>) -> Result<ChargePlan> {
        let has = |name: &FeatureName| self.has(inventory, name);
        let is_empty = self.not_charged.is_empty() && !inventory.on_codes().any(|(name, _)| has(name));
        if is_empty && inventory.named().next().is_some() {
            let first = inventory.on_codes().find_map(|(name, _)| self.why_not.get(name)).cloned();
            return Err(first.unwrap_or_else(|| nothing_left(inventory)));
        }
        notes.splice(0..0, self.not_charged.iter().map(|(_, note)| note.clone()));
        let mut unavailable = Vec::new();
        let untaken = inventory.on_codes().filter(|(name, _)| !has(name));
        for (name, article) in untaken {
            let none = self.unavailable(inventory, name, article);
            match self.why_not.get(name) {
                Some(_) if self.not_charged.iter().any(|(not_charged, _)| not_charged == name) => {}
                Some(_) if none.is_some() => unavailable.extend(none),
                Some(why) if inventory.left(name) > 0 => {
                    notes.push(format!("`{name}` stays on the code: {}", why.message()));
                }
                Some(why) => notes.push(why.message().to_owned()),
                None if inventory.left(name) > 0 && article.rule().kind.is_level() => {
                    notes.push(format!("`{name}` stays on the code: another step leads to the same level"));
                }
                None => {}
            }
        }
        notes.extend(
            inventory
                .discontinued()
                .iter()
                .map(|name| format!("`{name}` is on the code, but no longer in the catalog")),
        );
        Ok(ChargePlan { added: self.added, unavailable, notes, ..ChargePlan::default() })
    }
}
