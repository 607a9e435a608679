//! This machine: the host home, what it remembers, and the whole check of what is installed in it.

mod check;
pub mod daily;
pub mod doctor;
mod home;
mod install;
pub mod log;
mod memory;
mod moving;
mod own_key;
mod release;

pub use check::{Answer, Checked, ThisHost, nobody_trusted, verify_here};
pub use home::{Bytes, Home};
pub use install::Considered;
pub use memory::{Entropy, Recall};
