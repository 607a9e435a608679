//! Tests of the desk crate: catalog, charges, orders, the ledger in memory and in a file, and issued licenses.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop, lays out its own files, and says what it skipped"
)]

#[path = "../common"]
#[allow(dead_code, unused_imports)]
mod common {
    pub mod chance;
    pub mod child;
    pub mod grants;
    pub mod ledger_contract;
    pub mod place;
    pub mod rules_room;
    pub mod slow;
    pub mod store_room;
    pub mod vector;
    pub mod vector_run;
}

mod catalog;
mod charge;
mod conservation;
mod fleet;
mod independent;
mod issuing;
mod ledger;
mod lists;
mod properties;
mod quantities;
mod releases;
mod scene;
mod seats;
mod seats_desk;
mod sheet;
mod spreadsheets;
mod store;
mod tolerance;
mod vectors;
mod weakness;
