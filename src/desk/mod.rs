//! The use cases at the desk: issue one license, or one for each line of a list.

mod batch;
mod issue;
mod name;

pub use batch::{Planned, plan};
pub use issue::{Issued, issue, same_but_for_dates, seal};
pub use name::NameTemplate;
