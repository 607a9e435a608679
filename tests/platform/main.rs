//! The touch of the machine: files, locks, and the probe of captured hosts.
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
    pub mod captured_room;
    pub mod child;
    pub mod place;
    pub mod slow;
}

#[cfg(unix)]
mod batch;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod files;
#[cfg(target_os = "linux")]
mod guard;
#[cfg(unix)]
mod hosts;
#[cfg(target_os = "linux")]
mod network;
mod probe;
#[cfg(unix)]
mod room;
