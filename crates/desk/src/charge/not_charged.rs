//! What the unit has already, so that it isn't charged again.

use crate::catalog::{FeatureKind, FeatureRule};
use airlatch_core::model::{Error, Reason};

use super::inventory::Inventory;
use super::say::facts;

/// Why a switch, or a count that can't be had twice, is not charged.
pub(super) enum NotCharged {
    /// The model has it without a license: a note.
    Free(String),
    /// It is held from a named code.
    Here,
    /// Another code gives it for as long: a note.
    Elsewhere(String),
    /// Another code gives it for as long, and a second one is refused.
    Twice(Error),
}

/// Whether the unit has a switch or count already.
pub(super) fn already(inventory: &Inventory<'_>, rule: &FeatureRule) -> Option<NotCharged> {
    let name = &rule.name;
    let is_switch = rule.kind == FeatureKind::Switch;
    if let Some(model) = inventory.model.filter(|_| is_switch && rule.is_free_on(inventory.model)) {
        return Some(NotCharged::Free(format!(
            "`{name}` is not charged: a unit of model {model} has it without a license"
        )));
    }
    if is_switch && inventory.held_here(name) > 0 {
        return Some(NotCharged::Here);
    }
    let other = inventory.covering(name)?;
    let until = other.term.until.map_or_else(|| "permanent".into(), |end| format!("until {end}"));
    if rule.not_twice {
        let what = format!("the unit has `{name}` already and can't have it twice");
        let error = Error::new(Reason::AlreadyHeld, what).at(inventory.unit);
        return Some(NotCharged::Twice(facts(error, &[("held from", format!("{}, {until}", other.code()))])));
    }
    is_switch.then(|| {
        NotCharged::Elsewhere(format!("`{name}` is not charged again: held from {}, {until}", other.code()))
    })
}
