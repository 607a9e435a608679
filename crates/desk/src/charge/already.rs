//! What the unit has already, so that it isn't charged again.

use crate::catalog::{FeatureKind, FeatureRule};
use airlatch_core::model::{Reason, Trouble};

use super::say::facts;
use super::stock::Stock;

/// Why a switch, or a count that can't be had twice, is not charged.
pub(super) enum Already {
    /// The model has it without a license: a note.
    Free(String),
    /// It is held from a named code.
    Here,
    /// Another code gives it for as long: a note.
    Elsewhere(String),
    /// Another code gives it for as long, and a second one is refused.
    Twice(Trouble),
}

/// Whether the unit has a switch or count already.
pub(super) fn already(stock: &Stock<'_>, rule: &FeatureRule) -> Option<Already> {
    let name = &rule.name;
    let is_switch = rule.kind == FeatureKind::Switch;
    if let Some(model) = stock.model.filter(|_| is_switch && rule.is_free_on(stock.model)) {
        return Some(Already::Free(format!(
            "`{name}` is not charged: a unit of model {model} has it without a license"
        )));
    }
    if is_switch && stock.held_here(name) > 0 {
        return Some(Already::Here);
    }
    let other = stock.covering(name)?;
    let until = other.term.until.map_or_else(|| "permanent".into(), |end| format!("until {end}"));
    if rule.not_twice {
        let what = format!("the unit has `{name}` already and can't have it twice");
        let trouble = Trouble::new(Reason::AlreadyHeld, what).at(stock.unit);
        return Some(Already::Twice(facts(trouble, &[("held from", format!("{}, {until}", other.code()))])));
    }
    is_switch.then(|| {
        Already::Elsewhere(format!("`{name}` is not charged again: held from {}, {until}", other.code()))
    })
}
