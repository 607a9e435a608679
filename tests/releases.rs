//! What the desk makes of receipts and of hosts that ask for a reset of their clock, and what a product is shipped with.

#![cfg(feature = "desk")]
#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "conservation/scene.rs"]
mod scene;
#[path = "seats/desk.rs"]
mod seats_desk;

#[path = "releases/receipts.rs"]
mod receipts;
#[path = "releases/resets.rs"]
mod resets;
#[path = "releases/starters.rs"]
mod starters;
