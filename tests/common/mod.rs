//! What several tests share.

pub mod damage;
