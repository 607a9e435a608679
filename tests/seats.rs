//! What somebody tries at the desk who wants a seat for nothing, and what an honest clerk must not lose one by.

#![cfg(feature = "desk")]
#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "conservation/scene.rs"]
mod scene;
#[path = "seats/desk.rs"]
mod seats_desk;

#[path = "seats/again.rs"]
mod again;
#[path = "seats/forgery.rs"]
mod forgery;
#[path = "seats/hardware.rs"]
mod hardware;
#[path = "seats/orders.rs"]
mod orders;
#[path = "seats/trials.rs"]
mod trials;
#[path = "seats/versions.rs"]
mod versions;
