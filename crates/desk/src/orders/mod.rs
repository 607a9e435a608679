//! Orders, the pools behind their authorization codes, and account names.

mod account;
mod order;

pub use account::AccountName;
pub use order::{Amounts, Lines, Order, Pool};
