//! When a license holds, what several say together, and what a host remembers: pure functions of the core.
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
    pub mod licenses_room;
    pub mod rules_room;
}

mod memory;
mod not_stored;
mod periods;
mod set_back;
mod supersede;
