//! `doctor` on hosts broken in every way: what it advises first, that it writes nothing, mends without loss, and lets no
//! secret into a bundle.

#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout, missing_docs)]

#[path = "doctor/bundle.rs"]
mod bundle;
mod common;
#[path = "doctor/homes.rs"]
mod homes;
mod licenses_room;
#[path = "doctor/repair.rs"]
mod repair;
mod rules_room;
#[path = "doctor/ward.rs"]
mod ward;
