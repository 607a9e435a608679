//! airlatch: licenses for machines without a network.

pub mod crypto;
pub mod format;
pub mod host;
pub mod model;
#[cfg(feature = "machine")]
pub mod platform;
pub mod rules;
