//! The program in this process: its verbs on folders, hosts and a clock of their own.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop, lays out its own files, and says what it skipped"
)]

#[path = "../common"]
#[allow(dead_code, unused_imports)]
mod common {
    pub mod captured_room;
    pub mod chance;
    pub mod damage;
    pub mod encoding;
    pub mod golden;
    pub mod grants;
    pub mod licenses_room;
    pub mod place;
    pub mod rules_room;
    pub mod slow;
    pub mod trip;
    pub mod vector;
}

mod batch;
mod daily;
#[cfg(unix)]
mod doctor;
mod example_desk;
mod example_result;
mod example_units;
mod glossary;
mod hosts_at_desk;
mod manual;
mod pages;
mod periods;
mod price_list;
mod request_fields;
mod restoring;
mod rules;
mod samples;
mod says;
mod specification;
mod supersede;
mod terminal;
mod tolerance;
mod typed;
