//! The use cases at the host: draft a request, explain which data leaves the site, judge the installed licenses.

mod combined;
mod explain;
mod move_request;
mod outlook;
mod release;
mod request;
mod salt;
mod verify;
mod what_if;

pub use combined::{
    CombinedLicenses, answer_together, best, combine_by_product, is_superseded, supersede, superseded_error,
};
pub use explain::explain;
pub use move_request::{move_request, needs_move};
pub use outlook::{Change, Decrease, FeatureOutlook, LossReason, Outlook, changes, daily_check, outlook};
pub use release::release;
pub use request::{RequestInput, draft};
pub use salt::salt;
pub use verify::{JudgedLicense, OpenedLicense, open, verify};
pub use what_if::{Replacement, replace};
