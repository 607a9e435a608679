//! This machine: the host home, what it remembers, and the whole check of what is installed in it.

mod check;
pub mod daily;
pub mod doctor;
mod home;
mod install;
pub mod log;
mod memory;
mod move_request;
mod own_key;
mod release;

pub use check::{CheckedFile, HostCheck, ThisHost, nobody_trusted, verify_here};
pub use home::{Bytes, Home};
pub use install::InstallCandidate;
pub use memory::{Entropy, LoadedMemory};
