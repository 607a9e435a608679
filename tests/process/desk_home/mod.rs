//! Damage to a desk home from outside: each kind is refused with its own reason, and nothing is charged.

mod copies;
mod files;
mod log;
mod place;
