//! Decisions as pure functions: does a license hold here and now, and what is to be remembered.

mod clock;
mod combine;
mod compare;
mod drift;
mod judge;
mod match_outcome;
mod moment;
mod objections;
mod other_host;
mod question;
pub mod remember;
mod starter;

pub use clock::CLOCK_TOLERANCE;
pub use combine::{HeldFeature, combine};
pub use compare::{compare, matching};
pub use judge::{Judgement, judge, looks_at_machine};
pub use match_outcome::{MatchOutcome, enough};
pub use question::Question;
