//! Decisions as pure functions: may this be issued, does it hold here and now.

mod charge;
mod compare;
mod issue;
mod judge;

pub use charge::{Charge, Offer, Situation, Source, Take, Wanted, charge, offers};
pub use compare::{compare, matching};
pub use issue::{Ask, Decision, bind, check_request, decide};
pub use judge::{Judgement, Question, judge};
