//! The desk home: its folder, settings, catalog and keys, and access to its ledger.

mod create;
mod home;
mod home_backup;
mod keys;
mod open_to_others;
mod own_wal;
pub mod parallel;
mod reader;
pub mod restore;
mod settings;
mod witness_file;
mod writer;

pub use create::NewDesk;
pub use home::{CATALOG, DeskHome, KEYS, LEDGER, read_catalog};
pub use home_backup::{BackedUp, HomeRestorePlan, KeyCopy, back_up_home, plan_home, restore_home};
pub use keys::{LockedKey, load_key, public_key, read_private};
pub use reader::LedgerReader;
pub use settings::{DeskSettings, read_desk_settings, write_desk_settings};
pub use writer::{Committed, LedgerWriter};
