//! What a unit may get from the codes that were named, what it costs, and until when it holds.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "charge/codes.rs"]
mod codes;
#[path = "charge/cost.rs"]
mod cost;
#[path = "charge/fits.rs"]
mod fits;
#[path = "charge/guess.rs"]
mod guess;
#[path = "charge/random.rs"]
mod random;
#[path = "charge/scene.rs"]
mod scene;
#[path = "charge/terms.rs"]
mod terms;
