//! The only access to the machine: clock, random bytes, files, homes, signals, standard output and the host probe.

mod boot_clock;
mod clock;
mod entropy;
mod fault;
mod files;
mod homes;
mod machine;
mod os;
mod output;
mod probe;
mod signals;

/// A length of time, for rooms that may not import `std::time`.
pub use std::time::Duration;

pub use boot_clock::boot_clock;
pub(crate) use clock::PAUSE;
pub use clock::{now, pause};
pub use entropy::fill_random;
pub use files::{
    Access, Existing, Exposure, FileLock, Files, OpenFile, PathInfo, Stage, WriteResult, read_limited,
};
pub use homes::{Env, Folder, Homes, user_name, variable};
pub use machine::Machine;
pub(crate) use os::user_id;
pub use output::{Streams, can_ask, stdout_is_lost, terminal_line};
pub use probe::{Probe, check_instance, probe, restricted};
pub use signals::{TerminalGuard, prepare};
