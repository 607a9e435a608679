//! What differs between operating systems, behind one set of functions.

mod dir_handle;
mod medium;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod unix;

pub(crate) use dir_handle::{
    DirHandle, each_name, each_name_in_root, has_in_root, link_in_root, open_in_root,
};
pub(crate) use medium::{FileSystem, ProcessState, file_system, process_state};
#[cfg(not(unix))]
pub(crate) use other::*;
#[cfg(unix)]
pub(crate) use signals::{ignore_file_limit_signal, watch_signals};
#[cfg(unix)]
pub(crate) use terminal::{columns, restore_terminal, save_terminal};
#[cfg(unix)]
pub(crate) use unix::*;
