//! Activating: from a wish to a plan that can be shown, and from the plan to a license that is charged and signed.

mod answered;
mod evaluation;
mod hardware;
mod license;
mod plan;
mod planned;
mod pools;
mod post;
mod returned;
mod twin;
mod unit;
mod wish;

pub use plan::plan;
pub use planned::{Found, Plan, Planned};
pub use pools::Pools;
pub use post::{Activated, activate};
pub use wish::{Particulars, Wish};
