//! airlatch: licenses for machines without a network.

pub mod format;
pub mod model;
