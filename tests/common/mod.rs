//! What several test programs share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::disallowed_methods)]

pub mod damage;
pub mod encoding;
pub mod samples;
pub mod trip;
