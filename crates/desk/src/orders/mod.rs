//! Orders, the pools behind their authorization codes, and account names.

mod account;
mod number;
mod order;

pub use account::AccountName;
pub use number::{check_number, composed};
pub use order::{Amounts, Lines, Order, Pool};
