//! Why a feature that the unit already has is not charged again.

use crate::catalog::{FeatureKind, FeatureRule};
use airlatch_core::model::{Error, Reason};

use super::details::with_details;
use super::inventory::Inventory;

/// Why a switch, or a count with `not-twice`, is not charged.
pub(super) enum NotCharged {
    /// The model has it without a license; with a note.
    Free(String),
    /// The unit holds it from a named code.
    HeldFromNamed,
    /// The unit holds it from another code for at least as long; with a note.
    HeldFromOther(String),
    /// The unit holds it from another code for at least as long, and `not-twice` refuses a second one.
    Refused(Error),
}

/// Why a switch or count is not charged; `None` if it is.
pub(super) fn why_not_charged(inventory: &Inventory<'_>, rule: &FeatureRule) -> Option<NotCharged> {
    let name = &rule.name;
    let is_switch = rule.kind == FeatureKind::Switch;
    if let Some(model) = inventory.model.filter(|_| is_switch && rule.is_free_on(inventory.model)) {
        return Some(NotCharged::Free(format!(
            "`{name}` is not charged: model {model} has it without a license"
        )));
    }
    if is_switch && inventory.held_from_named(name) > 0 {
        return Some(NotCharged::HeldFromNamed);
    }
    let other = inventory.covering_code(name)?;
    let until = other.term.until.map_or_else(|| "permanent".into(), |end| format!("until {end}"));
    if rule.not_twice {
        let message = format!("the unit already has `{name}` and can't have it twice");
        let error = Error::new(Reason::AlreadyHeld, message).at(inventory.unit);
        return Some(NotCharged::Refused(with_details(
            error,
            &[("held from", format!("{}, {until}", other.code()))],
        )));
    }
    is_switch.then(|| {
        NotCharged::HeldFromOther(format!(
            "`{name}` is not charged again: held from {}, {until}",
            other.code()
        ))
    })
}
