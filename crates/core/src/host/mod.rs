//! The use cases at the host: draft a request, say what leaves the site, judge what is installed.

mod combined;
mod explain;
mod move_request;
mod outlook;
mod release;
mod request;
mod salt;
mod verify;
mod what_if;

pub use combined::{CombinedLicenses, add_up, best, is_superseded, supersede, superseded, together};
pub use explain::explain;
pub use move_request::{has_moved, move_request};
pub use outlook::{Change, Decrease, FeatureOutlook, LossReason, Outlook, changes, daily_check, outlook};
pub use release::release;
pub use request::{RequestInput, draft};
pub use salt::salt;
pub use verify::{JudgedLicense, OpenedLicense, open, verify};
pub use what_if::{Replacement, replace};
