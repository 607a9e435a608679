//! A host with its home and its clock, through the library as a vendor embeds it.
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
    pub mod life;
    pub mod place;
    pub mod rules_room;
    pub mod slow;
}

mod clock;
mod copies;
mod front_door;
