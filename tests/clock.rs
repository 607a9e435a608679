//! The clock and what is counted by it: the table C1 to C13, and the threats of a clock that is turned and state that is
//! deleted.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may stop, lays out its own files, and says what it skipped"
)]

#[path = "clock/life.rs"]
mod life;
#[path = "clock/table.rs"]
mod table;
#[path = "clock/threats.rs"]
mod threats;
#[path = "clock/zones.rs"]
mod zones;
