//! The program: one binary for host and desk.
//!
//! Its parts are libraries: `airlatch-core` is the verifier to embed, `airlatch-machine` checks a whole host, `airlatch-desk` is the
//! issuing side.

pub mod cli;
mod view;
