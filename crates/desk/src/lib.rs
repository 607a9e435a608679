//! The issuing side: catalog, orders, charges, the ledger and its file, and the use cases on them.
//!
//! [`desk`](mod@desk) has the use cases, each one transaction on a [`ledger`]; [`charge`](mod@charge) decides what may be
//! issued and uses no clock, disk or terminal; [`store`] keeps the ledger in a SQLite file.

pub mod catalog;
pub mod charge;
pub mod desk;
pub mod ledger;
pub mod lists;
pub mod office;
pub mod orders;
pub mod sheets;
pub mod store;
