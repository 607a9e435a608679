//! Decisions as pure functions: does a license hold here and now, and what is to be remembered.

mod against;
mod clock;
mod combine;
mod compare;
mod drift;
mod enough;
mod judge;
mod moment;
mod other_host;
mod question;
pub mod remember;
mod starter;

pub use clock::CLOCK_TOLERANCE;
pub use combine::{Held, combine};
pub use compare::{compare, matching};
pub use enough::{Enough, enough};
pub use judge::{Judgement, judge, looks_at_machine};
pub use question::Question;
