//! What products, models and features share: the fields of a product, and names that a person can keep apart.

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
    "grace-days",
    "drift-days",
    "allow",
    "activation-days",
    "fingerprint",
    "mac",
    "evaluation",
    "starter",
    "model",
    "feature",
];

/// The most days of any length in a catalog: ten years.
pub(super) const MAX_DAYS: u64 = 3660;

/// Refuses names of which two are the same or differ in case alone: a person can't keep them apart.
pub(super) fn no_twins(faults: &Faults<'_>, what: &str, names: &[Placed<String>]) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for Placed { value: name, spot } in names {
        match seen.get(&name.to_lowercase()) {
            Some(twin) if twin == name => faults.add(spot, format!("there is a {what} `{name}` already")),
            Some(twin) => {
                faults.add(spot, format!("{what} `{name}` differs from {what} `{twin}` in case alone"));
            }
            None => {
                seen.insert(name.to_lowercase(), name);
            }
        }
    }
}
