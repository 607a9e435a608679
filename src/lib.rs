//! airlatch: licenses for machines without a network.

pub mod model;
