//! Decisions as pure functions: is a license valid for this host at this time, and what has the host to remember.

mod clock;
mod combine;
mod compare;
mod days;
mod drift;
mod judge;
mod match_outcome;
mod memory_loss;
mod moment;
mod objections;
mod other_host;
mod question;
pub mod remember;
mod set_back;
mod starter;

pub use clock::{clock_rollback, is_behind, is_clock_set};
pub use combine::{HeldFeature, combine};
pub use compare::{compare, matching};
pub use judge::{Judgement, depends_on_machine, judge};
pub use match_outcome::{MatchOutcome, match_outcome};
pub use question::Question;
pub use set_back::{known_time, observe};
