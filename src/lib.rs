//! airlatch: licenses for machines without a network.

pub mod crypto;
pub mod format;
pub mod model;
#[cfg(feature = "machine")]
pub mod platform;
