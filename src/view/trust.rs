//! The trusted keys of a host as a table.

use airlatch_core::model::KeyId;

use super::Table;

/// Trusted keys, each with where it is kept.
pub(crate) fn trusted_keys(keys: &[(KeyId, String)]) -> Table {
    Table::of(keys, "no vendor key is trusted on this host")
        .text("key_id", |(id, _)| *id)
        .head("key id")
        .text("from", |(_, place)| place.clone())
        .done()
}
