//! airlatch: licenses for machines without a network.

#[cfg(feature = "cli")]
pub mod cli;
pub mod crypto;
#[cfg(feature = "desk")]
pub mod desk;
pub mod format;
pub mod host;
pub mod model;
#[cfg(feature = "machine")]
pub mod platform;
pub mod rules;
