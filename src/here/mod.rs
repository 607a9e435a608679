//! This machine: the host home, what it remembers, and the whole check of what is installed in it.

pub mod doctor;
mod home;

pub use home::{Bytes, Home};
