//! This machine: the host home, what it remembers, and the whole check of what is installed in it.

mod check;
mod home;
mod install;
mod memory;

pub use check::{Answer, Checked, ThisHost, check, nobody_trusted};
pub use home::{Bytes, Home, OwnKey};
pub use install::Considered;
pub use memory::{Entropy, Recall};
