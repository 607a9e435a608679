//! Restores a backup, or accepts the ledger as it is.

mod known;
mod place;
mod plan;
mod run;

pub use plan::{Loss, RestorePlan, plan};
pub use run::{Restored, restore};
