//! The use cases of the desk: accounts, orders, activation, release, lists, views, audit, and licenses from a grant.

mod account;
mod activate;
mod audit;
mod batch;
mod charged_codes;
mod file_name;
mod find;
mod fleet;
mod issue;
mod operator;
mod orders;
mod release;
mod reprint;
mod reset;
mod starter;
mod view;

pub use account::{account, open_account};
pub use activate::{
    Activated, ActivationNotes, ActivationPlan, ActivationRequest, ExistingLicense, ModelInput,
    PlannedLicense, Pools, activate, plan as plan_activation,
};
pub use audit::{
    Audit, Check, CheckAll, FieldStatus, LedgerDocument, audit, check_sequentially, field_status,
};
pub use batch::{PlannedRow, plan};
pub use charged_codes::charged_codes;
pub use file_name::NameTemplate;
pub use find::{Found, FoundLicense, Hit, find};
pub use fleet::{Fleet, fleet};
pub use issue::{Issued, issue, same_but_for_dates, seal};
pub use operator::Operator;
pub use orders::{Booked, Recipient, add_code, book_order, cancel, pass_on, pool, renew};
pub use release::{Release, plan_release, release};
pub use reprint::{LicenseSelector, is_earlier, license_of, reprint};
pub use reset::{Reset, draft_reset, plan_reset, reset, sign_reset};
pub use starter::{seal_starter, starter};
pub use view::{PassedOn, Releases, ViewFilter, activations, licenses, passed, pools};
