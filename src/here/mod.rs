//! This machine: the host home, what it remembers, and the whole check of what is installed in it.

pub mod daily;
mod home;
pub mod log;

pub use home::{Bytes, Home};
