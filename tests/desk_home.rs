//! What can happen to a desk home behind the program's back: each is refused in its own words, and nothing is charged.
#![cfg(all(target_os = "linux", feature = "cli"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop and say that it was skipped, lays out its own files and times the program"
)]

#[path = "desk_home/copies.rs"]
mod copies;
#[path = "faults/desk.rs"]
mod desk;
#[path = "desk_home/files.rs"]
mod files;
#[path = "desk_home/place.rs"]
mod place;
#[path = "faults/scene.rs"]
mod scene;
