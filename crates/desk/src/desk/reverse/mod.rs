//! Reverses an entry: books another one that names it, undoes what can be undone, and says what can't.

mod booking;
mod dependents;
mod license;
mod plan;
mod planned;
mod refusal;

pub use plan::{corrections, plan_reversal, reverse};
pub use planned::{PlannedReversal, Remaining, WrongLicense};
