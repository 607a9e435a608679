//! Whatever fails or kills the program, what it leaves is absent, old or complete, and the next run heals the rest.

mod desk_work;
mod mark;
mod media;
mod reader;
mod signals;
mod sweep;
mod trace;
mod work;
