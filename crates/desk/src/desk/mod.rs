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
mod machines;
mod note;
mod operator;
mod orders;
mod release;
mod reprint;
mod reset;
mod reverse;
mod signed_features;
mod starter;
mod suspicious;
mod view;

pub use account::{account, open_account};
pub use activate::{
    Activated, ActivationNotes, ActivationPlan, ActivationRequest, ExistingLicense, LicensedHardware,
    ModelInput, PlannedLicense, Pools, activate, plan as plan_activation,
};
pub use audit::{
    Ahead, Audit, Check, CheckAll, FieldStatus, LedgerDocument, audit, check_sequentially, field_status,
};
pub use batch::{PlannedRow, plan};
pub use charged_codes::charged_codes;
pub use file_name::NameTemplate;
pub use find::{Found, FoundLicense, Hit, find};
pub use fleet::{Fleet, fleet};
pub use issue::{Issued, issue, same_but_for_dates, seal};
pub use note::{current, note_unit};
pub use operator::{ClockPolicy, ClockState, Operator, clock_state};
pub use orders::{
    Booked, Correction, Recipient, add_code, book_order, book_order_again, cancel, correct, pass_on,
    passed_before, pool, renew, renewed_just_now,
};
pub use release::{Release, plan_release, release};
pub use reprint::{LicenseSelector, is_earlier, reprint, reversal_of};
pub use reset::{Reset, draft_reset, plan_reset, reset, sign_reset};
pub use reverse::{PlannedReversal, Remaining, WrongLicense, corrections, plan_reversal, reverse};
pub use starter::{seal_starter, starter};
pub use suspicious::{Suspicion, SuspicionKind, suspicions};
pub use view::{LicenseRow, PassedOn, Releases, ViewFilter, activations, licenses, passed, pools, users};
