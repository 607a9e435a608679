//! What travels between host and vendor, byte by byte: the conformance vectors, documents, keys, and damage that is mended.
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
    pub mod chance;
    pub mod damage;
    pub mod encoding;
    pub mod further_damage;
    pub mod place;
    pub mod rules_room;
    pub mod samples;
    pub mod slow;
    pub mod vector;
    pub mod vector_run;
}

mod documents;
mod documents_room;
mod ed25519;
mod further;
mod keys;
mod mark_readers;
mod openssl;
mod readers;
mod refusals;
mod repair;
mod vectors;
mod vectors_make;
