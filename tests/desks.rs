//! Several desks at once on one ledger: every seat goes out once, and whoever has to wait is told for whom.
#![cfg(all(target_os = "linux", feature = "cli"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop and say that it was skipped, lays out its own files and times the program"
)]

#[path = "desks/crowd.rs"]
mod crowd;
#[path = "faults/desk.rs"]
mod desk;
#[path = "faults/scene.rs"]
mod scene;
#[path = "desks/stopped.rs"]
mod stopped;
