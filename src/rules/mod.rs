//! Decisions as pure functions: may this be issued, does it hold here and now.

mod combine;
mod compare;
mod issue;
mod judge;
mod moment;

pub use combine::{Held, combine};
pub use compare::{compare, matching};
pub use issue::{Ask, Decision, decide};
pub use judge::{Judgement, Question, judge};
