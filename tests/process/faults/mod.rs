//! After any error or kill, each output is absent, old or complete, and the next run finishes the work.

mod desk_work;
mod mark;
mod media;
mod reader;
mod signals;
mod sweep;
pub(crate) mod trace;
mod work;
