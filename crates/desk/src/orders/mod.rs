//! What was ordered: orders, their codes and what is left on them, and the accounts they belong to.

mod account;
mod order;

pub use account::AccountName;
pub use order::{Amounts, Lines, Order, Pool};
