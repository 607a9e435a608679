//! How much a unit may hold: by its model, by another of its features, and what has to be there too.

use crate::catalog::{FeatureKind, FeatureRule, Limit};
use crate::orders::Lines;
use airlatch_core::model::{FeatureName, MAX_QUANTITY, Reason, Result, Trouble};

use super::level;
use super::say::{any_of, facts, list};
use super::stock::{Stock, count};

/// How much of a feature the unit has with `more`, from every code that is not over: 1 of a switch, the level of a level.
pub(super) fn amount(stock: &Stock<'_>, rule: &FeatureRule, more: &Lines) -> u64 {
    let whole = || stock.held(&rule.name).saturating_add(count(more, &rule.name));
    match rule.kind {
        FeatureKind::Switch => u64::from(rule.is_free_on(stock.model) || whole() > 0),
        FeatureKind::Count => whole(),
        FeatureKind::Level { .. } => level::reached(&stock.steps(rule, more)),
    }
}

/// How much a unit of this model may hold; what no license could say is never held.
pub(super) fn limit(stock: &Stock<'_>, rule: &FeatureRule) -> u64 {
    match rule.limit_on(stock.model) {
        Limit::Never => 0,
        Limit::AtMost(most) => most.min(MAX_QUANTITY),
        Limit::Any => MAX_QUANTITY,
    }
}

/// How much it may hold of what its model and the bounding feature leave.
pub(super) fn cap(stock: &Stock<'_>, rule: &FeatureRule, more: &Lines) -> u64 {
    let bound = rule.bounded_by.as_ref().map_or(u64::MAX, |name| amount_of(stock, name, more));
    limit(stock, rule).min(bound)
}

/// Whether what the feature needs is on the unit too.
pub(super) fn met(stock: &Stock<'_>, rule: &FeatureRule, more: &Lines) -> bool {
    rule.requires.is_empty() || rule.requires.iter().any(|name| amount_of(stock, name, more) > 0)
}

/// Whether anything of this feature is in `more`.
pub(super) fn takes(stock: &Stock<'_>, rule: &FeatureRule, more: &Lines) -> bool {
    stock.sold().any(|(name, article)| article.rule().name == rule.name && count(more, name) > 0)
}

/// Which rule the unit would break with so much of a feature.
pub(super) fn fault(stock: &Stock<'_>, rule: &FeatureRule, more: &Lines) -> Option<Trouble> {
    let amount = amount(stock, rule, more);
    if rule.is_free_on(stock.model) || amount == 0 {
        return None;
    }
    over_limit(stock, rule, more, amount).or_else(|| {
        let needs = any_of(&rule.requires);
        let trouble = || {
            let what = format!("`{}` needs {needs} on the same unit", rule.name);
            let trouble = Trouble::new(Reason::NeedsFeature, what).at(stock.unit);
            let features = stock.product.features.iter();
            let held =
                features.filter(|other| other.name != rule.name && self::amount(stock, other, more) > 0);
            facts(trouble, &[("with it", list(held.map(|rule| &rule.name)))])
        };
        (!met(stock, rule, more)).then(trouble)
    })
}

/// Why the unit may not have as much as `amount` of a feature (rows I4, I6).
pub(super) fn over_limit(
    stock: &Stock<'_>,
    rule: &FeatureRule,
    more: &Lines,
    amount: u64,
) -> Option<Trouble> {
    let name = &rule.name;
    let limit = limit(stock, rule);
    if limit == 0 {
        let what = match stock.model {
            Some(model) => format!("a unit of model {model} can't have `{name}`"),
            None => format!("no unit can have `{name}`"),
        };
        return Some(Trouble::new(Reason::NotOnModel, what).at(stock.unit));
    }
    let (most, label, what) = match &rule.bounded_by {
        _ if amount > limit => (limit, "limit", format!("more `{name}` than the unit may hold")),
        Some(other) if amount > amount_of(stock, other, more) => {
            let most = amount_of(stock, other, more);
            (most, other.as_str(), format!("more `{name}` than the `{other}` of the unit carries"))
        }
        _ => return None,
    };
    let held = self::amount(stock, rule, &Lines::new());
    let mut rows = vec![(label, most.to_string()), ("held", held.to_string())];
    if rule.kind.is_level() {
        rows.push(("wanted", amount.to_string()));
    } else {
        let here = stock.held_here(name);
        let wanted = amount.saturating_sub(held.saturating_sub(here));
        let of_them = if here > 0 { format!(", {here} of them held") } else { String::new() };
        rows.push(("rest", most.saturating_sub(held).to_string()));
        rows.push(("wanted", format!("{wanted}{of_them}")));
    }
    Some(facts(Trouble::new(Reason::OverLimit, what).at(stock.unit), &rows))
}

/// Refuses a plan that lets the unit hold what it may not.
pub(super) fn check(stock: &Stock<'_>, more: &Lines) -> Result<()> {
    let mut taken = stock.product.features.iter().filter(|rule| takes(stock, rule, more));
    taken.find_map(|rule| fault(stock, rule, more)).map_or(Ok(()), Err)
}

/// Notes on what the unit holds against the rules of today: it was paid for, so it stays.
pub(super) fn stale(stock: &Stock<'_>, more: &Lines) -> Vec<String> {
    let old = stock.product.features.iter().filter(|rule| !takes(stock, rule, more));
    let old = old.filter_map(|rule| fault(stock, rule, more));
    old.map(|trouble| format!("held already, though the catalog forbids it: {}", trouble.what())).collect()
}

fn amount_of(stock: &Stock<'_>, name: &FeatureName, more: &Lines) -> u64 {
    stock.product.feature(name).map_or(0, |rule| amount(stock, rule, more))
}
