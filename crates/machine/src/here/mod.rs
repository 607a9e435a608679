//! This machine: the host home, the host's memory, and the whole check of the installed licenses.

mod check;
mod closed;
pub mod daily;
pub mod doctor;
mod elsewhere;
mod home;
mod install;
pub mod log;
mod memory;
mod move_request;
mod own_key;
mod release;
mod trusted;

pub use check::{CheckedFile, HostCheck, ThisHost, no_trusted_key, verify_here};
pub use elsewhere::none_installed;
pub use home::{Bytes, Home};
pub use install::InstallCandidate;
pub use memory::{Entropy, LoadedMemory};
