//! The program as a process: streams, signals, faults at system calls, and many processes at once.
#![cfg(target_os = "linux")]
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
    pub mod ledger_contract;
    pub mod life;
    pub mod place;
    pub mod rules_room;
    pub mod slow;
    pub mod store_room;
}

mod another_user;
mod desk;
mod desk_home;
mod desks;
mod faults;
mod ledger_speed;
mod memory;
mod scene;
mod streams;
mod terminal;
mod verify_cost;
mod zones;
