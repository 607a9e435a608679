//! What a catalog allows although it makes locks weak: no fault, but somebody should know.

use std::collections::BTreeSet;

use airlatch_core::model::{ComponentKind, Tolerance};

use super::{Catalog, LockKind, Product};

/// A warning about a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The id of the product.
    pub product: String,
    /// The field.
    pub field: &'static str,
    /// What it allows.
    pub message: String,
}

/// Where a catalog lets a customer choose how weak a lock is.
pub fn warnings(catalog: &Catalog) -> Vec<Warning> {
    catalog.products.iter().flat_map(of_product).collect()
}

fn of_product(product: &Product) -> Vec<Warning> {
    let (kinds, rule) = (&product.lock.kinds, &product.lock.rule);
    let by_hardware = kinds.contains(&LockKind::Fingerprint) || kinds.contains(&LockKind::LockingId);
    let mut found = Vec::new();
    let mut warn = |field, message: &str| {
        found.push(Warning { product: product.id.clone(), field, message: message.into() });
    };
    if kinds.contains(&LockKind::SystemId) && !kinds.contains(&LockKind::Fingerprint) {
        warn(
            "lock",
            "by `system-id` alone, whoever copies the file host.key has the license on any hardware",
        );
    }
    if by_hardware && rule.allow.containers {
        warn(
            "allow",
            "the lock of a container is ids that its operator chooses and copies, and any host can look like a container",
        );
    }
    if rule.had_allow_weak {
        warn(
            "fingerprint.allow-weak",
            "it has no effect any more: a weak lock is accepted for one license, with issue --weak-lock",
        );
    }
    if let Some(tolerance) = &rule.tolerance {
        if is_met_by_one(tolerance) {
            warn("fingerprint", "one component alone is enough");
        } else if is_met_without_hardware(tolerance) {
            warn("fingerprint", "it can match without any component of hardware, by what an operator sets");
        }
    }
    found
}

fn is_met_by_one(tolerance: &Tolerance) -> bool {
    tolerance.required().len() + tolerance.minimum() < 2
}

fn is_met_without_hardware(tolerance: &Tolerance) -> bool {
    let settings: BTreeSet<_> = ComponentKind::ALL.into_iter().filter(|kind| !kind.is_hardware()).collect();
    tolerance.is_met_by(&settings)
}
