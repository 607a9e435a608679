//! Whatever fails or kills the program, what it leaves is absent, old or complete, and the next run heals the rest.
#![cfg(all(target_os = "linux", feature = "cli"))]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop and say that it was skipped, lays out its own files and times the program"
)]

#[path = "faults/desk.rs"]
mod desk;
#[path = "faults/desk_work.rs"]
mod desk_work;
#[path = "faults/mark.rs"]
mod mark;
#[path = "faults/media.rs"]
mod media;
#[path = "faults/reader.rs"]
mod reader;
#[path = "faults/scene.rs"]
mod scene;
#[path = "faults/signals.rs"]
mod signals;
#[path = "faults/sweep.rs"]
mod sweep;
#[path = "faults/trace.rs"]
mod trace;
#[path = "faults/work.rs"]
mod work;
