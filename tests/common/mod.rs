//! What several tests share; no test uses all of it.
#![allow(dead_code)]

pub mod damage;
pub mod encoding;
pub mod samples;
