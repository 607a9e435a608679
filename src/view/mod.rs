//! Views of each type: fields for JSON, labelled rows for text; no terminal.

/// A view of something: the thing, which its rows may read, and the fields that programs get, each with its value.
macro_rules! view {
    ($(#[$of_all:meta])* $name:ident<$life:lifetime>($noun:ident: $of:ty $(, $more:ident: $type:ty)*) {
        $($(#[$attr:meta])* $field:ident: $kind:ty = $value:expr,)*
    }) => {
        #[derive(serde::Serialize)]
        $(#[$of_all])*
        pub(crate) struct $name<$life> {
            #[serde(skip)]
            #[allow(dead_code, reason = "not every view has rows")]
            $noun: $of,
            $($(#[$attr])* pub(super) $field: $kind,)*
        }

        impl<$life> $name<$life> {
            pub(crate) fn of($noun: $of $(, $more: $type)*) -> Self {
                Self { $noun, $($field: $value,)* }
            }
        }
    };
}

mod act;
mod bundle;
mod catalog;
mod checked_file;
mod daily;
mod document;
mod entry;
mod finding;
mod found;
mod grant;
mod host;
mod ledger;
mod license;
mod metrics;
mod order;
mod outlook;
mod reversal;
mod rows;
mod suspicious;
mod table;
mod trust;
pub(crate) mod when;

pub(crate) use act::{Charge, ChargeLine, Release, Reset, Stays};
pub(crate) use bundle::{Bundle, Document, Names, Source};
pub(crate) use catalog::{CatalogWarning, Product};
pub(crate) use checked_file::{CheckedFile, CombinedLicenses, Installed, Reason, Repair, RepairOf, Survival};
pub(crate) use daily::{Daily, DailyResult};
pub(crate) use document::{Receipt, Request};
pub(crate) use finding::{Finding, Step};
pub(crate) use found::found;
pub(crate) use grant::{Grant, grant_term};
pub(crate) use host::{Compared, Host, Installation, strength};
pub(crate) use ledger::{accounts, activations, balance, entries, licenses, orders, passed};
pub(crate) use license::License;
pub(crate) use metrics::Metrics;
pub(crate) use order::{Order, PassedOn, amounts};
pub(crate) use outlook::{NAMED, Outlook, becomes};
pub(crate) use reversal::{Correction, Reversal};
pub(crate) use rows::{Rows, View};
pub(crate) use suspicious::suspicions;
pub(crate) use table::Table;
pub(crate) use trust::trusted_keys;

use serde_json::{Map, Value, json};

use airlatch_core::model::{FeatureName, Features, LockingId, Quantity};

/// A quantity for programs: `true` for a switch.
fn quantity(quantity: Quantity) -> Value {
    match quantity {
        Quantity::On => json!(true),
        Quantity::Count(number) => json!(number),
    }
}

fn features(features: &Features) -> Map<String, Value> {
    let one = |(name, held): (&FeatureName, Quantity)| (name.to_string(), quantity(held));
    features.iter().map(one).collect()
}

/// Fields of a newer version, as they came.
fn unknown(fields: &[(String, String)]) -> Map<String, Value> {
    fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
}

/// A value as the text people read.
/// A Locking ID; none where it names no component.
fn locking_id(id: LockingId) -> Option<String> {
    (!id.is_empty()).then(|| text(id))
}

fn text(value: impl ToString) -> String {
    value.to_string()
}
