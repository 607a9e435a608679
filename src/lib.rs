//! The program: one binary for host and desk.
//!
//! What it does is in the crates behind it: `airlatch-core` for those who embed the verifier, `airlatch-machine` for the
//! whole check on a host, `airlatch-desk` for the issuing side.

pub mod cli;
mod view;
