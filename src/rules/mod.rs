//! Decisions as pure functions: may this be issued, does it hold here and now.

mod compare;
mod issue;
mod judge;

pub use compare::{compare, matching};
pub use issue::{Ask, Decision, bind, check_request, decide};
pub use judge::{Judgement, Question, judge};
