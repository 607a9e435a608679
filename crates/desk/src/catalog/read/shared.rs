//! Shared by products, models and features: the fields of a product, the limit on days, unique names.

use std::collections::BTreeMap;

use airlatch_core::format::toml_table::Placed;

use super::faults::Faults;

/// The fields of a product.
pub(super) const KEYS: &[&str] = &[
    "id",
    "name",
    "versions",
    "lock",
    "transferable",
    "moves-per-year",
    "grace-days",
    "drift-days",
    "memory-days",
    "enforcement",
    "allow",
    "activation-days",
    "fingerprint",
    "mac",
    "evaluation",
    "starter",
    "model",
    "feature",
];

/// The most days that a field of a catalog may have: ten years.
pub(super) const MAX_DAYS: u64 = 3660;

/// Refuses names that are equal or differ only in case, which people would confuse.
pub(super) fn refuse_duplicates(faults: &Faults<'_>, noun: &str, names: &[Placed<String>]) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for Placed { value: name, spot } in names {
        match seen.get(&name.to_lowercase()) {
            Some(earlier) if earlier == name => {
                faults.add(spot, format!("there is already a {noun} `{name}`"))
            }
            Some(earlier) => {
                faults.add(spot, format!("{noun} `{name}` differs from {noun} `{earlier}` only in case"));
            }
            None => {
                seen.insert(name.to_lowercase(), name);
            }
        }
    }
}
