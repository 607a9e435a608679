//! airlatch: licenses for machines without a network.

pub mod model;
#[cfg(feature = "machine")]
pub mod platform;
