//! Activation: plans a license so that it can be confirmed, then charges and signs it.

mod answered;
mod evaluation;
mod hardware;
mod license;
mod licensed_hardware;
mod moves;
mod notes;
mod plan;
mod planned;
mod pools;
mod post;
mod renewal;
mod request;
mod returned;
mod salt;
mod same_hardware;
mod same_unit;
mod unit;

pub use plan::plan;
pub use planned::{ActivationPlan, ExistingLicense, LicensedHardware, PlannedLicense};
pub use pools::Pools;
pub use post::{Activated, activate};
pub use request::{ActivationNotes, ActivationRequest, ModelInput};
