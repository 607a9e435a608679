//! The backup of a whole desk: settings, catalog, keys and ledger in one folder, and the desk made from it again.

mod manifest;
mod restore;
mod write;

pub use restore::{HomeRestorePlan, plan_home, restore_home};
pub use write::{BackedUp, KeyCopy, back_up_home};

pub(super) use manifest::{MANIFEST, sha256};
