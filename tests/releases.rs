//! What the desk makes of receipts and of hosts that ask for a reset of their clock, and what a product is shipped with.

#![cfg(feature = "desk")]
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    unreachable_pub,
    reason = "a test may stop, and lays out its own files"
)]

#[path = "conservation/scene.rs"]
mod scene;
#[path = "seats/desk.rs"]
mod seats_desk;

#[path = "releases/receipts.rs"]
mod receipts;
#[path = "releases/resets.rs"]
mod resets;
#[path = "releases/returned.rs"]
mod returned;
#[path = "releases/starters.rs"]
mod starters;
#[cfg(feature = "cli")]
#[path = "common/trip.rs"]
mod trip;
#[cfg(feature = "cli")]
#[path = "releases/typed.rs"]
mod typed;
