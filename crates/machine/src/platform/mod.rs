//! The only touch of the machine: clock, entropy, files, homes, signals, standard output and the host probe.

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

/// A length of time, for those that may not name `std::time`.
pub use std::time::Duration;

pub(crate) use clock::PAUSE;
pub use clock::{now, pause};
pub use entropy::fill;
pub use files::{
    Access, Existing, Exposure, FileLock, Files, OpenFile, PathInfo, Stage, WriteResult, read_limited,
};
pub use homes::{Env, Folder, Homes};
pub use machine::Machine;
pub use output::{Streams, can_ask, stdout_is_lost, terminal_line};
pub use probe::{Probe, probe};
pub use signals::{TerminalGuard, prepare};
